// SPDX-License-Identifier: MIT
import t from 'tap';
import type {Side} from '../../kernel/kernel-build.js';
import {isGivenUp, type Tries, triesIn, wantsProof} from '../../run/given-up.js';

const tries = (begun: Record<Side, number>, refused: Record<Side, number>): Tries => ({
  begun: (side) => begun[side],
  refused: (side) => refused[side],
});

const CASES: {title: string; tries: Tries; base: boolean; patched: boolean}[] = [
  {
    title: 'nothing has run yet',
    tries: tries({base: 0, patched: 0}, {base: 0, patched: 0}),
    base: false,
    patched: false,
  },
  {
    title: 'patched had its tries before base had one: base is asked, as it tells whose fault that is',
    tries: tries({base: 0, patched: 2}, {base: 0, patched: 2}),
    base: false,
    patched: true,
  },
  {
    title: 'base boots, patched does not: neither is run any more',
    tries: tries({base: 1, patched: 2}, {base: 0, patched: 2}),
    base: true,
    patched: true,
  },
  {
    title: 'base had its tries before patched had one',
    tries: tries({base: 2, patched: 0}, {base: 2, patched: 0}),
    base: true,
    patched: false,
  },
  {
    title: 'a kernel that boots at times has more tries',
    tries: tries({base: 5, patched: 6}, {base: 0, patched: 2}),
    base: false,
    patched: false,
  },
  {
    title: 'and is given up when it seldom does',
    tries: tries({base: 5, patched: 9}, {base: 0, patched: 5}),
    base: true,
    patched: true,
  },
  {
    title: 'half of many is no proof',
    tries: tries({base: 12, patched: 12}, {base: 6, patched: 5}),
    base: false,
    patched: false,
  },
  {
    title: 'once is no proof',
    tries: tries({base: 1, patched: 1}, {base: 0, patched: 1}),
    base: false,
    patched: false,
  },
  {
    title: 'guests that boot still are no failures',
    tries: tries({base: 2, patched: 2}, {base: 0, patched: 0}),
    base: false,
    patched: false,
  },
];

for (const {title, tries, base, patched} of CASES) {
  t.test(title, async (t) => {
    t.equal(isGivenUp(tries, 'base'), base, 'base');
    t.equal(isGivenUp(tries, 'patched'), patched, 'patched');
  });
}

t.test('a side whose only guest did not come up has another one', async (t) => {
  const of = (begun: number, refused: number): boolean =>
    wantsProof(tries({base: 3, patched: begun}, {base: 0, patched: refused}), 'patched');
  t.equal(of(1, 1), true);
  t.equal(of(2, 2), false, 'two are proof');
  t.equal(of(2, 1), false, 'the other one boots, or has booted');
});

t.test('what goes wrong in a guest that was ready is no failed boot', async (t) => {
  const guests = [
    {profile: 'x86_64', side: 'base', blame: 'infra'},
    {profile: 'x86_64', side: 'patched'},
    {profile: 'x86_64', side: 'patched', blame: 'kernel'},
    {profile: 'arm64', side: 'base', blame: 'kernel'},
  ] as const;
  const seen = triesIn(guests, 'x86_64', (side) => side);
  t.same([seen.begun('base'), seen.refused('base')], [1, 1]);
  t.same([seen.begun('patched'), seen.refused('patched')], [2, 1]);
  t.equal(wantsProof(seen, 'patched'), false, 'one was ready: its unit is not begun anew');
  t.equal(triesIn(guests, 'arm64', () => 'only').begun('base'), 0, 'a run without a base has its own name');
});
