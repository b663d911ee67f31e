// SPDX-License-Identifier: MIT
/** Bare repositories of ours that follow branches of others. */
import {createHash} from 'node:crypto';
import {existsSync, mkdirSync, readdirSync, rmSync, writeFileSync} from 'node:fs';
import {isAbsolute, join} from 'node:path';
import type {Context} from '../lib/context.js';
import {InfraError, UserError} from '../lib/errors.js';
import {inStep} from '../lib/events.js';
import type {Completed} from '../lib/exec.js';
import {type OwnGitDir, ownGitDir} from '../lib/git-command.js';
import {makeTempDir} from '../lib/temp-dir.js';
import {cleanLine} from '../lib/text.js';
import {createGit, type Git} from './git.js';
import {findUserRepository, trustedFolders} from './user-repository.js';

/** A kernel's whole history over a slow line; a server that says nothing is given up much earlier. */
const FETCH_SECONDS = 6 * 3600;
const LIST_SECONDS = 120;
/** git ends a transfer that brings less than so many bytes a second for so long. */
const STALL = ['-c', 'http.lowSpeedLimit=1000', '-c', 'http.lowSpeedTime=120'];

/** A branch as it was fetched. */
export interface Fetched {
  /** The bare repository, a tree for `openTree`. */
  path: string;
  /** Hash of the branch's tip. */
  tip: string;
}

/**
 * Brings our copy of a branch up to date; a branch that was rebased is followed. Objects that no branch holds any more
 * stay, so that a commit that was judged can be built again. The caller keeps others away.
 *
 * @param url what git fetches from: an address, or an absolute path
 * @throws UserError when there is no such branch; InfraError when it cannot be fetched, with git's own words
 */
export async function fetchBranch(ctx: Context, {url, branch}: {url: string; branch: string}): Promise<Fetched> {
  const path = mirrorPath(ctx, url);
  const git = createGit(ctx, path);
  const ref = `refs/heads/${branch}`;
  return inStep(ctx.emit, 'tree', `fetch:${path}:${branch}`, `fetch ${branch} of ${url}`, async (step) => {
    await open(git, path, ref);
    const before = await tipOf(git, ref);
    const words = ['fetch', '--no-write-fetch-head', '--no-recurse-submodules', '--force', url, `+${ref}:${ref}`];
    const done = await askServer(ctx, git, url, words, FETCH_SECONDS);
    if (done.exitCode !== 0) throw cannotFetch(url, branch, done.stderr, done.timedOut);
    const tip = await tipOf(git, ref);
    if (tip === undefined) throw new InfraError(`git fetched ${branch} of ${url}, and it is not there`);
    step.end(tip === before ? 'cached' : 'ok', tip.slice(0, 12));
    return {path, tip};
  });
}

/** The tip of a branch at its server; nothing is fetched. @throws as `fetchBranch` */
export async function askTip(ctx: Context, {url, branch}: {url: string; branch: string}): Promise<string> {
  const git = createGit(ctx, mirrorPath(ctx, url));
  const done = await askServer(ctx, git, url, ['ls-remote', '--', url, `refs/heads/${branch}`], LIST_SECONDS);
  if (done.exitCode !== 0) throw cannotFetch(url, branch, done.stderr, done.timedOut);
  const [tip = ''] = done.stdout.split('\t');
  if (tip === '') throw noBranch(url, branch);
  return tip;
}

/** Is a commit in our copy? When it is not, the server is asked for it: some give any commit that they still have. */
export async function ensureCommit(ctx: Context, {url, commit}: {url: string; commit: string}): Promise<boolean> {
  const git = createGit(ctx, mirrorPath(ctx, url));
  const isThere = async (): Promise<boolean> =>
    (await git.run(['cat-file', '-e', `${commit}^{commit}`])).exitCode === 0;
  if (await isThere()) return true;
  await askServer(ctx, git, url, ['fetch', '--no-write-fetch-head', url, commit], FETCH_SECONDS);
  return isThere();
}

/**
 * git, with the network. A repository of this computer is one of the user's: git's own server for it starts in a fresh
 * environment, so what the user calls safe reaches it by a file.
 * @throws UserError when it belongs to somebody else whom the user's git does not trust
 */
async function askServer(
  ctx: Context,
  git: Git,
  url: string,
  words: readonly string[],
  timeoutSeconds: number,
): Promise<Completed> {
  const path = url.replace(/^file:\/\//, '');
  const options = {network: true, timeoutSeconds} as const;
  if (!isAbsolute(path) || !existsSync(path)) return git.run([...STALL, ...words], options);
  await findUserRepository(ctx, path);
  using temp = makeTempDir(ctx, 'trusted');
  const file = join(temp.path, 'config');
  const lines = (await trustedFolders(ctx)).map((folder) => `\tdirectory = ${JSON.stringify(folder)}\n`);
  writeFileSync(file, `[safe]\n${lines.join('')}`);
  return await git.run([...STALL, ...words], {...options, env: {GIT_CONFIG_GLOBAL: file}});
}

function mirrorPath(ctx: Context, url: string): OwnGitDir {
  const name = /([^/:]+?)(?:\.git)?\/*$/
    .exec(url)?.[1]
    ?.replace(/[^A-Za-z0-9._-]+/g, '-')
    .replace(/^[.-]+/, '');
  const hash = createHash('sha256').update(url).digest('hex').slice(0, 10);
  return ownGitDir(ctx.paths, 'mirrors', `${(name || 'tree').slice(0, 40)}-${hash}.git`);
}

async function open(git: Git, path: string, ref: string): Promise<void> {
  if (!existsSync(join(path, 'objects/info'))) {
    mkdirSync(path, {recursive: true});
    await git.runOk(['init', '-q', '--bare', '--template=']);
    mkdirSync(join(path, 'objects/info'), {recursive: true});
  }
  sweepLocks(path);
  // A tree is opened at its HEAD: that of the branch that is looked at.
  await git.runOk(['symbolic-ref', 'HEAD', ref]);
}

/** A fetch that was killed leaves them, and git would wait for nobody. */
function sweepLocks(path: string): void {
  for (const name of readdirSync(path)) if (name.endsWith('.lock')) rmSync(join(path, name), {force: true});
  const refs = join(path, 'refs');
  for (const name of readdirSync(refs, {recursive: true, encoding: 'utf8'}))
    if (name.endsWith('.lock')) rmSync(join(refs, name), {force: true});
}

async function tipOf(git: Git, ref: string): Promise<string | undefined> {
  const found = await git.run(['rev-parse', '--verify', '--quiet', `${ref}^{commit}`]);
  return found.exitCode === 0 ? found.stdout.trim() : undefined;
}

function cannotFetch(url: string, branch: string, said: string, timedOut: boolean): Error {
  if (/couldn't find remote ref/i.test(said)) return noBranch(url, branch);
  const words = said.split('\n').filter((line) => line.trim() !== '');
  const why = timedOut ? 'it took too long' : cleanLine(words.join('; '));
  return new InfraError(`Cannot fetch ${branch} of ${url}: ${why}`, {
    hint: 'Your own git configuration is not read: addresses are used as they are, keys come from ~/.ssh or GIT_SSH_COMMAND.',
  });
}

function noBranch(url: string, branch: string): UserError {
  return new UserError(`${url} has no branch \`${branch}\``, {hint: `\`git ls-remote --heads ${url}\` shows them.`});
}
