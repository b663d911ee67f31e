// SPDX-License-Identifier: MIT
/** What a hostile or broken test may print, and what it may cost. */
import t from 'tap';
import {MAX_LINE_LENGTH} from '../../ktap/line-feeder.js';
import {createKtapReader, MAX_RESULTS} from '../../ktap/parse.js';
import {MAX_PROBLEMS} from '../../ktap/problem-list.js';
import {createReader} from '../../ktap/reader.js';
import {MAX_DIAGNOSTICS, STATUSES} from '../../ktap/result.js';
import {matchExactly} from '../match-exactly.js';

t.test('more results than are kept are an error of the whole, never a pass', async (t) => {
  const reader = createKtapReader();
  for (let n = 1; n <= MAX_RESULTS + 5; n++) reader.line(`ok ${n} r${n}`);
  const {results} = reader.end({code: 0});
  t.equal(results.length, MAX_RESULTS + 1);
  matchExactly(t, results[0], {path: [], status: 'error', reason: /more than 20000 results/});
});

t.test('plans that promise again and again stay bounded', async (t) => {
  const reader = createKtapReader();
  for (let n = 0; n < 1000; n++) for (const line of ['TAP version 13', '1..900']) reader.line(line);
  const {results, problems} = reader.end({code: 0});
  t.ok(results.length <= MAX_RESULTS + 1);
  t.ok(problems.length <= MAX_PROBLEMS + 1);
});

t.test('a result that is over the line limit is kept, with a problem', async (t) => {
  const reader = createKtapReader();
  reader.line(`ok 1 ${'x'.repeat(MAX_LINE_LENGTH)}`);
  const {results, problems} = reader.end({code: 0});
  t.equal(results[0]?.status, 'pass');
  t.ok((results[0]?.path[0]?.length ?? 0) <= 200);
  t.match(problems[0], {line: 1, message: /cut at 16384 characters; 5 were dropped/});
});

t.test('100 000 diagnostic lines before a failure: the last ones are kept', async (t) => {
  const reader = createKtapReader();
  for (let n = 0; n < 100_000; n++) reader.line(`# step ${n}`);
  reader.line('not ok 1 late');
  const diagnostics = reader.end({code: 1}).results[0]?.diagnostics ?? [];
  t.equal(diagnostics.length, MAX_DIAGNOSTICS);
  t.equal(diagnostics.at(-1), '# step 99999');
  t.match(diagnostics[0], /99801 lines left out/);
});

t.test('nesting without end', async (t) => {
  const reader = createKtapReader();
  for (let n = 0; n < 5000; n++) reader.line(`${' '.repeat(2 * n)}KTAP version 1`);
  for (let n = 5000; n > 0; n--) reader.line(`${' '.repeat(2 * n)}ok 1 level ${n}`);
  t.ok(reader.end({code: 0}).results.length > 0);
});

t.test('blanks and hashes do not take a square of the time', async (t) => {
  const reader = createKtapReader();
  const started = performance.now();
  for (const filler of [' ', '#', '# ', '\t', 'ok ', 'ok 1 ', '- ', '[', '\\#', ' #', 'Bail out! ']) {
    reader.line(`ok 1 ${filler.repeat(8000)}x`);
    reader.line(`${filler.repeat(8000)}x`);
    reader.line(`Bail out!${filler.repeat(8000)}x`);
  }
  reader.end({code: 0});
  t.ok(performance.now() - started < 2000);
});

/** A small generator with a fixed seed: the same lines on every run. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

t.test('no sequence of odd lines throws, and every path and status is legal', async (t) => {
  const pieces = [
    'ok 1 a',
    'not ok 2 b',
    '1..3',
    '1..0 # SKIP x',
    'KTAP version 1',
    'TAP version 13',
    '# ',
    '  ',
    '\t',
    '#',
    '---',
    '...',
    'Bail out! z',
    'ok',
    'not ok',
    ' # SKIP',
    ' # TODO t',
    '\\#',
    '\r',
    '\u0000',
    '\u001b[1m',
    '# Subtest: s',
    '# selftests: a: b',
    'Testing a on b... ',
    'done',
    'failed [reason: r]',
    'Userfaults unit tests: pass=1, skip=0, fail=0 (total=9)',
    'bounces: 1, mode:',
    'userfaults:',
  ];
  const exits = [{code: 0}, {code: 1}, {code: 4}, {code: null}, {code: null, endedBy: 'timeout' as const}, {code: 139}];
  const next = random(7);
  const pick = <T>(list: readonly T[]): T => list[Math.floor(next() * list.length)] as T;
  const bad: string[] = [];
  for (let round = 0; round < 3000; round++) {
    const reader = createReader(pick(['ktap', 'exit-code', 'uffd-unit-tests', 'uffd-stress'] as const));
    for (let n = 0; n < 12; n++)
      reader.line(pick(pieces) + pick(pieces) + pick(pieces), pick([undefined, {terminated: next() < 0.9, cut: 0}]));
    const exit = pick(exits);
    const {results} = reader.end(exit);
    const keys = results.map(({path}) => JSON.stringify(path));
    if (new Set(keys).size !== keys.length) bad.push(`the same path twice: ${keys}`);
    if (results.some(({status}) => !STATUSES.includes(status))) bad.push('status');
    // biome-ignore lint/suspicious/noControlCharactersInRegex: the point of the test
    if (/[\x00-\x09\x0b-\x1f]/.test(keys.join(''))) bad.push('control');
    const failed = results.some(({status}) => !['pass', 'skip', 'xfail'].includes(status));
    if (!failed && exit.code !== 0 && exit.code !== 4) bad.push(`green with exit ${exit.code}`);
    if (results.length === 0) bad.push('no result at all');
  }
  t.same(bad.slice(0, 5), []);
});
