// SPDX-License-Identifier: MIT
import t from 'tap';
import {firstAttempts, firstRound, repeatRound} from '../../run/schedule.js';
import type {Suite} from '../../suite/suite.js';
import {createRandom} from '../../verdict/random.js';

const suite = (name: string, racy: boolean): Suite =>
  ({name, tests: [{name: 'steady', racy: false}, ...(racy ? [{name: 'race', racy: true}] : [])]}) as unknown as Suite;
const racy = suite('clear_refs', true);
const steady = suite('uffd', false);
const lanes = [
  {profile: 'x86_64', suite: racy},
  {profile: 'arm64', suite: steady},
];

/** Never swaps: the order of a test that is not about the order. */
const asGiven = (): number => 0.999999;

t.test('the lanes take turns, and each runs both sides equally often', (t) => {
  const units = firstRound(lanes, ['base', 'patched'], ({racy: yes}) => (yes ? 2 : 1), asGiven);
  t.same(
    units.map((unit) => `${unit.profile} ${unit.side} ${unit.number}`),
    ['x86_64 base 1', 'x86_64 patched 1', 'arm64 base 1', 'arm64 patched 1', 'x86_64 base 2', 'x86_64 patched 2'],
  );
  t.end();
});

t.test('any order of the sides is as likely as any other, in the first round and in a repeat', (t) => {
  const random = createRandom(1);
  const [lane] = lanes;
  const word = (units: {side: string; number: number}[]): string => {
    for (const side of ['base', 'patched']) {
      const numbers = units.filter((unit) => unit.side === side).map(({number}) => number);
      t.same(numbers, [...numbers].sort(), 'attempts of a side are numbered as they come');
    }
    return units.map(({side}) => side[0]).join('');
  };
  const first = new Map<string, number>();
  const repeats = new Map<string, number>();
  const undecided = [{profile: 'x86_64', suite: 'clear_refs', test: 'race', attempts: 2}];
  const count = (all: Map<string, number>, order: string): void => void all.set(order, (all.get(order) ?? 0) + 1);
  for (let run = 0; run < 1200 && lane !== undefined; run++) {
    count(first, word(firstRound([lane], ['base', 'patched'], ({racy: yes}) => (yes ? 2 : 1), random)));
    count(repeats, word(repeatRound([lane], ['base', 'patched'], 1, undecided, random)));
  }
  t.same([...first.keys()].sort(), ['bbpp', 'bpbp', 'bppb', 'pbbp', 'pbpb', 'ppbb']);
  t.same([...repeats.keys()].sort(), ['bp', 'pb']);
  // 200 and 600 are expected; five standard deviations are 65 and 87.
  for (const [order, times] of first) t.ok(Math.abs(times - 200) < 65, `${order}: ${times}`);
  for (const [order, times] of repeats) t.ok(Math.abs(times - 600) < 87, `${order}: ${times}`);
  t.end();
});

t.test('the first attempt runs everything, later ones the racy tests alone', (t) => {
  const units = firstRound(lanes, ['base'], ({racy: yes}) => (yes ? 3 : 1), asGiven).filter(
    (unit) => unit.suite === racy,
  );
  t.equal(units[0]?.only, undefined);
  t.equal(units[1]?.only?.({name: 'steady', first: 1}), false);
  t.equal(units[1]?.only?.({name: 'race', first: 3}), true);
  t.end();
});

t.test('a repetition runs the undecided tests, on both sides', (t) => {
  const undecided = [{profile: 'arm64', suite: 'uffd', test: 'steady', attempts: 1}];
  const units = repeatRound(lanes, ['base', 'patched'], 2, undecided, asGiven);
  t.same(
    units.map((unit) => `${unit.profile} ${unit.side} ${unit.number} ${unit.repeat}`),
    ['arm64 base 2 2', 'arm64 patched 2 2'],
  );
  t.equal(units[0]?.only?.({name: 'steady', first: 1}), true);
  t.equal(units[0]?.only?.({name: 'other', first: 1}), false);
  t.end();
});

t.test('tests that have equally many attempts share a guest, the others do not', (t) => {
  const undecided = [
    {profile: 'x86_64', suite: 'clear_refs', test: 'race', attempts: 5},
    {profile: 'x86_64', suite: 'clear_refs', test: 'steady', attempts: 1},
  ];
  const units = repeatRound(lanes, ['base'], 1, undecided, asGiven);
  t.same(
    units.map(({number, repeat}) => `${number} ${repeat}`),
    ['6 1', '2 1'],
  );
  t.equal(units[0]?.only?.({name: 'steady', first: 1}), false);
  t.end();
});

t.test('a racy test runs as often as a bug of its rate needs', (t) => {
  t.equal(firstAttempts({racy: false}, 7, 0.9), 1, 'others once');
  t.equal(firstAttempts({racy: true}, undefined, 0.9), 5, '1 - 0.5^5 is 0.969, above 0.95');
  t.equal(firstAttempts({racy: true, rate: 0.2}, undefined, 0.9), 14, '1 - 0.8^14 is 0.956');
  t.equal(firstAttempts({racy: true, rate: 1}, undefined, 0.9), 1);
  t.equal(firstAttempts({racy: true, rate: 0.2}, 3, 0.9), 3, '--runs says otherwise');
  t.end();
});

t.test("base's own selftests run once, on base, before the others of their suite", (t) => {
  const own = suite('uffd', false);
  const twice = ({racy: yes}: {racy: boolean}): number => (yes ? 2 : 1);
  const units = firstRound([{profile: 'arm64', suite: racy, own}], ['base', 'patched'], twice, asGiven);
  t.same(
    units.map((unit) => `${unit.side} ${unit.number}${unit.own ? ' own' : ''}`),
    ['base 1 own', 'base 1', 'patched 1', 'base 2', 'patched 2'],
  );
  t.equal(units[0]?.suite, own);
  const left = {...racy, tests: []};
  t.equal(
    firstRound([{profile: 'arm64', suite: left, own}], ['base', 'patched'], () => 2, asGiven).length,
    1,
    'nothing else is left',
  );
  t.end();
});
