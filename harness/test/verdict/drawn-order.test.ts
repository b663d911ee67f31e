// SPDX-License-Identifier: MIT
/** Hosts that favour a guest for its place in the order, and two kernels that are the same. */
import t from 'tap';
import {firstRound, type Lane, repeatRound, type Unit} from '../../run/schedule.js';
import type {Attempt} from '../../suite/attempt.js';
import type {Suite} from '../../suite/suite.js';
import {createRandom, type Random} from '../../verdict/random.js';
import {roundsOf} from '../../verdict/rounds.js';
import {printed} from './fixture.js';
import {DESIGN, judge} from './runs.js';

t.setTimeout(300_000);
/** More of them for the figures of docs/statistics.md. */
const RUNS = Number(process.env.RUNS ?? 120);
const FIRST = 5;
const suite = {name: 's', tests: [{name: 't', racy: true}]} as unknown as Suite;
const lane: Lane = {profile: 'x86_64', suite};
const design = {...DESIGN, maxRepeats: DESIGN.maxRuns - FIRST};

interface Host {
  name: string;
  /** How often an attempt fails in the guest that is the nth to be started, whatever its kernel. */
  rate(place: number): number;
  /** Share of runs that are fooled when base always comes first: at least. */
  fooled: number;
}

const HOSTS: readonly Host[] = [
  {name: 'every attempt alike', rate: () => 0.3, fooled: 0},
  {name: 'the first guest of each pair is cold', rate: (place) => (place % 2 === 0 ? 0.9 : 0.1), fooled: 0.9},
  {name: 'a little colder', rate: (place) => (place % 2 === 0 ? 0.4 : 0.1), fooled: 0.15},
  {name: 'two and two', rate: (place) => (place % 4 < 2 ? 0.8 : 0.1), fooled: 0},
  {name: 'it gets worse and worse', rate: (place) => Math.min(0.6, place / 40), fooled: 0},
];

function runOn(rate: Host['rate'], order: Random, luck: Random): boolean {
  const attempts: Attempt[] = [];
  const add = ({side, number, repeat}: Unit): void => {
    const failed = luck() < rate(attempts.length);
    const output = failed ? 'TAP version 13|1..1|not ok 1 a' : 'TAP version 13|1..1|ok 1 a';
    attempts.push(printed(side, output, {number, ...(repeat === undefined ? {} : {repeat})}));
  };
  for (const unit of firstRound([lane], ['base', 'patched'], () => FIRST, order)) add(unit);
  const [{profile, suite: of, test} = {profile: '', suite: '', test: ''}] = attempts;
  const here = {...lane, profile, suite: {...suite, name: of}};
  for (const {repeat} of roundsOf(attempts, design)) {
    const undecided = [{profile, suite: of, test, attempts: FIRST + repeat - 1}];
    for (const unit of repeatRound([here], ['base', 'patched'], repeat, undecided, order)) add(unit);
  }
  const words = ['regressed', 'fixed', 'less-often', 'gone', 'new'];
  return judge(attempts, design).comparisons.some(({change}) => words.includes(change));
}

for (const {name, rate, fooled} of HOSTS) {
  t.test(name, async (t) => {
    const [order, luck] = [createRandom(1), createRandom(2)];
    const claims = Array.from({length: RUNS}, () => runOn(rate, order, luck)).filter((claimed) => claimed).length;
    t.comment(`${claims} of ${RUNS} runs claim something`);
    // Two or three times alpha would not be seen with so few runs; sides in turn make it all of them, or nearly all.
    t.ok(claims <= RUNS * 0.15, `${claims} of ${RUNS}`);
    const [turns, again] = [() => 0.999999, createRandom(2)];
    const inTurn = Array.from({length: RUNS}, () => runOn(rate, turns, again)).filter((claimed) => claimed).length;
    t.comment(`with sides in turn: ${inTurn}`);
    t.ok(inTurn >= RUNS * fooled, `sides in turn: ${inTurn} of ${RUNS}`);
  });
}
