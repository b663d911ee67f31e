// SPDX-License-Identifier: MIT
/** A short run with fixed seeds; `node dist/harness/test/fuzz/console-million.js` is the long one. */
import t from 'tap';
import {checkReport, fuzzConsoles} from './console.js';
import {HEADS} from './console-grammar.js';

const one = {comm: 'zq7', pid: 70_412, cpu: 1, line: 77, offset: 28, device: 12, address: 'ffff888102a3c0f0'};
const other = {...one, comm: 'zq8', pid: 71_999, cpu: 3, line: 78, offset: 29, device: 13, address: 'ffff888102a3c1f0'};

t.test('each kind of report by itself', async (t) => {
  for (const head of HEADS.keys()) {
    for (const stamped of [true, false]) {
      const report = {head, callers: 2, put: [], stamped};
      t.doesNotThrow(() => checkReport(report, one, other), `${HEADS[head]?.lines(one).at(-1)}, stamped: ${stamped}`);
    }
  }
});

t.test('2000 composed reports and 2000 mutated consoles', async (t) => {
  for (let seed = 1; seed <= 2; seed++) t.equal(fuzzConsoles(seed, 1000), undefined, `seed ${seed}`);
});
