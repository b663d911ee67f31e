// SPDX-License-Identifier: MIT
import {join} from 'node:path';
import t from 'tap';
import {readSeries} from '../../series/read-series.js';
import type {Series} from '../../series/series.js';
import type {SeriesConflict} from '../../tree/apply.js';
import {applyOnBase} from '../../tree/choose-base.js';
import {openTree} from '../../tree/open-tree.js';
import type {SourceTree} from '../../tree/source-tree.js';
import {matchExactly} from '../match-exactly.js';
import {
  commitAll,
  git,
  type Lab,
  MEMORY_C,
  MEMORY_DIFF,
  makeLab,
  patch,
  series,
  write,
  writeRepository,
} from './fake-linux.js';

const ONE = patch(1, 'mm: one', MEMORY_DIFF, ['mm/memory.c']);
const ABSENT = '0123456789'.repeat(4);

interface Place {
  lab: Lab;
  user: string;
  tree: SourceTree;
  /** The first commit, where the series applies. */
  old: string;
}

/** HEAD has another `fault`, so that the series only fits what is older. */
async function changedHead(t: {teardown(f: () => void): void}): Promise<Place> {
  const lab = makeLab(t);
  const user = writeRepository(join(lab.root, 'linux'));
  const old = git(user, 'rev-parse', 'HEAD');
  write(user, {'mm/memory.c': MEMORY_C.replace('return 0', 'return 42')});
  commitAll(user, 'other');
  return {lab, user, old, tree: await openTree(lab, {tree: user})};
}

async function conflictOf(lab: Lab, tree: SourceTree, which: Series, base?: string): Promise<SeriesConflict> {
  const error: unknown = await applyOnBase(lab, tree, which, base === undefined ? {} : {base}).catch((e: unknown) => e);
  return error as SeriesConflict;
}

t.test('base-commit: comes before HEAD', async (t) => {
  const {lab, tree, old} = await changedHead(t);
  const {base, patched} = await applyOnBase(lab, tree, {...series(ONE), baseCommit: old});
  t.match(base, {commit: old, how: 'base-commit:', name: 'v6.12.7', attempts: [{candidate: old, commit: old}]});
  t.equal(base.attempts[0]?.error, undefined);
  t.same(patched.touchedFiles, ['mm/memory.c']);
});

t.test('what does not fit is kept with git’s words, then tags are tried', async (t) => {
  const {lab, tree, old} = await changedHead(t);
  const prerequisites = ['89abcdef'.repeat(5)];
  const {base} = await applyOnBase(lab, tree, {...series(ONE), baseCommit: ABSENT, prerequisites});
  t.match(base, {commit: old, how: 'tag', name: 'v6.12.7'});
  t.match(base.attempts, [
    {candidate: ABSENT, how: 'base-commit:', error: /^fatal: /},
    {
      candidate: tree.head,
      how: 'HEAD',
      commit: tree.head,
      patch: 1,
      files: ['mm/memory.c'],
      error: /patch does not apply/,
    },
    {candidate: 'v6.12.7', how: 'tag', commit: old},
  ]);
  t.match(lab.notes().join('\n'), /Base HEAD .*: does not fit: patch 1: error: patch failed: mm\/memory.c/);
  t.match(lab.notes().join('\n'), /names 1 prerequisite patches \(89abcdef89ab\) that were not applied/);
});

t.test('where the branch left origin/master', async (t) => {
  const {lab, user, tree, old} = await changedHead(t);
  git(user, 'tag', '-d', 'v6.12.7');
  git(user, 'update-ref', 'refs/remotes/origin/master', old);
  const {base} = await applyOnBase(lab, tree, series(ONE));
  t.match(base, {commit: old, how: 'merge base with origin/master'});
});

t.test('--base is the only one', async (t) => {
  const {lab, tree, old} = await changedHead(t);
  t.match(await applyOnBase(lab, tree, series(ONE), {base: 'v6.12.7'}), {base: {commit: old, how: '--base'}});
  const error = await conflictOf(lab, tree, {...series(ONE), baseCommit: old}, 'HEAD');
  t.equal(error.name, 'SeriesConflict');
  t.equal(error.blame, 'kernel');
  t.equal(error.attempts.length, 1);
  t.match(
    error.message,
    /^The series "mm: one" does not apply to `.*`: patch 1\/1 "mm: one" \(mm\/memory.c\)\nBases tried:\n {2}--base HEAD \([0-9a-f]{12}\): patch 1: error: patch failed/,
  );
});

