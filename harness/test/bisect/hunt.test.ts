// SPDX-License-Identifier: MIT
import t from 'tap';
import {Bisection, type Finding} from '../../bisect/bisection.js';
import {draftLines} from '../../bisect/drafts.js';
import {GOOD_END} from '../../bisect/history.js';
import {type Failure, huntedFailure, judgeSeen, type Seen} from '../../bisect/hunt.js';
import {LinearHistory} from '../../bisect/linear-history.js';

const fail = (key: string, how: Failure['how'] = 'fail', splat?: string): Failure => ({
  key,
  how,
  ...(splat === undefined ? {} : {splat}),
});
const seen = (failures: Failure[], ...passed: string[]): Seen => ({failures, passed});

t.test('what the bad end shows more often than the good one is hunted', (t) => {
  const bad = [
    seen([fail('a/x'), fail('a/flaky')]),
    seen([fail('a/x')], 'a/flaky'),
    seen([fail('a', 'crash', 'oops')]),
  ];
  t.same(huntedFailure(bad, [seen([fail('a/flaky')], 'a/x')]), fail('a/x'));
  t.equal(huntedFailure([seen([], 'a')], []), undefined);
  t.end();
});

t.test('another failure is neither good nor bad', (t) => {
  const hunted = fail('a/x');
  const rows: [Seen, string, RegExp?][] = [
    [seen([fail('a/x')]), 'bad'],
    [seen([fail('a/y')], 'a/x'), 'good'],
    [seen([fail('a/x', 'timeout')]), 'mute', /another failure: a\/x: timeout/],
    [seen([fail('a', 'crash', 'Kernel panic: x')]), 'mute', /a: crash \(Kernel panic: x\)/],
    [seen([], 'a'), 'mute', /no result for a\/x/],
    [{...seen([]), nothing: 'the guest did not boot'}, 'mute', /did not boot/],
  ];
  for (const [one, says, why] of rows) {
    const judged = judgeSeen(one, hunted);
    t.equal(judged.says, says);
    if (why !== undefined) t.match(judged.why, why);
  }
  const crash = fail('a', 'crash', 'KASAN: use-after-free in f');
  t.equal(judgeSeen(seen([fail('a', 'crash', 'KASAN: use-after-free in f')]), crash).says, 'bad');
  t.equal(judgeSeen(seen([fail('a', 'crash', 'BUG: sleeping function in g')]), crash).says, 'mute', 'another splat');
  t.end();
});

t.test('when the ends show that something else is hunted, all is judged again', (t) => {
  const options = {confidence: 0.99, racy: true, costs: {build: 1, visit: 1, attempt: 1}, endLimit: 50, limit: 500};
  const bisection = new Bisection(new LinearHistory(4), options);
  const attempt = (at: number, one: Seen): Finding => ({type: 'attempt', at, seen: one, seconds: 1});
  bisection.add(attempt(3, seen([fail('b')], 'a')));
  t.same(bisection.hunted, fail('b'));
  t.match(bisection.search.tallies.get(3), {bad: 1});
  bisection.add(attempt(3, seen([fail('a')], 'b')));
  bisection.add(attempt(3, seen([fail('a')], 'b')));
  t.same(bisection.hunted, fail('a'));
  t.match(bisection.search.tallies.get(3), {bad: 2, good: 1});
  bisection.add(attempt(GOOD_END, seen([], 'a', 'b')));
  bisection.add(attempt(1, seen([fail('b')], 'a')));
  t.match(bisection.search.tallies.get(1), {bad: 0, good: 1});
  t.end();
});

t.test('drafts: what is known is filled in, what is not has a place', (t) => {
  const culprit = {commit: '0123456789abcdef'.repeat(2), subject: 'mm: be quick', author: '', date: '', files: []};
  t.same(draftLines(culprit, {}), [
    'Fixes: 0123456789ab ("mm: be quick")',
    'Reported-by: <your name and mail>',
    'Closes: <link to your report>',
    '#regzbot introduced: 0123456789ab',
  ]);
  t.same(draftLines({...culprit, patch: 2}, {who: 'A <a@b.example>', link: 'https://x'}), [
    'Reported-by: A <a@b.example>',
    'Closes: https://x',
  ]);
  t.end();
});
