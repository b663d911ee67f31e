// SPDX-License-Identifier: MIT
import t from 'tap';
import {isComparable} from '../../nightly/comparable.js';
import type {Results} from '../../verdict/results.js';

/** Only what is looked at. */
const build = (side: string, status: string) => ({side, status});
const guest = (profile: string, side: string, ended: string) => ({profile, side, ended});

const ROWS: [string, boolean, object][] = [
  ['built, booted, seen', true, {}],
  ['a run without a base', true, {builds: [build('only', 'ok')], guests: [guest('a', 'only', 'ok')]}],
  ['its kernel does not build', false, {builds: [build('base', 'ok'), build('patched', 'failed')]}],
  ['one of two kernels does not build', false, {builds: [build('patched', 'ok'), build('patched', 'failed')]}],
  ['the kernel before it does not build', true, {builds: [build('base', 'failed'), build('patched', 'ok')]}],
  ['no kernel at all', false, {builds: []}],
  [
    'it never boots on one machine',
    false,
    {guests: [guest('a', 'patched', 'ok'), guest('b', 'patched', 'boot-failed')]},
  ],
  ['it boots now and then', true, {guests: [guest('a', 'patched', 'boot-failed'), guest('a', 'patched', 'lost')]}],
  [
    'the kernel before it never boots',
    true,
    {guests: [guest('a', 'base', 'boot-failed'), guest('a', 'patched', 'ok')]},
  ],
  ['no test gave a result', false, {comparisons: [], profiles: [{name: 'a'}]}],
  [
    'nothing that runs changed',
    true,
    {comparisons: [], guests: [], profiles: [{name: 'a', skipped: 'nothing changed'}]},
  ],
];

for (const [name, comparable, more] of ROWS) {
  t.test(name, (t) => {
    const plain = {
      builds: [build('base', 'ok'), build('patched', 'ok')],
      guests: [guest('a', 'base', 'ok'), guest('a', 'patched', 'ok')],
      comparisons: [{}],
      profiles: [{name: 'a'}],
    };
    t.equal(isComparable({...plain, ...more} as unknown as Results), comparable);
    t.end();
  });
}
