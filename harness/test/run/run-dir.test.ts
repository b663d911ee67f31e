// SPDX-License-Identifier: MIT
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import {tmpdir} from 'node:os';
import {dirname, join} from 'node:path';
import t from 'tap';
import {UserError} from '../../lib/errors.js';
import {mark} from '../../lib/own-mark.js';
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

t.test('--out never empties a folder that has files of our names, but not our mark', (t) => {
  for (const [name, text] of [
    ['events.jsonl', '{"event": "click"}\n'],
    ['events.jsonl', '{"time":"2026-11-21T14:35:00.000Z","type":"note","message":"x"}\n'],
    ['results.json', '{}'],
    ['.kverdict', 'kverdict cache\n'],
    ['.kverdict', 'mine'],
  ] as const) {
    const out = mkdtempSync(join(root, 'foreign-'));
    writeFileSync(join(out, name), text);
    t.throws(() => RunDir.open(paths, out, now), {
      message: `\`${out}\` is not empty and holds no run of kverdict`,
      blame: 'user',
    });
    t.equal(readFileSync(join(out, name), 'utf8'), text);
  }
  t.end();
});

t.test('a run that was killed as it marked its folder does not stand in the way of the next', (t) => {
  const out = join(root, 'half-marked');
  mkdirSync(out);
  writeFileSync(join(out, '.kverdict'), '');
  RunDir.open(paths, out, new Date()).close();
  t.match(readFileSync(join(out, '.kverdict'), 'utf8'), /^kverdict run\n/);
  const strange = join(root, 'half-marked-and-mine');
  mkdirSync(strange);
  writeFileSync(join(strange, '.kverdict'), '');
  writeFileSync(join(strange, 'mine'), '');
  t.throws(() => RunDir.open(paths, strange, new Date()), {name: 'UserError'}, 'not where anything else is');
  t.end();
});

t.test('--out again leaves what the run before did not write', (t) => {
  const out = join(root, 'mixed');
  const first = RunDir.open(paths, out, now);
  first.write('results.json', '{}');
  writeFileSync(first.file('builds', 'x86_64-base.log'), 'log');
  writeFileSync(first.file('builds', 'notes.txt'), 'mine');
  mkdirSync(join(out, 'mine'));
  RunDir.open(paths, out, now);
  const names = readdirSync(out, {recursive: true, encoding: 'utf8'}).sort();
  t.same(names, ['.kverdict', 'builds', 'builds/notes.txt', 'events.jsonl', 'mine']);
  t.end();
});

t.test('--out again writes through no link, and over nothing that is not a file of ours', (t) => {
  const mine = join(root, 'mine.txt');
  writeFileSync(mine, 'mine');
  for (const name of ['events.jsonl', 'report.html', 'builds', 'builds/x86_64-base.log', 'verify/events.jsonl']) {
    const out = mkdtempSync(join(root, 'links-'));
    RunDir.open(paths, out, now);
    rmSync(join(out, name), {force: true});
    mkdirSync(dirname(join(out, name)), {recursive: true});
    if (name.startsWith('verify/')) mark(join(out, 'verify'), 'run');
    symlinkSync(mine, join(out, name));
    const message = `\`${join(out, name)}\` is in the way, and kverdict did not make it`;
    t.throws(() => RunDir.open(paths, out, now), {message, blame: 'user'});
    t.throws(() => RunDir.reopen(paths, out), {message}, 'nor when it is gone on with');
    t.equal(readlinkSync(join(out, name)), mine);
  }
  t.equal(readFileSync(mine, 'utf8'), 'mine');
  t.end();
});

t.test('--out where nothing can be made: an error, at once', (t) => {
  t.throws(() => RunDir.open(paths, '/proc/x', now), {
    message: "Cannot make the run's folder `/proc/x`: ENOENT: no such file or directory",
    blame: 'infra',
  });
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
