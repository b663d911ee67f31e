// SPDX-License-Identifier: MIT
import t from 'tap';
import {createReader} from '../../ktap/reader.js';
import {explainSkips} from '../../ktap/skip-reason.js';

/** As run_vmtests.sh of the tree prints skips: the word, and nothing behind it. */
const OUTPUT = `TAP version 13
# ------------------------------
# running bash ./test_vmalloc.sh smoke
# ------------------------------
# ./test_vmalloc.sh: You must have the following enabled in your kernel:
# CONFIG_TEST_VMALLOC=m
# [SKIP]
ok 1 test_vmalloc.sh smoke # SKIP
# running ./keys
# TAP version 13
# 1..0 # SKIP no keys here
# [SKIP]
ok 2 keys # SKIP
# running ./rooms
# TAP version 13
# 1..2
# # no room
# ok 1 # SKIP first
# ok 2 # SKIP second
# # Totals: pass:0 fail:0 xfail:0 xpass:0 skip:2 error:0
# [SKIP]
ok 3 rooms # SKIP
# running ./quiet
# [SKIP]
ok 4 quiet # SKIP
# a word
ok 5 passes
1..5
`;

t.test('what was said last before a skip is its reason, and nothing is invented', async (t) => {
  const reader = createReader('ktap');
  for (const line of OUTPUT.trimEnd().split('\n')) reader.line(line);
  const report = explainSkips(reader.end({code: 0}));
  t.same(
    report.results.map(({path, status, reason}) => [path.join('/'), status, reason]),
    [
      ['test_vmalloc.sh smoke', 'skip', 'CONFIG_TEST_VMALLOC=m'],
      ['keys', 'skip', 'no keys here'],
      ['rooms', 'skip', 'no room'],
      ['rooms/first', 'skip', 'no room'],
      ['rooms/second', 'skip', undefined],
      ['quiet', 'skip', undefined],
      ['passes', 'pass', undefined],
    ],
  );
});

t.test('what has a reason keeps it, and a report without skips is handed on as it is', async (t) => {
  const report = {results: [{path: ['a'], status: 'pass', diagnostics: ['x']} as const], problems: []};
  t.equal(explainSkips(report), report);
  const skipped = {results: [{path: ['a'], status: 'skip', reason: 'own', diagnostics: ['x']} as const], problems: []};
  t.equal(explainSkips(skipped), skipped);
});
