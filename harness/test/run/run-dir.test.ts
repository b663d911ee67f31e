// SPDX-License-Identifier: MIT
import {existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import t from 'tap';
import {UserError} from '../../lib/errors.js';
import {RunDir} from '../../run/run-dir.js';

const root = mkdtempSync(join(tmpdir(), 'kverdict-run-'));
t.teardown(() => rmSync(root, {recursive: true, force: true}));
const paths = {project: root, cache: join(root, 'c'), state: join(root, 's'), runtime: join(root, 'r')};
const now = new Date('2026-11-21T14:35:00Z');

t.test('without --out a run gets a folder of its own that sorts by time', (t) => {
  const run = RunDir.open(paths, undefined, now);
  t.match(run.path, /\/s\/runs\/20261121-143500-\d+$/);
  t.end();
});

t.test('--out never empties a folder that is not a run', (t) => {
  const out = join(root, 'precious');
  mkdirSync(out);
  writeFileSync(join(out, 'thesis.txt'), 'x');
  t.throws(() => RunDir.open(paths, out, now), UserError);
  t.ok(existsSync(join(out, 'thesis.txt')));
  t.end();
});

t.test('--out again replaces the run before', (t) => {
  const out = join(root, 'again');
  RunDir.open(paths, out, now).write('results.json', '{"old": true}');
  const second = RunDir.open(paths, out, now);
  t.equal(existsSync(join(out, 'results.json')), false, 'no stale verdict is left to be read');
  second.close();
  t.end();
});

t.test('commands are kept as lines to paste, events as JSON', (t) => {
  const run = RunDir.open(paths, join(root, 'log'), now);
  run.record({type: 'command', line: 'make -j2', cwd: '/src'});
  t.match(readFileSync(join(run.path, 'commands.log'), 'utf8'), /# .* in \/src\nmake -j2\n/);
  t.match(JSON.parse(readFileSync(join(run.path, 'events.jsonl'), 'utf8')), {type: 'command', line: 'make -j2'});
  t.end();
});

t.test('sockets have a short private folder that goes with the run', (t) => {
  const run = RunDir.open(paths, join(root, 'sock'), now);
  t.ok(existsSync(run.runtime));
  run.close();
  t.equal(existsSync(run.runtime), false);
  t.end();
});
