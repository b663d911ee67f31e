// SPDX-License-Identifier: MIT
import {mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {dirname, join} from 'node:path';
import t from 'tap';
import {withExcerpts} from '../../run/excerpts.js';
import type {Finding, Results} from '../../verdict/results.js';
import {exampleResults} from '../reports/fixture.js';

const folder = mkdtempSync(join(tmpdir(), 'excerpts-'));
t.teardown(() => rmSync(folder, {recursive: true}));

function put(file: string, text: string): void {
  mkdirSync(dirname(join(folder, file)), {recursive: true});
  writeFileSync(join(folder, file), text);
}

const filler = (n: number): string => Array.from({length: n}, (_, i) => `ok ${i + 1} filler ${i + 1}\n`).join('');
const SPLAT =
  '[    8.2] WARNING: CPU: 1 PID: 71 at mm/rmap.c:1443 folio_add+0x11c/0x130\n[    8.3] RIP: 0010:folio_add+0x11c/0x130\n';

function findingOf(results: Results, test: string): Finding {
  const found = withExcerpts(results, folder).findings.find((one) => one.test === test);
  if (found === undefined) throw new Error(`no finding about ${test}`);
  return found;
}

/** As a run gives them to `withExcerpts`. */
function fresh(): Results {
  const results = exampleResults();
  return {...results, findings: results.findings.map(({excerpts: _, ...finding}) => finding)};
}

t.test('around the line that says it', (t) => {
  put('attempts/1/log', `${filler(60)}not ok 61 other\n${filler(20)}# lost write\nnot ok 82 wp\r\n${filler(60)}`);
  put('attempts/1/console', '[    0.1] Linux version\n[    1.0] Run /init as init process\n');
  const {excerpts} = findingOf(fresh(), 't/wp');
  t.equal(excerpts?.log?.file, 'attempts/1/log');
  t.equal(excerpts?.log?.line, 71);
  t.equal(excerpts?.log?.lines[12], 'not ok 82 wp', 'the test of this finding, not the first that failed');
  t.equal(excerpts?.log?.lines.length, 40);
  t.equal(excerpts?.console, undefined, 'the kernel had nothing to say');
  t.end();
});

t.test('the kernel, when it complained; and a line of any length', (t) => {
  put('attempts/1/log', `${'y'.repeat(1_000_000)}\nnot ok 1 wp\n`);
  put('attempts/1/console', `${filler(100)}${SPLAT}${filler(100)}`);
  const {excerpts} = findingOf(fresh(), 't/wp');
  t.match(excerpts?.console, {splat: /WARNING.*folio_add/, line: 99});
  t.match(excerpts?.console?.lines[2], /WARNING/);
  t.equal(excerpts?.log?.lines[0]?.length, 400);
  t.end();
});

t.test('a log that is gone costs the excerpt alone', (t) => {
  rmSync(join(folder, 'attempts'), {recursive: true});
  const results = fresh();
  t.same(withExcerpts(results, folder), results);
  t.end();
});
