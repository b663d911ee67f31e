// SPDX-License-Identifier: MIT
import {join} from 'node:path';
import t from 'tap';
import {type ExpandOptions, expandTests} from '../../suite/expand.js';
import {loadSuites} from '../../suite/manifest.js';
import {parseSelection} from '../../suite/select.js';
import type {Suite} from '../../suite/suite.js';
import {times} from '../fakes/scale.js';
import {type Answer, fakeGuest} from './fake-guest.js';
import {FIXTURES} from './support.js';

const suites = loadSuites([join(FIXTURES, 'good')]);
const demo = suites.get('demo') as Suite;
const defaults: ExpandOptions = {arch: 'x86_64', selection: [], missing: [], scale: times(3)};
const expand = (answer: Answer, options: Partial<ExpandOptions> = {}) =>
  expandTests(fakeGuest({'./hello -l': answer}), demo, {...defaults, ...options});

t.test('a list becomes a test a name', async (t) => {
  const tests = await expand({output: ['minor\nmin', "or-wp\n\nminor\nit's\n"]});
  t.same(
    tests.map(({name, run}) => [name, run]),
    [
      ['hello', './hello'],
      ['broken', './broken --now'],
      ['unit:minor', './hello -f minor'],
      ['unit:minor-wp', './hello -f minor-wp'],
      ["unit:it's", "./hello -f 'it'\\''s'"],
    ],
  );
});

t.test('a list that does not work is an error of its test, never an empty list', async (t) => {
  const cases: [Answer, RegExp][] = [
    [{code: 1, output: ['no such file']}, /ended with exit 1: no such file/],
    [{output: ['\n \n']}, /gave no name/],
    [{code: null, timedOut: true}, /took more than 30 s/],
    [{code: null, lost: 'QEMU exited'}, /the guest was lost while listing the tests: QEMU exited/],
    [{output: ['a\x1b[31m\n']}, /cannot be a test's name/],
    [{output: ['a b\n']}, /cannot be a test's name/],
  ];
  for (const [answer, reason] of cases) {
    const unit = (await expand(answer)).filter(({name}) => name.startsWith('unit'));
    t.equal(unit.length, 1);
    t.match(unit[0]?.notRun, {status: 'error', reason});
  }
});

t.test('only what was selected is run', async (t) => {
  const names = async (word: string) =>
    (await expand({output: ['minor\nminor-wp\n']}, {selection: parseSelection([word], suites)})).map(({name}) => name);
  t.same(await names('demo:unit:minor'), ['unit:minor']);
  t.same(await names('demo:unit'), ['unit:minor', 'unit:minor-wp']);
  t.same(await names('demo:hello/x'), ['hello']);
  const unknown = await expand({output: ['minor\n']}, {selection: parseSelection(['demo:unit:mayor'], suites)});
  t.match(unknown[0]?.notRun?.reason, /there is no `unit:mayor` in this guest; there are: minor/);
});

t.test('a program that was not built; where a skip is to be expected the test still runs', async (t) => {
  const missing = [{program: 'broken', reason: 'broken.c:4: error', blame: 'kernel'} as const];
  const tests = await expand({output: ['minor\n']}, {arch: 'arm64', missing});
  const byName = new Map(tests.map((test) => [test.name, test.notRun]));
  t.equal(byName.get('hello'), undefined);
  t.match(byName.get('broken'), {
    status: 'error',
    reason: '`broken` was not built: broken.c:4: error',
    blame: 'kernel',
  });
  t.ok(byName.has('here'));
  t.equal(byName.get('here'), undefined);
});

t.test('a program that the tree never had is a skip of its tests, with that reason alone', async (t) => {
  const reason = 'this tree has no `broken` in its demo selftests (7.1 and newer)';
  const tests = await expand(
    {output: ['minor\n']},
    {missing: [{program: 'broken', reason, blame: 'kernel', absent: true}]},
  );
  t.same(tests.find(({name}) => name === 'broken')?.notRun, {status: 'skip', reason, blame: 'kernel'});
});
