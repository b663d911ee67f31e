// SPDX-License-Identifier: MIT
/** Source without git, made a commit of a bare repository of ours. Called under the lock of the tree's import. */
import {existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync} from 'node:fs';
import {basename, dirname, join} from 'node:path';
import type {Context} from '../lib/context.js';
import {InfraError, UserError} from '../lib/errors.js';
import {inStep} from '../lib/events.js';
import {lastLines} from '../lib/text.js';
import {createGit, type Git} from './git.js';
import {isLinuxSource, notLinux, readKernelVersion} from './linux-makefile.js';
import type {TreePlace} from './source-tree.js';
import {writeWhole} from './user-repository.js';

/** How tar is told to unpack each ending; `xz -T0` takes all cores where the archive has blocks (Debian's has). */
const DECOMPRESSORS: readonly (readonly [RegExp, string[]])[] = [
  [/\.(?:tar\.xz|txz)$/, ['--use-compress-program=xz -T0']],
  [/\.(?:tar\.zst|tzst)$/, ['--zstd']],
  [/\.(?:tar\.gz|tgz)$/, ['--gzip']],
  [/\.(?:tar\.bz2|tbz2?)$/, ['--bzip2']],
  [/\.tar$/, []],
];

/**
 * `git add` with these streams every file into one pack. Measured on linux-source-6.12 (86 000 files, 1.4 GiB), CPU time:
 * 27 s and 329 MiB on disk; without compression 24 s and 1.4 GiB (git hashes the pack three times over); as loose
 * objects 15 s, 1.6 GiB and 86 000 more files.
 */
const FAST_ADD = ['-c', 'core.compression=1', '-c', 'core.bigFileThreshold=1'];

/** Files that only a kernel built inside its source has. */
const BUILT_IN_PLACE = ['.config', 'vmlinux', 'include/generated', 'include/config'];

export function isTarball(path: string): boolean {
  return DECOMPRESSORS.some(([ending]) => ending.test(path));
}

/**
 * Unpacks straight into the source directory, so that nothing has to be checked out afterwards. `imported` is written
 * last: an import that was killed is started again from nothing.
 */
export async function importTarball(ctx: Context, tree: TreePlace, tarball: string): Promise<void> {
  if (existsSync(marker(tree))) return;
  const label = `import ${basename(tarball)}`;
  await inStep(ctx.emit, 'tree', `import:${tree.id}`, label, async (step) => {
    const unpacked = join(dirname(tree.gitDir), 'unpack');
    for (const path of [tree.gitDir, tree.sourceDir, unpacked]) rmSync(path, {recursive: true, force: true});
    mkdirSync(unpacked, {recursive: true});
    try {
      step.progress(0, 3, 'unpacking');
      await unpack(ctx, tree, tarball, unpacked);
      const top = topOf(unpacked);
      if (!isLinuxSource(top)) throw notLinux(tree.origin);
      renameSync(top, tree.sourceDir);
    } finally {
      rmSync(unpacked, {recursive: true, force: true});
    }
    step.progress(1, 3, 'storing');
    const git = createGit(ctx, tree.gitDir);
    await initialise(git);
    const workTree = tree.sourceDir;
    const added = await git.run([...FAST_ADD, 'add', '-A', '-f', '.'], {workTree, cwd: workTree});
    if (added.exitCode !== 0) throw cannotImport(tree, added.stderr);
    step.progress(2, 3, 'committing');
    await commitImport(git, tree, {workTree});
  });
}

/**
 * Brings our copy to what the user's directory holds now; the index remembers sizes and times, so that an unchanged
 * directory costs one look at each file. The directory itself is only read.
 */
