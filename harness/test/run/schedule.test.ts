// SPDX-License-Identifier: MIT
import t from 'tap';
import {firstRound, repeatRound} from '../../run/schedule.js';
import type {Suite} from '../../suite/suite.js';

const suite = (name: string, racy: boolean): Suite =>
  ({name, tests: [{name: 'steady', racy: false}, ...(racy ? [{name: 'race', racy: true}] : [])]}) as unknown as Suite;
const racy = suite('clear_refs', true);
const steady = suite('uffd', false);
const lanes = [
  {profile: 'x86_64', suite: racy},
  {profile: 'arm64', suite: steady},
];

t.test('sides take turns within each attempt', (t) => {
  const order = firstRound(lanes, ['base', 'patched'], 2).map((unit) => `${unit.profile} ${unit.side} ${unit.number}`);
  t.same(order, [
    'x86_64 base 1',
    'x86_64 patched 1',
    'arm64 base 1',
    'arm64 patched 1',
    'x86_64 base 2',
    'x86_64 patched 2',
  ]);
  t.end();
});

t.test('the first attempt runs everything, later ones the racy tests alone', (t) => {
  const units = firstRound(lanes, ['base'], 3).filter((unit) => unit.suite === racy);
  t.equal(units[0]?.only, undefined);
  t.equal(units[1]?.only?.({name: 'steady', racy: false}), false);
  t.equal(units[1]?.only?.({name: 'race', racy: true}), true);
  t.end();
});

t.test('a repetition runs the undecided tests, on both sides', (t) => {
  const units = repeatRound(lanes, ['base', 'patched'], 2, [{profile: 'arm64', suite: 'uffd', test: 'steady'}]);
  t.same(
    units.map((unit) => `${unit.profile} ${unit.side}`),
    ['arm64 base', 'arm64 patched'],
  );
  t.equal(units[0]?.only?.({name: 'steady', racy: false}), true);
  t.equal(units[0]?.only?.({name: 'other', racy: false}), false);
  t.end();
});

t.test("base's own selftests run once, on base, before the others of their suite", (t) => {
  const own = suite('uffd', false);
  const units = firstRound([{profile: 'arm64', suite: racy, own}], ['base', 'patched'], 2);
  t.same(
    units.map((unit) => `${unit.side} ${unit.number}${unit.own ? ' own' : ''}`),
    ['base 1 own', 'base 1', 'patched 1', 'base 2', 'patched 2'],
  );
  t.equal(units[0]?.suite, own);
  const left = {...racy, tests: []};
  t.equal(firstRound([{profile: 'arm64', suite: left, own}], ['base', 'patched'], 2).length, 1, 'nothing else is left');
  t.end();
});