t.test('a --base that the tree does not have is no fault of the series', async (t) => {
  const {lab, tree} = await changedHead(t);
  const error = await conflictOf(lab, tree, series(ONE), 'v6.12.77');
  t.equal(error.name, 'UserError');
  t.match(error.message, /^`.*linux` has no commit `v6\.12\.77`: fatal: Needed a single revision$/);
  t.equal(error.hint, 'Is it fetched? `git fetch` in the tree, then again.');
});

t.test('none fits: every base is listed', async (t) => {
  const {lab, tree} = await changedHead(t);
  const never = {...ONE, diff: Buffer.from(MEMORY_DIFF.replace('return 0', 'return 7'))};
  const error = await conflictOf(lab, tree, {...series(never), baseCommit: ABSENT});
  t.same(
    error.attempts.map(({how}) => how),
    ['base-commit:', 'HEAD', 'tag'],
  );
  t.match(error.message, /base-commit: 0123456789.*\n {2}HEAD .*\n.*\n {2}tag v6.12.7/);
  t.notMatch(error.message, /another project/);
  t.match(error.hint, /--base REV/);
});

t.test('a patch for another project', async (t) => {
  const {lab, tree} = await changedHead(t);
  const foreign = patch(1, 'ls: colour', MEMORY_DIFF.replaceAll('mm/memory.c', 'src/ls.c'), ['src/ls.c']);
  const error = await conflictOf(lab, tree, series(foreign));
  t.equal(error.name, 'UserError', 'the kernel has nothing to do with it');
  t.match(
    error.message,
    /^Most files of the series do not exist in this tree: is it for another project\?\nThe series "ls: colour" does not apply to .*src\/ls.c: does not exist in index/s,
  );
  t.equal(error.hint, 'Check `--tree`: is it the project that the series was made for?');
});

t.test('a range of the tree needs no applying', async (t) => {
  const {lab, user, tree, old} = await changedHead(t);
  write(user, {'mm/rmap.c': 'int rmap2;\n', 'M\xfc.c': 'x\n'});
  const head = commitAll(user, 'mm: zwei\n\ndiff --git a/x b/x\n--- a/x\n\nBody.');
  const from = {tree, stdin: async () => new Uint8Array(), cwd: lab.root};
  const read = await readSeries(lab, ['HEAD~2..'], from);
  matchExactly(t, read, {title: '2 commits of HEAD~2..', range: {base: old, head}, source: 'HEAD~2..', notes: []});
  t.match(read.patches, [
    {number: 1, subject: 'other', files: ['mm/memory.c']},
    {number: 2, subject: 'mm: zwei', message: 'diff --git a/x b/x\n--- a/x\n\nBody.', files: ['M\xfc.c', 'mm/rmap.c']},
  ]);
  const {base, patched} = await applyOnBase(lab, tree, read);
  t.match(base, {commit: old, how: 'base of the range HEAD~2..', name: 'v6.12.7'});
  t.equal(patched.commit, head, 'the very commit of the user');
  t.same(patched.touchedFiles.toSorted(), ['M\xfc.c', 'mm/memory.c', 'mm/rmap.c'].toSorted());
  const moved = await applyOnBase(lab, tree, await readSeries(lab, ['HEAD~1..HEAD'], from), {base: 'v6.12.7'});
  t.not(moved.patched.commit, head, 'on another base it is applied');
  t.equal(git(tree.gitDir, 'show', `${moved.patched.commit}:mm/rmap.c`), 'int rmap2;');

  const refused = (word: string, message: RegExp): Promise<unknown> =>
    t.rejects(readSeries(lab, [word], from), {name: 'UserError', message});
  await refused('HEAD..HEAD', /The range `HEAD..HEAD` has no commits/);
  await refused('nope..HEAD', /The tree has no commit `nope` \(in the range `nope..HEAD`\): fatal/);
  await refused('HEAD~1...HEAD', /symmetric difference/);
});
