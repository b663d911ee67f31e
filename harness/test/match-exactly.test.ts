// SPDX-License-Identifier: MIT
import t, {type Test} from 'tap';
import {matchExactly} from './match-exactly.js';

/** Whether it passes, without a failure of this test. */
function passes(value: unknown, pattern: unknown): boolean {
  const same: Test['same'] = (found, wanted) => {
    return isSame(found, wanted);
  };
  return matchExactly({same}, value, pattern);
}

const text = (value: unknown): string =>
  JSON.stringify(value, (_, one) => (one instanceof RegExp ? `RegExp ${one}` : one));
const isSame = (a: unknown, b: unknown): boolean => text(a) === text(b);

t.test('lists are exact, objects may have more keys', async (t) => {
  t.ok(passes({a: 1, more: 2}, {a: 1}));
  t.notOk(passes({a: 2}, {a: 1}));
  t.notOk(passes({}, {a: 1}), 'a key that is not there');
  t.ok(passes([{a: 1, b: 2}], [{a: 1}]));
  t.notOk(passes([{a: 1}, {a: 2}], [{a: 1}]), 'one element more');
  t.notOk(passes([], [{a: 1}]));
  t.notOk(passes([1], []));
  t.notOk(passes({a: 1}, {}));
  t.ok(passes([], []) && passes({}, {}));
});

t.test('a regular expression is looked for in a string', async (t) => {
  t.ok(passes({a: 'some words'}, {a: /words$/}));
  t.notOk(passes({a: 'some words'}, {a: /^words/}));
  t.notOk(passes({a: 7}, {a: /7/}), 'not in a number');
});
