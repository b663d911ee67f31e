// SPDX-License-Identifier: MIT
/** Runs of one kernel against itself, whose output has something that is not the same in every attempt. */
import t from 'tap';
import {DEFAULT_ALPHA} from '../../verdict/design.js';
import {createRandom, DEFAULT_SEED} from '../../verdict/random.js';
import {FAILED, ok, type Run, run} from './runs.js';

t.setTimeout(600_000);
const RUNS = 200;

interface World {
  name: string;
  /** What one attempt prints, whichever its side. */
  draw(random: () => number): Run;
  /** Runs that may be bad. */
  bad?: number;
  /** Every run is good, and nothing is repeated but what a single first attempt leaves open. */
  quiet?: true;
}

const nowAndThen = (chance: number): World => ({
  name: `a result in ${chance} of the attempts`,
  draw: (random) => (random() < chance ? ok('a', 'b', 'second look') : ok('a', 'b')),
});
const child = (random: () => number, from: number, many: number): string =>
  `child ${from + Math.floor(random() * many)}`;

const WORLDS: readonly World[] = [
  ...[0.03, 0.1, 0.25, 0.9].map(nowAndThen),
  {name: 'a PID', draw: (random) => ok('a', child(random, 300, 1_000_000)), quiet: true},
  {name: 'three PIDs', draw: (random) => ok('a', ...[2, 4, 6].map((k) => child(random, k * 1e6, 1e6))), quiet: true},
  {name: 'a PID of few, and it says so', draw: (random) => ok('a', child(random, 300, 5).replace('child', 'pid'))},
  // Three names that come and go are three results, and each may be claimed as alpha says.
  {name: 'a PID of few', draw: (random) => ok('a', child(random, 87, 3)), bad: DEFAULT_ALPHA * RUNS},
  {
    name: 'a plan that is cut',
    draw: (random) => (random() < 0.1 ? ['TAP version 13|1..3|ok 1 a', FAILED] : ok('a', 'b', 'c')),
  },
];

for (const {name, draw, bad = 0, quiet} of WORLDS) {
  for (const first of [1, 5]) {
    t.test(`${name}, ${first} first attempts`, async (t) => {
      const random = createRandom(DEFAULT_SEED);
      const one = (): Run => draw(random);
      const seen = Array.from({length: RUNS}, () => run(one, one, first));
      const times = seen.filter(({verdict}) => verdict === 'bad').length;
      t.ok(times <= bad, `bad in ${times} of ${RUNS} runs`);
      if (!quiet) return;
      t.same([...new Set(seen.map(({verdict, runs}) => `${verdict} ${runs}`))], ['good 5']);
    });
  }
}
