// SPDX-License-Identifier: MIT
import t from 'tap';
import {emptyPatterns} from '../../../scripts/check-tests.js';

const told = (text: string): string[] => emptyPatterns('a.test.ts', text);

t.test('an empty array or object in a pattern is found, however deep', async (t) => {
  t.same(told('t.match(found, {findings: []});'), ['a.test.ts:1: `[]` in t.match matches anything; use t.same']);
  t.same(told('t.equal(1, 1);\nt.match(await look(), [{a: {b: {}}}], "words");'), [
    'a.test.ts:2: `{}` in t.match matches anything; use t.same',
  ]);
  t.equal(told('t.match(a, {...{b: []}, c: []});').length, 2);
});

t.test('what says something passes', async (t) => {
  t.same(told('t.match(a, {b: [1], c: /x/}); t.same(a, []); t.match(a, made({})); matchExactly(t, a, []);'), []);
});
