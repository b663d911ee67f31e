// SPDX-License-Identifier: MIT
import t from 'tap';
import {compareWithRunner, readRunner} from '../../../reports/runner-counts.js';
import type {Comparison, Tally} from '../../verdict/results.js';

/** As runner.sh prints it: a line of the test's own gets `# ` in front. */
const OUTPUT = `TAP version 13
1..5
# timeout set to 25
# selftests: timers: posix_timers
# TAP version 13
# 1..2
# # Testing
# Diff too high: 29..ok 1 ITIMER_REAL
# no newline..not ok 2 check_rearm
ok 1 selftests: timers: posix_timers
# selftests: timers: raw_skew
#
not ok 2 selftests: timers: raw_skew # TIMEOUT 25 seconds
# selftests: timers: rtcpie
# Default RTC /dev/rtc0 does not exist. Test Skipped!
ok 3 selftests: timers: rtcpie # SKIP
# selftests: timers: mqueue-lat
not ok 4 selftests: timers: mqueue-lat # exit=1
# selftests: timers: nested
# # ok 1 inner # SKIP no such thing
# ok 1 outer
# not ok 2 known # XFAIL
ok 5 selftests: timers: nested
TAP version 13
1..1
# it is ok 3 times, and a book 4 too
# no newline at the endok 1 selftests: size: get_size
ok - not a result of anybody
`;

t.test('what the runner printed, test by test', async (t) => {
  const read = readRunner(OUTPUT);
  t.same([...read.keys()], ['timers', 'size']);
  t.match(read.get('size')?.get('get_size'), {status: 'pass', nested: {pass: 0}});
  const timers = read.get('timers') ?? new Map();
  t.match(timers.get('posix_timers'), {status: 'pass', why: '', nested: {pass: 1, fail: 1, skip: 0}});
  t.match(timers.get('raw_skew'), {status: 'timeout', why: 'TIMEOUT 25 seconds', nested: {pass: 0}});
  t.match(timers.get('rtcpie'), {status: 'skip'});
  t.match(timers.get('mqueue-lat'), {status: 'fail', why: 'exit=1'});
  t.match(timers.get('nested'), {status: 'pass', nested: {pass: 2, fail: 0, skip: 1}});
});

function row(test: string, kind: keyof Tally, suite = 'kselftest/timers'): Comparison {
  const zero = {pass: 0, fail: 0, skip: 0, timeout: 0, crash: 0, missing: 0};
  const patched = {...zero, [kind]: 1};
  return {profile: 'x86_64', suite, test, change: 'new', base: zero, patched, pValue: null};
}

const SAME = [
  row('raw_skew', 'timeout'),
  row('rtcpie', 'skip'),
  row('mqueue-lat', 'fail'),
  row('nested/outer', 'pass'),
  row('nested/outer/inner', 'skip'),
  row('nested/known', 'pass'),
];

t.test('sums side by side, and each difference with its reason', async (t) => {
  const comparisons = [
    ...SAME,
    row('posix_timers/ITIMER_REAL', 'pass'),
    row('posix_timers/check_rearm', 'fail'),
    row('helper', 'skip'),
    row('other', 'pass', 'kselftest/mm'),
  ];
  const lines = compareWithRunner({comparisons}, OUTPUT).split('\n');
  t.ok(lines.includes('| kselftest/timers | x86_64 | run_kselftest.sh | 2/1/1/1 | 3/1/1/0 |  |'), lines.join('\n'));
  t.ok(lines.includes('| kselftest/timers | x86_64 | kverdict | 1/2/1/1 | 3/1/1/0 | 1 more rows |'));
  const differences = lines.filter((line) => line.startsWith('| kselftest/timers:'));
  t.same(differences, [
    '| kselftest/timers:posix_timers | x86_64 | pass (1/1/0/0) | fail (1/1/0/0) | a result in it failed, and the program exited 0 |',
  ]);
  t.notOk(
    lines.some((line) => line.includes('kselftest/mm')),
    'the runner was not asked about it',
  );
});

t.test('a result that one of them lost is seen', async (t) => {
  const lost = compareWithRunner({comparisons: [...SAME, row('posix_timers/ITIMER_REAL', 'pass')]}, OUTPUT);
  t.match(lost, /timers:posix_timers \| x86_64 \| pass \(1\/1\/0\/0\) \| pass \(1\/0\/0\/0\) \| other results/);
  t.match(compareWithRunner({comparisons: SAME}, OUTPUT), /timers:posix_timers .* absent \| not run by kverdict/);
});
