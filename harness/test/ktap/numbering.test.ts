// SPDX-License-Identifier: MIT
/** Which number a result is, and whether its name is its own: what tells one attempt's placeholder from another's result. */
import t from 'tap';
import {createKtapReader} from '../../ktap/parse.js';
import {createGtestReader} from '../../ktap/readers/gtest.js';
import {createUffdUnitTestsReader} from '../../ktap/readers/uffd-unit-tests.js';
import type {ResultReader} from '../../ktap/result.js';

/** `path document:number standIn`, a result each. */
function numbered(output: string, code = 0, reader: ResultReader = createKtapReader()): string[] {
  for (const line of output.split('|')) reader.line(line);
  return reader
    .end({code})
    .results.filter(({path}) => path.length > 0)
    .map(({path, order, standIn}) =>
      [path.join('/'), `${order?.document}:${order?.number}`, standIn].filter((word) => word !== undefined).join(' '),
    );
}

t.test('each result has the number of its line, each number of a plan a result', async (t) => {
  t.same(numbered('TAP version 13|1..4|ok 1 a|ok 3 c'), [
    'a 0:1',
    'c 0:3',
    'missing #2 0:2 promised',
    'missing #4 0:4 promised',
  ]);
  t.same(
    numbered('TAP version 13|1..3|ok - a|ok - b'),
    ['a 0:1', 'b 0:2', 'missing #3 0:3 promised'],
    'without numbers',
  );
  t.same(
    numbered('TAP version 13|1..2|ok 1|ok 2 missing \\#1'),
    ['test 1 0:1 unnamed', 'missing #1 0:2'],
    'and a test that says so itself',
  );
  t.same(
    numbered('TAP version 13|1..1|ok 1 a|TAP version 13|1..2|ok 1 b'),
    ['a 0:1', 'b 1:1', 'missing #2 1:2 promised'],
    'documents',
  );
});

t.test('a parent whose result never came stands in for it, but not when its name is known', async (t) => {
  const below = '    KTAP version 1|    1..2|    ok 1 x';
  t.same(numbered(`KTAP version 1|1..2|${below}`, 1), [
    'missing #1 0:1 promised',
    'missing #1/x 0:1',
    'missing #1/missing #2 0:2 promised',
    'missing #2 0:2 promised',
  ]);
  t.same(numbered(`KTAP version 1|1..1|    # Subtest: deep|${below}`, 1), [
    'deep 0:1',
    'deep/x 0:1',
    'deep/missing #2 0:2 promised',
  ]);
});

t.test('a program that counts from 0 keeps its numbers', async (t) => {
  t.same(numbered('1..4|ok 0 a|ok 1 b|ok 3 d'), ['a 0:0', 'b 0:1', 'd 0:3', 'missing #2 0:2 promised']);
});

t.test('results that are only counted have a number where it does not matter which of them is which', async (t) => {
  const totals = (pass: number, skip: number) => `pass:${pass} fail:0 xfail:0 xpass:0 skip:${skip} error:0`;
  t.same(numbered(`TAP version 13|1..2|# Totals: ${totals(2, 0)}`), ['test 1 0:1 unnamed', 'test 2 0:2 unnamed']);
  t.same(numbered(`TAP version 13|1..2|# Totals: ${totals(1, 1)}`), [
    'test 1 undefined:undefined',
    'test 2 undefined:undefined',
  ]);
});

t.test('a list of missing results that is cut, too', async (t) => {
  const all = numbered('TAP version 13|1..1002|ok 1 a', 1);
  t.same(all.slice(-2), ['missing #1001 0:1001 promised', 'missing more 0:1002 promised']);
});

t.test(
  'what the totals of uffd-unit-tests count and never comes; a number that stands in the KTAP of newer ones',
  async (t) => {
    const text = 'Testing a on b... done|Userfaults unit tests: pass=2, skip=0, fail=0 (total=2)';
    t.same(numbered(text, 1, createUffdUnitTestsReader()), ['a/b 0:1', 'missing #2 0:2 promised']);
    const ktap = 'TAP version 13|1..2|ok 1 a on b';
    t.same(numbered(ktap, 1, createUffdUnitTestsReader()), ['a/b 0:1', 'missing #2 0:2 promised']);
  },
);

t.test('what a head of gtest counts and never comes', async (t) => {
  const output = '[==========] Running 2 tests from 1 test case.|[ RUN      ] s.a|[       OK ] s.a (0 ms)';
  const [a, missing] = numbered(output, 1, createGtestReader());
  t.match(a, / 0:1$/);
  t.equal(missing, 'missing #2 0:2 promised');
});
