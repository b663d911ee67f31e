// SPDX-License-Identifier: MIT
/** Where documents come from: the fixtures, mutated; and small ones from the words of the grammar. */
import {readdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import fc from 'fast-check';
import {READER_KINDS, type ReaderKind} from '../../ktap/reader.js';
import type {TestExit} from '../../ktap/result.js';
import {resolvePaths} from '../../lib/paths.js';
import type {Document} from './document.js';
import {mutate, OPERATIONS} from './mutations.js';

const fixtures = join(resolvePaths().project, 'harness/test/fixtures');

interface Base {
  reader: ReaderKind;
  exit: TestExit;
  lines: string[];
}

/** What the tests of the readers printed. */
export const BASES: readonly Base[] = readdirSync(join(fixtures, 'ktap'))
  .sort()
  .map((name) => {
    const folder = join(fixtures, 'ktap', name);
    const expected = JSON.parse(readFileSync(join(folder, 'expected.json'), 'utf8')) as Partial<Base> &
      Pick<Base, 'exit'>;
    const text = readFileSync(join(folder, 'input.ktap'), 'latin1');
    return {reader: expected.reader ?? 'ktap', exit: expected.exit, lines: text.split('\n')};
  });

/** Mostly exit 0: only then the lines alone decide. */
const EXITS: readonly TestExit[] = [
  ...Array.from({length: 10}, () => ({code: 0})),
  ...[1, 2, 3, 4, 124, 127, 139, 255].map((code) => ({code})),
  {code: null},
  {code: null, endedBy: 'timeout'},
  {code: null, endedBy: 'guest-lost'},
];
const PIECES: readonly string[] = [
  ...['TAP version 13', 'KTAP version 1', '1..1', '1..2', '1..3', '1..0 # SKIP x', '1..0', 'Bail out! b', '---', '...'],
  ...[
    'ok 1 a',
    'ok 2 b',
    'ok 3 c',
    'ok 1',
    'ok 2 - b',
    'not ok 1 a',
    'not ok 2 b',
    'not ok 3',
    'ok',
    'ok - x',
    'not ok - x',
  ],
  ...[
    'ok 1 # SKIP s',
    'not ok 2 b # XFAIL',
    'ok 3 c # ERROR',
    'ok 1 a # exit=1',
    'not ok 1 a # TODO',
    'ok 2 b # XPASS',
    'not ok 2 b # skipped_objects=3',
    'not ok 2 b#skip',
    'not ok 1 a # xfailures: 3',
    'ok 1 a # error path',
    'ok 2 # SKIP rest',
    'ok 0 zero',
    'ok 6 f',
  ],
  ...['# Subtest: s', '# selftests: m: t', '# text', 'text', 'key: value', 'it took 3 s', 'xok 2 b', 'xnot ok 2 b', ''],
  ...[
    'ok 1 a ok 2 b',
    'ok 1 anot ok 2 b',
    '# xok 3 c',
    'ok 2 selftests: m: t',
    'xok 1 selftests: m: t',
    'ok 2 bok 1 selftests: m: t',
    'ok 1 anot ok 2 b',
    '# [RUN] r',
    '# Totals: pass:2 fail:0 xfail:0 xpass:0 skip:0 error:0',
    '# Totals: pass:1 fail:1 xfail:0 xpass:0 skip:0 error:0',
    '1..0 # SKIP xok 1 selftests: m: t # SKIP',
    'Bail out! xnot ok 1 selftests: m: t',
    'ok 1 aBail out! b',
    '# xBail out! b',
    '# xnot ok 2 b',
    'ok - xnot ok - y',
    'not ok 1 # SKIP s',
    'ok 2 cpu #3 # SKIP d',
    'ok 1 a # time=3 # XPASS',
    'ok 1 a# Totals: pass:1 fail:1 xfail:0 xpass:0 skip:0 error:0',
    '# x# Totals: pass:1 fail:1 xfail:0 xpass:0 skip:0 error:0',
    'ok 2 b# [RUN] r',
    'pragma +strict',
  ],
];
const UFFD: readonly string[] = [
  ...[
    'Testing a on b... done',
    'Testing c... failed [reason: r]',
    'Testing d on b... skipped [reason: r]',
    'Testing e on f... ',
    'Testing a on b... failedTesting c... done',
  ],
  ...[
    'done',
    'failed [reason: x]',
    'ERROR: bad (errno=22)',
    'text',
    'Userfaultfd not supported or unprivileged, skip all',
  ],
  ...[1, 2, 3].flatMap((n) => [`Userfaults unit tests: pass=${n}, skip=0, fail=0 (total=${n})`]),
  ...['Userfaults unit tests: pass=1, skip=0, fail=1 (total=2)', 'bounces: 1, mode:, userfaults: 1 missing (1)'],
  ...['bounces: 0, mode:, userfaults: 1', 'bounces: 0, mode:', 'skip: none'],
];
/** The same program as it is from 7.3 on; a tree between the two may print both. */
const UFFD_IN_KTAP: readonly string[] = [
  ...['TAP version 13', '1..1', '1..2', 'ok 1 a on b', 'not ok 2 c on b', '  ok 1 a', '  not ok 1 a on b'],
  ...['ok 2 # SKIP d on b (why)', '# failed reason: [r]', 'ok 1 a on bnot ok 2 c on b', '1..0 # SKIP x', 'Bail out! b'],
];
const GTEST: readonly string[] = [
  ...[
    '[==========] Running 1 tests from 1 test cases.',
    '[==========] Running 2 tests from 1 test cases.',
    '[ RUN      ] g.a',
  ],
  ...[
    '[       OK ] g.a',
    '[     FAIL ] g.a',
    '[ RUN      ] g.b',
    '[       OK ] g.b',
    '[  SKIPPED ] g.b',
    '[  FAILED  ]',
  ],
  ...[
    '[  PASSED  ]',
    '[==========] 1 / 1 tests passed.',
    '[==========] 2 / 2 tests passed.',
    '[==========] 1 / 2 tests passed.',
  ],
  ...['text', 'x[       OK ] g.a', '[  FAILED  ] 1 test, listed below:', '[  FAILED  ] g.a (0 ms)', '[ RUN      ] g.c'],
];
const WORDS: Readonly<Partial<Record<ReaderKind, readonly string[]>>> = {
  'uffd-unit-tests': [...UFFD, ...UFFD_IN_KTAP],
  'uffd-stress': UFFD,
  gtest: GTEST,
};
const INDENTS = ['', '', '', '', '  ', '  ', '    ', '# ', '# ', '# # ', '\t', '# \t', '# # # ', '#   # ', '  # '];

const nat = fc.nat({max: 0xffffff});
const mutations = fc.array(fc.record({operation: fc.constantFrom(...OPERATIONS), at: nat, with: nat}), {
  minLength: 1,
  maxLength: 6,
});
const exits = fc.constantFrom(...EXITS);
/** KTAP has the grammar worth a search; the others are few lines each. */
const readers = fc.oneof(
  {weight: 3, arbitrary: fc.constant<ReaderKind>('ktap')},
  {weight: 2, arbitrary: fc.constantFrom(...READER_KINDS)},
);

const mutated: fc.Arbitrary<Document> = fc
  .tuple(nat, nat, mutations, fc.boolean(), exits)
  .map(([base, other, list, keepExit, exit]) => {
    const {reader, lines, exit: own} = BASES[base % BASES.length] as Base;
    const copy = lines.slice();
    for (const one of list) mutate(copy, one, (BASES[other % BASES.length] as Base).lines);
    return {reader, exit: keepExit ? own : exit, text: copy.join('\n')};
  });

const composed: fc.Arbitrary<Document> = fc
  .tuple(readers, fc.array(nat, {minLength: 1, maxLength: 12}), fc.boolean(), exits)
  .map(([reader, numbers, terminated, exit]) => {
    const words = WORDS[reader] ?? PIECES;
    const lines = numbers.map((n) => {
      const indent = words === PIECES ? INDENTS[Math.floor(n / words.length) % INDENTS.length] : '';
      // Now and then a carriage return: the next one stands on the same line then.
      const isOverwritten = Math.floor(n / words.length / INDENTS.length) % 16 === 15;
      return `${indent}${words[n % words.length]}${isOverwritten ? '\r' : '\n'}`;
    });
    return {reader, exit, text: terminated ? lines.join('') : lines.join('').slice(0, -1)};
  });

export const documents: fc.Arbitrary<Document> = fc.oneof(mutated, composed);

/** One line of a document, and what happens to it. */
export interface Touch {
  at: number;
  how: 'remove' | 'garble' | 'cut' | 'flip';
  with: number;
}

export const touches: fc.Arbitrary<Touch> = fc.record({
  at: nat,
  how: fc.constantFrom('remove', 'garble', 'cut', 'flip'),
  with: nat,
});
