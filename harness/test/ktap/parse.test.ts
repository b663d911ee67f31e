// SPDX-License-Identifier: MIT
/**
 * Every folder of fixtures/ktap is a test: `input.ktap` is what the test printed, `expected.json` how it ended and
 * what a reader must make of it. `KVERDICT_SNAP=1` rewrites what is expected; the diff is then reviewed.
 */
import {readdirSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import t from 'tap';
import {createLineFeeder} from '../../ktap/line-feeder.js';
import {createReader, type ReaderKind} from '../../ktap/reader.js';
import type {TestExit, TestReport} from '../../ktap/result.js';
import {resolvePaths} from '../../lib/paths.js';

interface Expected {
  reader?: ReaderKind;
  exit: TestExit;
  results: string[];
  problems: string[];
}

const folder = join(resolvePaths().project, 'harness/test/fixtures/ktap');

for (const name of readdirSync(folder).sort()) {
  const file = join(folder, name, 'expected.json');
  const expected = JSON.parse(readFileSync(file, 'utf8')) as Expected;
  const input = readFileSync(join(folder, name, 'input.ktap'));
  const seen = readable(read(input, expected, input.length));
  if (process.env.KVERDICT_SNAP === '1') {
    writeFileSync(file, `${JSON.stringify({...expected, ...seen}, null, 2)}\n`);
  }
  t.same(seen, {results: expected.results, problems: expected.problems}, name);
  t.same(readable(read(input, expected, 1)), seen, `${name}, byte by byte`);
}

function read(input: Uint8Array, {reader: kind = 'ktap', exit}: Expected, chunk: number): TestReport {
  const reader = createReader(kind);
  const feeder = createLineFeeder((text, end) => reader.line(text, end));
  for (let at = 0; at < input.length; at += chunk) feeder.write(input.subarray(at, at + chunk));
  feeder.end();
  return reader.end(exit);
}

/** `status path > path (reason)  | diagnostic | diagnostic` */
function readable(report: TestReport): Pick<Expected, 'results' | 'problems'> {
  return {
    results: report.results.map(({path, status, reason, diagnostics}) => {
      const where = path.length === 0 ? '<whole>' : path.join(' > ');
      const said = diagnostics.map((line) => ` | ${line.trim()}`).join('');
      return `${status} ${where}${reason === undefined ? '' : ` (${reason})`}${said}`;
    }),
    problems: report.problems.map(({line, message}) => `${line}: ${message}`),
  };
}
