// SPDX-License-Identifier: MIT
import t from 'tap';
import {countResults} from '../../../scripts/count-results.js';

t.test('results on the outermost level are counted, a skip as a skip', async (t) => {
  const output =
    'TAP version 14\nok 1 - a # time=1ms\n    not ok 1 - inside\nok 2 - b # SKIP no browser\nnot ok 3 - c\n';
  t.same(countResults(false, 1, output), {passed: 1, failed: 1, skipped: 1});
  t.same(countResults(false, 0, 'ok 1 - a # SKIP\n'), {passed: 0, failed: 0, skipped: 1});
});

t.test('whoever says nothing, or exits otherwise than by 0, has failed', async (t) => {
  t.same(countResults(false, 0, ''), {passed: 0, failed: 1, skipped: 0});
  t.same(countResults(false, 1, 'ok 1 - a\n'), {passed: 1, failed: 1, skipped: 0});
  t.same(countResults(false, null, 'ok 1 - a\n'), {passed: 1, failed: 1, skipped: 0}, 'ended by a signal');
});

t.test('a gate is its exit code', async (t) => {
  t.same(countResults(true, 0, ''), {passed: 1, failed: 0, skipped: 0});
  t.same(countResults(true, 1, 'ok 1'), {passed: 0, failed: 1, skipped: 0});
});
