// SPDX-License-Identifier: MIT
import t from 'tap';
import {renderNight, wordFor} from '../../../reports/night.js';
import type {NightBranch, NightReport, NightRun} from '../../history/night.js';

const run: NightRun = {
  ...{commit: 'b'.repeat(40), subject: 'mm: after', author: 'A <a@b.example>', date: '2026-01-02T00:00:00Z'},
  ...{base: 'a'.repeat(40), verdict: 'bad', because: 'it regressed', folder: '/runs/2', changes: [], bisects: []},
};
const branch = (more: Partial<NightBranch>): NightBranch => ({
  ...{tree: '/srv/linux', branch: 'master', state: 'judged', tip: 'b'.repeat(40), detail: null, runs: []},
  ...more,
});
const night = (...branches: NightBranch[]): NightReport => ({
  ...{schema: 'kverdict/night/1', nightly: 'mm', config: '/etc/mm.yaml', started: '2026-01-02T01:17:00.000Z'},
  ...{ended: '2026-01-02T03:00:00.000Z', exit: 0, branches},
});

t.test('the worst of its branches is the word for it', (t) => {
  const good = branch({runs: [{...run, verdict: 'good'}]});
  const part = branch({runs: [{...run, verdict: 'good-in-part'}]});
  const unsure = branch({runs: [{...run, verdict: 'inconclusive'}]});
  const failed = branch({state: 'failed', detail: 'no network'});
  const bad = branch({runs: [run]});
  t.equal(wordFor(night()), 'GOOD');
  t.equal(wordFor(night(good, branch({state: 'unchanged'}))), 'GOOD');
  t.equal(wordFor(night(good, part)), 'GOOD IN PART');
  t.equal(wordFor(night(part, unsure)), 'INCONCLUSIVE');
  t.equal(wordFor(night(unsure, failed)), 'FAILED');
  t.equal(wordFor(night(failed, bad, good)), 'BAD');
  t.equal(wordFor(night(branch({state: 'failed', runs: [run]}))), 'BAD', 'its bisect could not be done');
  t.end();
});

t.test('what changed, who did it, what is left to do', (t) => {
  const name = {profile: 'x86_64', suite: 'toy', test: 'a/b'};
  const known = {because: 'cccc did it', culprit: 'c'.repeat(40), subject: 'mm: oops', author: 'C <c@d.example>'};
  const bisect = {...name, ...known, confidence: 0.995, folder: '/runs/2/bisects/1'};
  const none = {because: null, culprit: null, subject: null, author: null, confidence: null};
  const text = renderNight(
    night(
      branch({
        runs: [
          {
            ...run,
            changes: Array.from({length: 22}, (_, at) => ({...name, test: `t${at}`, change: 'regressed' as const})),
            bisects: [
              {...bisect, state: 'found'},
              {...bisect, ...none, state: 'pending'},
              {...bisect, ...none, state: 'left'},
              {...bisect, ...none, because: 'it is gone', state: 'failed'},
            ],
          },
        ],
      }),
      branch({branch: 'old', state: 'unchanged'}),
      branch({branch: 'torn', state: 'failed', detail: 'no\u001b[31m network\nat all'}),
    ),
  );
  const lines = text.split('\n');
  t.equal(lines[0], 'night: BAD: mm, 2026-01-02T01:17:00.000Z to 2026-01-02T03:00:00.000Z');
  for (const line of [
    '  bbbbbbbbbbbb ("mm: after", A <a@b.example>), against aaaaaaaaaaaa',
    '    regressed      x86_64 toy:t0',
    '    and 2 more',
    '    bisect of toy:a/b on x86_64: found',
    '      cccccccccccc ("mm: oops", C <c@d.example>)',
    '    bisect of toy:a/b on x86_64: goes on with the next night',
    '    bisect of toy:a/b on x86_64: left out: the night had too many',
    '      it is gone',
    '  report: /runs/2/report.html',
    '  bbbbbbbbbbbb is judged already',
  ]) {
    t.ok(lines.includes(line), line);
  }
  t.notMatch(text, '\u001b', 'nothing of it reaches a terminal');
  t.match(text, /failed: no network.*at all/);
  t.end();
});
