// SPDX-License-Identifier: MIT
import t from 'tap';
import {type SelfcheckVerdict, type SentinelOutcome, type SentinelReport, verdictOf} from '../../sentinel/report.js';

function one(outcome: SentinelOutcome, more: Partial<SentinelReport> = {}): SentinelReport {
  return {
    ...{name: 'n', thread: 't', summary: 's', control: false, rows: [], seconds: 1, kernel: '6.12'},
    outcome,
    ...more,
  };
}

t.test('one word for all', (t) => {
  const rows: [SentinelReport[], SelfcheckVerdict][] = [
    [[one('detected'), one('good')], 'all-detected'],
    [[one('detected'), one('missed')], 'missed'],
    [[one('detected'), one('not-good')], 'missed'],
    [[one('detected'), one('missed', {unseen: 'x'})], 'all-detected'],
    [[one('missed', {unseen: 'x'})], 'all-detected'],
    [[one('detected'), one('does-not-apply'), one('left-out')], 'all-detected'],
    [[one('detected'), one('not-tried')], 'cannot-tell'],
    [[one('missed'), one('not-tried')], 'missed'],
    [[one('does-not-apply')], 'cannot-tell'],
    [[], 'cannot-tell'],
  ];
  for (const [sentinels, expected] of rows) {
    const name = sentinels.map(({outcome}) => outcome).join(', ');
    t.equal(verdictOf({complete: true, sentinels}), expected, name || 'none');
  }
  t.equal(verdictOf({complete: false, sentinels: [one('detected')]}), 'cannot-tell', 'an interrupted one');
  t.end();
});
