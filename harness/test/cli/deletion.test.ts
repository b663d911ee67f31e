// SPDX-License-Identifier: MIT
/**
 * What is not kverdict's is there afterwards: files, folders, links and FIFOs are planted around and inside the folders
 * that it deletes in, under names that people give and names that it gives itself; then all that deletes is called.
 *
 * What is not looked at: a regular file under a name that kverdict gives in a folder that it marked is kverdict's, and
 * so is all that lies in what git, make and ccache fill (`src`, `git`, `O-*`, `programs/*`, `ccache/0`).
 */

import {execFileSync} from 'node:child_process';
import {
  existsSync,
  linkSync,
  lstatSync,
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
import fc from 'fast-check';
import t from 'tap';
import {PARTS, removePart} from '../../cli/kept.js';
import {putInPlace} from '../../image/draft.js';
import type {Context} from '../../lib/context.js';
import {UserError} from '../../lib/errors.js';
import {noEvents} from '../../lib/events.js';
import {createExec} from '../../lib/exec.js';
import {mark} from '../../lib/own-mark.js';
import {ownRoots} from '../../lib/roots.js';
import {removeEntry} from '../../lib/store.js';
import {sweepFolders} from '../../lib/sweep.js';
import {makeTempDir} from '../../lib/temp-dir.js';
import {RunDir} from '../../run/run-dir.js';

const RUNS = Number(process.env.KVERDICT_LAYOUTS ?? 1000);
const DEAD = '32767-1';
const HASH = 'a1b2c3d4e5';
const KEY = 'ab'.repeat(32);
// A hundred thousand small files: in memory, where there is such a place.
const top = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'kverdict-plants-'));
t.teardown(() => rmSync(top, {recursive: true, force: true}));
t.setTimeout(120_000);
const fifo = join(top, 'fifo');
execFileSync('mkfifo', [fifo]);
const victim = join(top, 'victim');
mkdirSync(victim);
writeFileSync(join(victim, 'thesis.txt'), 'thesis');

/** Folders that kverdict deletes in, below the top of a layout. */
const PLACES = [
  ...['.', 'out', 'out/builds', 'out/guests', 'out/guests/g1', 'out/attempts', 'out/attempts/p/s/t', 'out/reports'],
  ...[
    'out/programs',
    'out/verify',
    'out/verify/builds',
    'out/steps',
    'out/main-1',
    'cache',
    'cache/tmp',
    'cache/trees',
  ],
  ...[`cache/trees/linux-${HASH}`, 'cache/mirrors', 'cache/images', `cache/images/x86_64-${'0'.repeat(16)}`],
  ...['cache/store', 'cache/store/kernel', `cache/store/kernel/${KEY}`, 'cache/ccache', 'state', 'state/runs'],
  ...['state/runs/20261121-143500-4711', 'state/runs/nightly-mm', 'state/accelerator', 'state/self-checks'],
  ...['runtime', `runtime/${DEAD}`, `runtime/${DEAD}/gabcdef`],
];

/** What kverdict itself leaves in them. */
const OURS = [
  ...['out/events.jsonl', 'out/results.json', 'out/builds/x86_64-base.log', 'out/guests/g1/g1.console.log'],
  ...['out/attempts/p/s/t/base-1.log', 'out/programs/x86_64/race', 'out/verify/results.json', 'out/reports/b4.json'],
  ...[`cache/trees/linux-${HASH}/src/Makefile`, `cache/trees/linux-${HASH}/imported.json`, 'cache/ccache/0/x'],
  ...[`cache/images/x86_64-${'0'.repeat(16)}/initrd.cpio`, `cache/store/kernel/${KEY}/image`],
  ...['state/runs/20261121-143500-4711/events.jsonl', 'state/accelerator/x.json'],
];

interface Plant {
  place: string;
  name: string;
  kind: 'file' | 'folder' | 'link to a file' | 'link to a folder' | 'dangling link' | 'fifo' | 'hard link';
}

/** Names of people, which no table has. */
const THEIRS = ['notes.txt', '2026-08 holiday', 'thesis', '.git', 'a\nb', 'results.json.bak', '99999999-1', 'core'];
/** Names that kverdict gives somewhere: under them nothing but a regular file or a marked folder is its own. */
const LIKE_OURS = [
  ...['events.jsonl', 'results.json', 'store', 'trees', 'runs', 'tmp', 'src', 'git', DEAD, `${DEAD}-x-abcdef`, KEY],
  ...[`linux-${HASH}`, '20261121-143500-4712', 'x86_64-patched.log', 'gabcdeg', 'qmp', 'manifest.json', 'index'],
];
const ODD = ' \n\t*?[{$`"\'\\\u00e9\u202e\u0085-.^+aZ0'.split('');
const plants = fc.array(
  fc.oneof(
    fc.record({
      place: fc.constantFrom(...PLACES),
      name: fc.oneof(
        fc.constantFrom(...THEIRS),
        fc.array(fc.constantFrom(...ODD), {maxLength: 8}).map((letters) => `~${letters.join('')}`),
      ),
      kind: fc.constantFrom('file' as const, 'folder' as const, 'hard link' as const),
    }),
    fc.record({
      place: fc.constantFrom(...PLACES),
      name: fc.oneof(fc.constantFrom(...THEIRS), fc.constantFrom(...LIKE_OURS)),
      kind: fc.constantFrom(...(['link to a file', 'link to a folder', 'dangling link', 'fifo'] as const)),
    }),
  ),
  {minLength: 1, maxLength: 8},
);

