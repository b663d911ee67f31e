// SPDX-License-Identifier: MIT
/** A short run with a fixed seed; `npm run fuzz:readers` is the long one. */
import t from 'tap';
import {readConfig} from './readers/config-file.js';
import {Dice, type Fuzzer} from './readers/dice.js';
import {FUZZERS, fuzzReader} from './readers/run.js';

const CASES = 3000;

for (const fuzzer of FUZZERS) {
  t.test(`${CASES} cases of ${fuzzer.name}`, async (t) => {
    const {failure, cases} = await fuzzReader(fuzzer, 1, CASES);
    t.equal(failure, undefined);
    t.equal(cases, CASES);
  });
}

t.test('what does not hold ends it, and is named by its numbers', async (t) => {
  const broken: Fuzzer = {
    name: 'broken',
    share: 1,
    begin: () => ({
      one: (dice) => {
        if (dice.below(100) === 7) throw new Error('seven');
      },
      end: () => {},
    }),
  };
  const {failure = '', cases} = await fuzzReader(broken, 1, 10_000);
  t.match(failure, /^broken, seed 1, case \d+: Error: seven/);
  t.equal(new Dice(1, cases - 1).below(100), 7, 'and made again');
});

t.test('every case is another, and the same again', async (t) => {
  const draw = (seed: number, number: number): string => {
    const dice = new Dice(seed, number);
    return Array.from({length: 8}, () => dice.below(1000)).join();
  };
  t.equal(new Set(Array.from({length: 1000}, (_, at) => draw(1, at))).size, 1000);
  t.not(draw(1, 5), draw(2, 5));
  t.equal(draw(3, 5), draw(3, 5));
});

t.test("the second reader of git's configuration knows an intruder", async (t) => {
  t.same(readConfig('[remote "x"]\n\tfetch = "a\\n\\"b" ; c\n[core]\n\tfsmonitor = evil\n'), [
    {section: 'remote', subsection: 'x', key: 'fetch', value: 'a\n"b'},
    {section: 'core', subsection: '', key: 'fsmonitor', value: 'evil'},
  ]);
});
