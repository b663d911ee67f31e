// SPDX-License-Identifier: MIT
import {chmodSync, existsSync, readdirSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import t from 'tap';
import {KernelError} from '../../lib/errors.js';
import {applySeries, SeriesConflict} from '../../tree/apply.js';
import {gitDate} from '../../tree/commit-patch.js';
import {openTree} from '../../tree/open-tree.js';
import type {SourceTree} from '../../tree/source-tree.js';
import {
  commitAll,
  git,
  type Lab,
  listing,
  MEMORY_C,
  MEMORY_DIFF,
  makeLab,
  patch,
  RMAP_DIFF,
  series,
  write,
  writeRepository,
} from './fake-linux.js';

const ONE = patch(1, 'mm: one', MEMORY_DIFF, ['mm/memory.c']);
const TWO = patch(2, 'mm: two', RMAP_DIFF, ['mm/rmap.c']);

async function open(t: {teardown(f: () => void): void}): Promise<{lab: Lab; tree: SourceTree; user: string}> {
  const lab = makeLab(t);
  const user = writeRepository(join(lab.root, 'linux'));
  return {lab, tree: await openTree(lab, {tree: user}), user};
}

t.test('one commit a patch, with its author and date, and nothing else left behind', async (t) => {
  const {lab, tree, user} = await open(t);
  const before = listing(user);
  const {commit, touchedFiles} = await applySeries(lab, tree, series(ONE, TWO), tree.head);
  t.same(touchedFiles, ['mm/memory.c', 'mm/rmap.c']);
  const log = git(tree.gitDir, 'log', '--format=%an <%ae>|%aI|%cn|%s|%b', `${tree.head}..${commit}`).split('\n');
  t.same(
    log.filter((line) => line !== ''),
    [
      'Jörg Author <joerg@example.org>|2026-11-03T11:22:33+02:00|kverdict|mm: two|Because.',
      'Jörg Author <joerg@example.org>|2026-11-03T11:22:33+02:00|kverdict|mm: one|Because.',
    ],
  );
  t.equal(
    (await applySeries(lab, tree, series(ONE, TWO), tree.head)).commit,
    commit,
    'the same input, the same commit',
  );
  t.same(readdirSync(join(lab.paths.cache, 'tmp')), []);
  t.notOk(existsSync(join(tree.gitDir, 'index')), 'the index of the source directory was not used');
  t.same(listing(user), before);
});

t.test('a conflict names patch, files and says what git said', async (t) => {
  const {lab, tree} = await open(t);
  const bad = patch(2, 'mm: bad', MEMORY_DIFF.replace('int fault(void)', 'int other(void)'), ['mm/memory.c']);
  const error = await applySeries(lab, tree, series({...TWO, number: 1}, bad), tree.head).catch((e: unknown) => e);
  t.ok(error instanceof SeriesConflict && error instanceof KernelError, 'a finding about the series');
  const {message, patch: number, subject, files, gitError, hint} = error as SeriesConflict;
  t.same({number, subject, files}, {number: 2, subject: 'mm: bad', files: ['mm/memory.c']});
  t.equal(gitError, 'error: patch failed: mm/memory.c:2\nerror: mm/memory.c: patch does not apply');
  t.equal(message, `Patch 2/2 "mm: bad" does not apply: ${gitError}`);
  t.match(hint, /--base REV/);
  t.same(readdirSync(join(lab.paths.cache, 'tmp')), []);
});

t.test('that only white space differs is said, and nothing is applied', async (t) => {
  const {lab, tree} = await open(t);
  const spaced = patch(1, 'mm: one', MEMORY_DIFF.replaceAll('\t', '        '), ['mm/memory.c']);
  const error = await applySeries(lab, tree, series(spaced), tree.head).catch((e: unknown) => e);
  t.ok(error instanceof SeriesConflict);
  t.equal((error as SeriesConflict).patch, 1);
  t.match((error as SeriesConflict).hint, /^It applies when white space is not looked at: .*tabs into blanks/);
});

t.test('a change that is there already is asked about', async (t) => {
  const {lab, tree} = await open(t);
  await t.rejects(applySeries(lab, tree, series(ONE, {...ONE, number: 2}), tree.head), {
    patch: 2,
    message: /Patch 2\/2 "mm: one" does not apply: [\s\S]*\(already applied\?\)$/,
    hint: /the base holds this change/,
  });
});

t.test('where the blobs are known, git merges', async (t) => {
  const {lab, tree, user} = await open(t);
  write(user, {'mm/memory.c': MEMORY_C.replace('return 0', 'return 1')});
  commitAll(user, 'the patch');
  const text = `${git(user, 'diff', '--full-index', 'HEAD~1', 'HEAD')}\n`;
  const diff = Buffer.from(text);
  git(user, 'checkout', '-q', '-b', 'moved', 'HEAD~1');
  write(user, {'mm/memory.c': MEMORY_C.replace('\n\nint fault', '\nint near;\nint fault')});
  const moved = commitAll(user, 'the context moved');
  const error = await applySeries(
    lab,
    tree,
    series({...ONE, diff: Buffer.from(text.replace(/^index .*$/m, ''))}),
    moved,
  ).catch((e: unknown) => e);
  t.ok(error instanceof SeriesConflict, 'without blob names it does not apply');
  const {commit} = await applySeries(lab, tree, series({...ONE, diff}), moved);
  t.match(git(tree.gitDir, 'show', `${commit}:mm/memory.c`), /int near;[\s\S]*return 1/);
  t.ok(lab.notes().includes('Patch 1/1 "mm: one" applied by a three-way merge'));
});

t.test('bytes that are not UTF-8 reach the file as they are', async (t) => {
  const {lab, tree, user} = await open(t);
  writeFileSync(join(user, 'mm/rmap.c'), Buffer.from('int rmap; /* M\xfcller */\n', 'latin1'));
  const head = commitAll(user, 'latin');
  const diff = Buffer.from(RMAP_DIFF.replace(' int rmap;', ' int rmap; /* M\xfcller */'), 'latin1');
  const {commit} = await applySeries(lab, tree, series({...TWO, number: 1, diff}), head);
  t.match(git(tree.gitDir, 'show', '--stat', commit), /1 insertion/);
});

t.test('renames, modes, new, deleted and empty files', async (t) => {
  const {lab, tree, user} = await open(t);
  git(user, 'mv', 'mm/rmap.c', 'mm/reverse.c');
  git(user, 'rm', '-q', 'kernel/fork.c');
  write(user, {'mm/empty.h': '', 'mm/new.c': 'int new;\n', 'mm/blob.bin': 'a\0b'});
  chmodSync(join(user, 'mm/memory.c'), 0o755);
  git(user, 'add', '-A');
  const diff = Buffer.from(`${git(user, 'diff', '--cached', '--binary', '--full-index', '-M', 'HEAD')}\n\n`);
  const {commit, touchedFiles} = await applySeries(lab, tree, series({...ONE, diff}), tree.head);
  t.equal(git(tree.gitDir, 'rev-parse', `${commit}^{tree}`), git(user, 'write-tree'));
  t.same(touchedFiles.toSorted(), [
    'kernel/fork.c',
    'mm/blob.bin',
    'mm/empty.h',
    'mm/memory.c',
    'mm/new.c',
    'mm/reverse.c',
    'mm/rmap.c',
  ]);
});

t.test('authors and dates that mail programs made up', async (t) => {
  const {lab, tree} = await open(t);
  const odd = {...ONE, author: {name: '', email: 'x@y'}, date: 'yesterday'};
  const {commit} = await applySeries(lab, tree, series(odd), tree.head);
  t.equal(
    git(tree.gitDir, 'log', '-1', '--format=%an <%ae> %at', commit),
    `x <x@y> ${Date.UTC(2026, 10, 2, 9) / 1000}`,
  );
  t.equal(gitDate('Mon, 2 Nov 2026 10:00:00 +0100 (CET)'), `@${Date.UTC(2026, 10, 2, 9) / 1000} +0100`);
  t.equal(gitDate('Mon, 1 Jan 1900 10:00:00 +0100'), undefined);
});

t.test('git is deaf to the environment that kverdict was started in', async (t) => {
  const {lab, tree} = await open(t);
  const foreign = {GIT_DIR: '/nonexistent', GIT_INDEX_FILE: '/nonexistent/index', GIT_OBJECT_DIRECTORY: '/nonexistent'};
  t.teardown(() => {
    for (const name of Object.keys(foreign)) delete process.env[name];
  });
  Object.assign(process.env, foreign);
  t.same((await applySeries(lab, tree, series(ONE), tree.head)).touchedFiles, ['mm/memory.c']);
});
