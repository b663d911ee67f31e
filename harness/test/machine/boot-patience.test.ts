// SPDX-License-Identifier: MIT
import t from 'tap';
import {type BootState, endOfBoot} from '../../machine/boot-patience.js';

const boot = (state: Partial<BootState>) => endOfBoot({wall: 10, given: 10, limit: 100, lastLine: 5, ...state});

t.test('who is to blame for a boot that does not come to its end', async (t) => {
  const cases: [what: string, state: Partial<BootState>, end: ReturnType<typeof endOfBoot>][] = [
    ['within its limit', {}, undefined],
    ['silent from the start', {wall: 100, given: 100, lastLine: 0}, 'stuck'],
    ['it stopped early', {wall: 105, given: 105}, 'stuck'],
    ['over its limit, and getting on', {wall: 150, given: 150, lastLine: 120}, undefined],
    ['each line renews the limit', {wall: 219, given: 219, lastLine: 120}, undefined],
    ['until nothing comes for a whole one', {wall: 220, given: 220, lastLine: 120}, 'stuck'],
    ['it prints for ever', {wall: 400, given: 400, lastLine: 399}, 'still-printing'],
    ['a busy host: not its time yet', {wall: 1900, given: 99, lastLine: 0}, undefined],
    ['a host that gives it nothing', {wall: 2000, given: 60, lastLine: 0}, 'starved'],
    ['slow, but it had its time', {wall: 2000, given: 150, lastLine: 149}, 'still-printing'],
  ];
  for (const [what, state, end] of cases) t.equal(boot(state), end, what);
});