export async function importDirectory(ctx: Context, tree: TreePlace, directory: string): Promise<void> {
  const label = existsSync(marker(tree)) ? `look for changes in ${tree.origin}` : `import ${tree.origin}`;
  await inStep(ctx.emit, 'tree', `import:${tree.id}`, label, async (step) => {
    const git = createGit(ctx, tree.gitDir);
    const indexFile = join(tree.gitDir, 'import-index');
    if (!existsSync(marker(tree))) {
      rmSync(tree.gitDir, {recursive: true, force: true});
      await initialise(git);
    }
    sweepTorn(tree.gitDir, indexFile);
    // A pristine source keeps files that its own .gitignore names; after a build in place these are objects.
    const built = BUILT_IN_PLACE.some((name) => existsSync(join(directory, name)));
    if (built)
      ctx.emit({type: 'note', message: `\`${tree.origin}\` was built in place: what .gitignore names is left out`});
    const where = {workTree: directory, cwd: directory, indexFile};
    const added = await git.run([...FAST_ADD, 'add', '-A', ...(built ? [] : ['-f']), '.'], where);
    if (added.exitCode !== 0) throw cannotImport(tree, added.stderr);
    const changed = await commitImport(git, tree, where);
    step.end(changed ? 'ok' : 'cached');
  });
}

async function unpack(ctx: Context, tree: TreePlace, tarball: string, into: string): Promise<void> {
  const [, how] = DECOMPRESSORS.find(([ending]) => ending.test(tarball)) ?? [undefined, []];
  const words = ['-x', ...how, '-f', tarball, '-C', into, '--no-same-owner', '--no-same-permissions'];
  const done = await ctx.exec.run('tar', words);
  if (done.exitCode !== 0) throw cannotImport(tree, done.stderr);
}

/** Debian's and kernel.org's tarballs have one folder at the top. */
function topOf(unpacked: string): string {
  const [only, ...others] = readdirSync(unpacked);
  if (only === undefined || others.length > 0) return unpacked;
  const inside = join(unpacked, only);
  return statSync(inside).isDirectory() ? inside : unpacked;
}

async function initialise(git: Git): Promise<void> {
  mkdirSync(git.gitDir, {recursive: true});
  await git.runOk(['init', '-q', '--bare', '--template=', '--initial-branch=imported']);
}

/** True when the content is not what `HEAD` has already. The same content gives the same commit. */
async function commitImport(
  git: Git,
  tree: TreePlace,
  where: {workTree: string; indexFile?: string},
): Promise<boolean> {
  const content = await git.text(['write-tree'], where);
  const before = await git.run(['rev-parse', '--verify', '--quiet', 'HEAD^{tree}']);
  if (before.stdout.trim() === content && existsSync(marker(tree))) return false;
  const version = readKernelVersion(readFileSync(join(where.workTree, 'Makefile'), 'utf8')) ?? 'unknown';
  const date = '@0 +0000';
  const commit = await git.text(['commit-tree', content, '-m', `Linux ${version}, imported`], {
    env: {GIT_AUTHOR_DATE: date, GIT_COMMITTER_DATE: date},
  });
  await git.runOk(['update-ref', 'HEAD', commit]);
  await git.runOk(['update-ref', `refs/tags/v${version}-imported`, commit]);
  writeWhole(marker(tree), `${JSON.stringify({origin: tree.origin, version, commit})}\n`);
  return true;
}

/** What a killed `git add` leaves: we hold the lock, so nobody is using it. */
function sweepTorn(gitDir: string, indexFile: string): void {
  rmSync(`${indexFile}.lock`, {force: true});
  const packs = join(gitDir, 'objects/pack');
  if (!existsSync(packs)) return;
  for (const name of readdirSync(packs)) if (name.startsWith('tmp_')) rmSync(join(packs, name), {force: true});
}

function cannotImport(tree: TreePlace, stderr: string): Error {
  const said = lastLines(stderr, 6);
  if (/No space left on device/i.test(stderr)) {
    return new InfraError(`No space left to import \`${tree.origin}\`: ${said}`, {
      hint: `A kernel source takes about 2 GB under \`${dirname(tree.gitDir)}\`. \`kverdict clean\` frees the cache.`,
    });
  }
  return new UserError(`Cannot import \`${tree.origin}\`: ${said}`, {
    hint: 'Is it a whole kernel source, and can it be read? Download a tarball again that was cut off.',
  });
}

/** Written last. */
function marker(tree: TreePlace): string {
  return join(dirname(tree.gitDir), 'imported.json');
}
