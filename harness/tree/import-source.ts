// SPDX-License-Identifier: MIT
/** Source without git, made a commit of a bare repository of ours. Called under the lock of the tree's import. */
import {existsSync, mkdirSync, readdirSync, renameSync, rmSync} from 'node:fs';
import {basename, dirname, join} from 'node:path';
import type {Context} from '../lib/context.js';
import {inStep} from '../lib/events.js';
import {writeWhole} from '../lib/write-whole.js';
import {createGit, type Git} from './git.js';
import {isLinuxSource, notLinux, versionOfSource} from './linux-makefile.js';
import type {TreePlace} from './source-tree.js';
import {cannotImport, unpackTarball} from './unpack.js';

/**
 * `git add` with these streams every file into one pack. Measured on linux-source-6.12 (86 000 files, 1.4 GiB), CPU time:
 * 27 s and 329 MiB on disk; without compression 24 s and 1.4 GiB (git hashes the pack three times over); as loose
 * objects 15 s, 1.6 GiB and 86 000 more files.
 */
const FAST_ADD = ['-c', 'core.compression=1', '-c', 'core.bigFileThreshold=1'];

/** Files that only a kernel built inside its source has. */
const BUILT_IN_PLACE = ['.config', 'vmlinux', 'include/generated', 'include/config'];

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
      const top = await unpackTarball(ctx, tree.origin, tarball, unpacked);
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
    if (added.exitCode !== 0) throw cannotImport(tree.origin, added.stderr, dirname(tree.gitDir));
    await leaveOutNested(git, {workTree});
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
    // In a nested repository that the index knows, `git add` runs `git status`, and that what its configuration says.
    await leaveOutNested(git, where);
    const added = await git.run([...FAST_ADD, 'add', '-A', ...(built ? [] : ['-f']), '.'], where);
    if (added.exitCode !== 0) throw cannotImport(tree.origin, added.stderr, dirname(tree.gitDir));
    const nested = await leaveOutNested(git, where);
    if (nested > 0)
      ctx.emit({type: 'warning', message: `${nested} git repositories inside \`${tree.origin}\` are left out`});
    const changed = await commitImport(git, tree, where);
    step.end(changed ? 'ok' : 'cached');
  });
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
  const version = versionOfSource(where.workTree) ?? 'unknown';
  const date = '@0 +0000';
  const commit = await git.text(['commit-tree', content, '-m', `Linux ${version}, imported`], {
    env: {GIT_AUTHOR_DATE: date, GIT_COMMITTER_DATE: date},
  });
  await git.runOk(['update-ref', 'HEAD', commit]);
  await git.runOk(['update-ref', `refs/tags/v${version}-imported`, commit]);
  writeWhole(marker(tree), `${JSON.stringify({origin: tree.origin, version, commit})}\n`);
  return true;
}

/** Takes repositories inside the source (mode 160000) out of the index; their number. */
async function leaveOutNested(git: Git, where: {workTree: string; indexFile?: string}): Promise<number> {
  const entries = (await git.text(['ls-files', '-s', '-z'], where)).split('\0');
  const nested = entries
    .filter((entry) => entry.startsWith('160000 '))
    .map((entry) => entry.slice(entry.indexOf('\t') + 1));
  if (nested.length > 0) {
    await git.runOk(['update-index', '-z', '--force-remove', '--stdin'], {
      ...where,
      cwd: where.workTree,
      input: nested.join('\0'),
    });
  }
  return nested.length;
}

/** What a killed `git add` leaves: we hold the lock, so nobody is using it. */
function sweepTorn(gitDir: string, indexFile: string): void {
  rmSync(`${indexFile}.lock`, {force: true});
  const packs = join(gitDir, 'objects/pack');
  if (!existsSync(packs)) return;
  for (const name of readdirSync(packs)) if (name.startsWith('tmp_')) rmSync(join(packs, name), {force: true});
}

/** Written last. */
function marker(tree: TreePlace): string {
  return join(dirname(tree.gitDir), 'imported.json');
}
