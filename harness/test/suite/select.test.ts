// SPDX-License-Identifier: MIT
import {join} from 'node:path';
import t from 'tap';
import type {KverdictError} from '../../lib/errors.js';
import {loadSuites} from '../../suite/manifest.js';
import {matches, neverSeen, parseSelection, selectedSuites} from '../../suite/select.js';
import {targetSuites} from '../../suite/target-suite.js';
import {FIXTURES} from './support.js';

const suites = loadSuites([join(FIXTURES, 'good')]);

function failure(word: string): KverdictError {
  try {
    parseSelection([word], suites);
  } catch (error) {
    return error as KverdictError;
  }
  throw new Error(`${word} was accepted`);
}

t.test('what a word selects', async (t) => {
  const cases: [words: string[], test: string, path: string[], expected: boolean][] = [
    [[], 'hello', [], true],
    [['demo'], 'hello', ['a'], true],
    [['demo:hello'], 'hello', [], true],
    [['demo:hello'], 'broken', [], false],
    [['demo:hello', 'demo:broken'], 'broken', [], true],
    [['demo:unit'], 'unit:minor', ['minor', 'shmem'], true],
    [['demo:unit:minor'], 'unit:minor', [], true],
    [['demo:unit:minor'], 'unit:minor-wp', [], false],
    [['demo:unit:minor'], 'unit', [], true],
    [['demo:hello/a/b'], 'hello', [], true],
    [['demo:hello/a/b'], 'hello', ['a', 'b'], true],
    [['demo:hello/a/b'], 'hello', ['a', 'b', 'c'], true],
    [['demo:hello/a/b'], 'hello', ['a', 'bc'], false],
    [['demo:hello/a/b'], 'hello', ['a'], false],
  ];
  for (const [words, test, path, expected] of cases) {
    const selection = parseSelection(words, suites);
    t.equal(
      matches(selection, 'demo', test, path),
      expected,
      `${words.join(' ') || '<all>'} ~ ${[test, ...path].join('/')}`,
    );
  }
  t.equal(matches(parseSelection(['demo'], suites), 'other', 'hello'), false);
  t.same(
    selectedSuites(parseSelection(['demo:hello'], suites), suites).map(({name}) => name),
    ['demo'],
  );
});

t.test('what does not exist is told with what does', async (t) => {
  t.match(failure('dmeo').message, 'There is no suite called `dmeo`');
  t.match(failure('dmeo').hint, 'There is: demo.');
  t.match(failure('demo:helo').message, 'There is no test of suite `demo` called `helo`');
  t.match(failure('demo:helo').hint, 'demo:hello, demo:broken, demo:unit:NAME, demo:here');
  t.match(failure('demo:hello:x').message, 'called `hello:x`', 'only a test with a list has names behind it');
  for (const word of ['', ':x', 'demo:', 'demo/hello', 'demo:hello/']) {
    t.match(failure(word).message, 'Expected `-t` to be SUITE[:TEST[/SUBTEST]]', `\`${word}\``);
  }
});

t.test('targets of the tree: any test is accepted, until its makefiles were asked', async (t) => {
  const words = ['kselftest/timers', 'kselftest/net/forwarding:a.sh/x/y', 'kselftest/timers:nanosleep', 'demo'];
  const made = targetSuites(words);
  t.same([...made.keys()], ['kselftest/timers', 'kselftest/net/forwarding']);
  const selection = parseSelection(words, new Map([...suites, ...made]));
  t.same(selection, [
    {suite: 'kselftest/timers'},
    {suite: 'kselftest/net/forwarding', test: 'a.sh', subtest: 'x/y'},
    {suite: 'kselftest/timers', test: 'nanosleep'},
    {suite: 'demo'},
  ]);
  t.equal(matches(selection, 'kselftest/net/forwarding', 'b.sh'), false);
  for (const word of ['kselftest/', 'kselftest/a b', 'kselftest/../x', 'kselftest/a//b', 'kselftest/:x']) {
    t.throws(() => targetSuites([word]), {message: /Expected `-t kselftest\/` with a folder/}, word);
  }
});

t.test('a subtest that was asked for and never seen', async (t) => {
  const selection = parseSelection(['demo:hello/a', 'demo:hello/z', 'demo:broken'], suites);
  t.same(neverSeen(selection, [{suite: 'demo', test: 'hello', path: ['a', 'b']}]), ['demo:hello/z']);
});