function plant(root: string, {place, name, kind}: Plant): string | undefined {
  const path = join(root, place, name);
  if (lstatSync(path, {throwIfNoEntry: false}) !== undefined) return undefined;
  if (kind === 'file') writeFileSync(path, 'mine');
  else if (kind === 'folder') {
    mkdirSync(path);
    writeFileSync(join(path, 'mine.txt'), 'mine');
  } else if (kind === 'hard link') linkSync(join(victim, 'thesis.txt'), path);
  else if (kind === 'fifo') linkSync(fifo, path);
  else
    symlinkSync(
      {'link to a file': join(victim, 'thesis.txt'), 'link to a folder': victim}[kind as never] ?? 'no',
      path,
    );
  return path;
}

/** Type and content of what was planted. */
function look(path: string): string {
  const stat = lstatSync(path, {throwIfNoEntry: false});
  if (stat === undefined) return 'gone';
  if (stat.isSymbolicLink()) return `link ${readlinkSync(path)}`;
  if (stat.isDirectory()) return `folder ${readdirSync(path).map((name) => look(join(path, name)))}`;
  return stat.isFile() ? `file ${readFileSync(path, 'utf8')}` : `mode ${stat.mode}`;
}

function layout(root: string): Context {
  const paths = {project: root, cache: join(root, 'cache'), state: join(root, 'state'), runtime: join(root, 'runtime')};
  const {signal} = new AbortController();
  for (const folder of PLACES) mkdirSync(join(root, folder), {recursive: true, mode: 0o700});
  for (const file of OURS) {
    mkdirSync(dirname(join(root, file)), {recursive: true});
    writeFileSync(join(root, file), 'ours');
  }
  const manifest = JSON.stringify({files: [{name: 'image', bytes: 4, sha256: ''}]});
  writeFileSync(join(root, 'cache/store/kernel', KEY, 'manifest.json'), manifest);
  for (const run of ['out', 'out/verify', 'state/runs/20261121-143500-4711']) mark(join(root, run), 'run');
  ownRoots(paths);
  return {paths, emit: noEvents, signal, exec: createExec(noEvents, signal, paths.runtime)};
}

/** Everything that deletes. */
async function deleteAll(ctx: Context, root: string): Promise<void> {
  try {
    RunDir.open(ctx.paths, join(root, 'out'), new Date()).close();
  } catch (error) {
    // Something that is no file of ours has the name of one: it is left, and said.
    if (!(error instanceof UserError)) throw error;
  }
  sweepFolders(ctx.paths);
  makeTempDir(ctx, 'x')[Symbol.dispose]();
  removeEntry(join(ctx.paths.cache, 'store'), 'kernel', KEY);
  await putInPlace(join(ctx.paths.cache, 'images', `x86_64-${'0'.repeat(16)}`), 'it', async (work) => {
    writeFileSync(join(work, 'packages.json'), '[]');
    return work;
  });
  for (const part of Object.values(PARTS)) {
    for (const name of Object.keys(part.folders)) removePart(ctx.paths, part, name);
  }
}

t.test(`${RUNS} layouts`, async (t) => {
  let number = 0;
  const property = fc.asyncProperty(plants, async (wanted) => {
    const root = join(top, String(++number));
    const ctx = layout(root);
    const planted = wanted.flatMap((one) => plant(root, one) ?? []);
    const before = planted.map(look);
    await deleteAll(ctx, root);
    const after = planted.map(look);
    rmSync(root, {recursive: true});
    for (const [at, path] of planted.entries()) {
      if (before[at] !== after[at]) throw new Error(`${path}: ${before[at]} became ${after[at]}`);
    }
  });
  const {failed, counterexample, errorInstance, numRuns} = await fc.check(property, {numRuns: RUNS});
  t.equal(failed, false, `${JSON.stringify(counterexample)} ${errorInstance}`);
  t.equal(numRuns, RUNS);
  t.same(readdirSync(victim), ['thesis.txt']);
  t.equal(readFileSync(join(victim, 'thesis.txt'), 'utf8'), 'thesis');
});

t.test('and with nothing planted, nothing is left', async (t) => {
  const root = join(top, 'plain');
  const ctx = layout(root);
  await deleteAll(ctx, root);
  const left = readdirSync(root, {recursive: true, encoding: 'utf8'}).sort();
  const marks = ['cache/.kverdict', 'out/.kverdict', 'out/events.jsonl', 'runtime/.kverdict', 'state/.kverdict'];
  t.same(left, ['cache', 'cache/tmp', 'out', 'runtime', 'state', ...marks].sort());
});
