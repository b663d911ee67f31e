// SPDX-License-Identifier: MIT
import t from 'tap';
import {createReader, type ReaderKind} from '../../ktap/reader.js';

function placeholders(kind: ReaderKind, lines: readonly string[]): [string, true | undefined][] {
  const reader = createReader(kind);
  for (const line of lines) reader.line(line);
  return reader.end({code: 1}).results.map(({path, placeholder}) => [path.join('/'), placeholder]);
}

t.test('a name that the reader made of a number is told from one that the test gave', async (t) => {
  t.same(placeholders('ktap', ['TAP version 13', '1..3', 'ok 1 missing \\#9', 'not ok 2 b']), [
    ['missing #9', undefined],
    ['b', undefined],
    ['missing #3', true],
  ]);
});

t.test('a parent without a result: under its own name when one was announced', async (t) => {
  t.same(placeholders('ktap', ['1..1', '  not ok 1 a']), [
    ['missing #1', true],
    ['missing #1/a', undefined],
  ]);
  t.same(placeholders('ktap', ['1..1', '  # Subtest: s', '  not ok 1 a']), [
    ['s', undefined],
    ['s/a', undefined],
  ]);
});

t.test('promised or counted by programs that are not KTAP', async (t) => {
  const gtest = ['[==========] Running 2 tests from 1 test cases.', '[ RUN      ] g.a', '[       OK ] g.a'];
  t.same(placeholders('gtest', gtest), [
    ['', undefined],
    ['g.a', undefined],
    ['missing #2', true],
  ]);
  const uffd = ['Testing a on b... done', 'Userfaults unit tests: pass=2, skip=0, fail=0 (total=2)'];
  t.same(placeholders('uffd-unit-tests', uffd), [
    ['', undefined],
    ['a/b', undefined],
    ['missing #2', true],
  ]);
});
