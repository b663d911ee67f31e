// SPDX-License-Identifier: MIT
import fc from 'fast-check';
import t from 'tap';
import {compareAttempts} from '../../verdict/compare.js';
import {pWords} from '../../verdict/p-words.js';
import {attempt} from './fixture.js';

const design = {alpha: 0.05, power: 0.9, maxRuns: 20, maxRepeats: 15};

/** A racy test with five first attempts a side, then repeats: `p` and `f` by side. */
function run(name: string, base: string, patched: string) {
  return (['base', 'patched'] as const).flatMap((side) =>
    [...(side === 'base' ? base : patched)].map((letter, at) =>
      attempt(
        side,
        {a: letter === 'p' ? 'pass' : 'fail'},
        {test: name, number: at + 1, ...(at < 5 ? {} : {repeat: at - 4})},
      ),
    ),
  );
}

t.test('p and the adjusted one are of one look, whatever came after it', async (t) => {
  const [row] = compareAttempts(run('t', 'ppppppppp', 'fffffffff'), {design});
  t.equal(row?.change, 'regressed');
  t.same(row?.decidedAfter, {base: 5, patched: 5});
  t.equal(row && pWords(row), 'p=0.0079, adjusted 0.040 after 5 and 5 attempts');
  const [undecided] = compareAttempts(run('t', 'pppppppppppp', 'ppppfppppppp'), {design});
  t.equal(undecided?.decidedAfter, undefined);
  t.equal(undecided && pWords(undecided), 'p=1', 'of all twelve, where nothing was claimed');
});

t.test('what looked clear at first and did not stay so is told as it is at the end', async (t) => {
  const [row] = compareAttempts(run('t', 'pppppfffffff', 'ffffpppppppp'), {design});
  t.equal(row && pWords(row), 'p=0.55, adjusted 1', '7 of 12 and 4 of 12, and not what the first five gave');
  t.ok(row !== undefined && row.adjusted >= (row.pValue ?? 1));
});

t.test('adjusted is never below p, and at most alpha exactly where something is claimed', async () => {
  const rate = fc.constantFrom(0, 0.1, 0.3, 0.6, 1);
  const subtest = fc.record({
    base: rate,
    patched: rate,
    seed: fc.array(fc.double({min: 0, max: 1, noNaN: true}), {minLength: 24, maxLength: 24}),
  });
  const letters = (often: number, seed: readonly number[]): string =>
    seed.map((one) => (one < often ? 'f' : 'p')).join('');
  fc.assert(
    fc.property(fc.array(subtest, {minLength: 1, maxLength: 4}), (subtests) => {
      const attempts = subtests.flatMap(({base, patched, seed}, at) =>
        run(`t${at}`, letters(base, seed.slice(0, 12)), letters(patched, seed.slice(12))),
      );
      for (const {pValue, adjusted, change} of compareAttempts(attempts, {design, promises: false})) {
        if (pValue === null) continue;
        if (adjusted < pValue) throw new Error(`p=${pValue}, adjusted ${adjusted}: ${change}`);
        const claimed = ['regressed', 'fixed', 'less-often'].includes(change);
        if (adjusted <= design.alpha !== claimed) throw new Error(`adjusted ${adjusted}: ${change}`);
      }
    }),
    {numRuns: 300},
  );
});
