// SPDX-License-Identifier: MIT
/**
 * How git is called, whatever the user's configuration and environment say: no hooks, no pager, no background work,
 * one identity, English messages. Pure; the callers (`series/git-mail.ts`, `tree/git.ts`) run it.
 *
 * git executes what a repository's configuration names (filters, fsmonitor, the upload-pack of a partial clone), also
 * when it only reads. So there are four kinds of call, and the types keep them apart:
 *
 * - `ownGit`: any command, in a bare repository that kverdict made, whose configuration is ours;
 * - `namesGit`: what looks up names, in a folder of ours that leads to the refs of a user's repository;
 * - `theirGit`: two questions of where a user's repository lies, the only calls that see its configuration;
 * - `noGit`: commands that need no repository, and find none.
 */
import {dirname, join} from 'node:path';
import type {Paths} from './paths.js';

declare const OWN: unique symbol;
/** Path of a bare repository that kverdict made: its configuration and its attributes are ours. */
export type OwnGitDir = string & {readonly [OWN]: true};

declare const NAMES: unique symbol;
/** Path of a folder of ours that knows a user's names (see `tree/names.ts`); an import's own repository knows its own. */
export type NamesDir = (string & {readonly [NAMES]: true}) | OwnGitDir;

/** Commands that look up names or compare a work tree, and write nothing. */
export type NamesArgs = readonly ['rev-parse' | 'merge-base' | 'describe' | 'for-each-ref' | 'status', ...string[]];

/** Where a command of `ownGit` or `namesGit` works, beside its repository. */
export interface GitPlace {
  workTree?: string;
  /** Instead of `<gitDir>/index`. */
  indexFile?: string;
  /** May reach servers: with the user's ssh command and askpass. Without it git is forbidden every protocol. */
  network?: true;
}

export interface GitCommand {
  command: string;
  args: string[];
  env: Record<string, string>;
}

const SETTINGS = [
  'core.hooksPath=/dev/null',
  'core.fsmonitor=false',
  'core.autocrlf=false',
  'core.quotePath=false',
  // Not configuration for git, so GIT_CONFIG_GLOBAL does not switch them off: what is built must not depend on them.
  'core.attributesFile=/dev/null',
  'core.excludesFile=/dev/null',
  'gc.auto=0',
  'maintenance.auto=false',
  'advice.detachedHead=false',
  'advice.addEmbeddedRepo=false',
];

const ENVIRONMENT: Readonly<Record<string, string>> = {
  LC_ALL: 'C',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_ATTR_NOSYSTEM: '1',
  GIT_TERMINAL_PROMPT: '0',
  // A partial clone asks its server for what it lacks, by a command of its configuration.
  GIT_NO_LAZY_FETCH: '1',
  GIT_OPTIONAL_LOCKS: '0',
  GIT_NO_REPLACE_OBJECTS: '1',
  GIT_PAGER: 'cat',
  GIT_EDITOR: 'false',
  GIT_AUTHOR_NAME: 'kverdict',
  GIT_AUTHOR_EMAIL: 'kverdict@localhost',
  GIT_COMMITTER_NAME: 'kverdict',
  GIT_COMMITTER_EMAIL: 'kverdict@localhost',
};

/** Where git finds its own programs: an installation of the user's, not a setting. */
const KEPT = new Set(['GIT_EXEC_PATH']);
/** How servers are reached. */
const KEPT_FOR_NETWORK = new Set(['GIT_SSL_CAINFO', 'GIT_SSL_CAPATH', 'GIT_SSH', 'GIT_SSH_COMMAND', 'GIT_ASKPASS']);

/** What is asked of a user's repository: where it is and how it names objects; where its work tree is. */
const QUESTIONS = {
  repository: ['rev-parse', '--path-format=absolute', '--absolute-git-dir', '--git-common-dir', '--show-object-format'],
  'work tree': ['rev-parse', '--path-format=absolute', '--show-toplevel'],
} as const;

/** The only place where a path becomes a repository of ours: it lies in the cache. */
export function ownGitDir({cache}: Pick<Paths, 'cache'>, ...parts: readonly [string, ...string[]]): OwnGitDir {
  return join(cache, ...parts) as OwnGitDir;
}

/**
 * @param inherited variables that kverdict itself was started with: under a hook or `git rebase --exec`, `GIT_DIR` and
 *   `GIT_INDEX_FILE` point at the user's repository and would win over nothing given
 */
export function ownGit(
  args: readonly string[],
  gitDir: OwnGitDir,
  place: GitPlace = {},
  inherited: NodeJS.ProcessEnv = process.env,
): GitCommand {
  return build([...placeWords(gitDir, place), ...args], place, inherited);
}

/** @param inherited as in `ownGit` */
export function namesGit(
  args: NamesArgs,
  names: NamesDir,
  place: Omit<GitPlace, 'network'> = {},
  inherited: NodeJS.ProcessEnv = process.env,
): GitCommand {
  return build([...placeWords(names, place), ...args], place, inherited);
}

/**
 * To be run in the folder that is asked about.
 * @param trusted folders of the user's `safe.directory`; git refuses repositories of other owners that are not in it
 * @param inherited as in `ownGit`
 */
export function theirGit(
  question: keyof typeof QUESTIONS,
  trusted: readonly string[],
  inherited: NodeJS.ProcessEnv = process.env,
): GitCommand {
  const trust = trusted.flatMap((folder) => ['-c', `safe.directory=${folder}`]);
  return build([...trust, ...QUESTIONS[question]], {}, inherited);
}

/**
 * @param cwd where it runs: no repository above it is looked for
 * @param inherited as in `ownGit`
 */
export function noGit(args: readonly string[], cwd: string, inherited: NodeJS.ProcessEnv = process.env): GitCommand {
  const {env, ...command} = build(args, {}, inherited);
  return {...command, env: {...env, GIT_CEILING_DIRECTORIES: dirname(cwd)}};
}

/**
 * The user's own `safe.directory`, each ended by NUL: read from their configuration, and from no repository's.
 * @param inherited as in `ownGit`
 */
export function trustedGit(inherited: NodeJS.ProcessEnv = process.env): GitCommand {
  const foreign = Object.keys(inherited).filter((name) => /^GIT_(?!CONFIG|EXEC_PATH$)/.test(name));
  const words = ['git', 'config', '--null', '--get-all', 'safe.directory'];
  return {
    command: 'env',
    args: [...foreign.flatMap((name) => ['-u', name]), 'GIT_DIR=/dev/null', ...words],
    env: {LC_ALL: 'C'},
  };
}

function placeWords(gitDir: string, {workTree}: GitPlace): string[] {
  return [`--git-dir=${gitDir}`, ...(workTree === undefined ? [] : [`--work-tree=${workTree}`])];
}

function build(words: readonly string[], place: GitPlace, inherited: NodeJS.ProcessEnv): GitCommand {
  const {indexFile, network = false} = place;
  const env = {...ENVIRONMENT, ...(indexFile === undefined ? {} : {GIT_INDEX_FILE: indexFile})};
  const settings = network ? SETTINGS : [...SETTINGS, 'protocol.allow=never'];
  const args = ['--no-pager', ...settings.flatMap((setting) => ['-c', setting]), ...words];
  const kept = (name: string): boolean => KEPT.has(name) || (network && KEPT_FOR_NETWORK.has(name));
  const foreign = Object.keys(inherited).filter((name) => name.startsWith('GIT_') && !(name in env) && !kept(name));
  if (foreign.length === 0) return {command: 'git', args, env};
  return {command: 'env', args: [...foreign.flatMap((name) => ['-u', name]), 'git', ...args], env};
}
