// SPDX-License-Identifier: MIT
/**
 * How git is called, whatever the user's configuration and environment say: no hooks, no pager, no background work,
 * one identity, English messages. Pure; the callers (`series/git-mail.ts`, `tree/git.ts`) run it.
 */
export interface GitPlace {
  gitDir?: string;
  workTree?: string;
  /** Instead of `<gitDir>/index`. */
  indexFile?: string;
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
  'gc.auto=0',
  'maintenance.auto=false',
  'advice.detachedHead=false',
  // The user's repository may belong to somebody else; what we run in it only reads.
  'safe.directory=*',
];

const ENVIRONMENT: Readonly<Record<string, string>> = {
  LC_ALL: 'C',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_TERMINAL_PROMPT: '0',
  // `git status` and friends must not refresh the index of the user's repository.
  GIT_OPTIONAL_LOCKS: '0',
  GIT_NO_REPLACE_OBJECTS: '1',
  GIT_AUTHOR_NAME: 'kverdict',
  GIT_AUTHOR_EMAIL: 'kverdict@localhost',
  GIT_COMMITTER_NAME: 'kverdict',
  GIT_COMMITTER_EMAIL: 'kverdict@localhost',
};

/** Where git finds its own programs, and how servers are reached: an installation of the user's, not a setting. */
const KEPT = new Set([
  'GIT_EXEC_PATH',
  'GIT_SSL_CAINFO',
  'GIT_SSL_CAPATH',
  'GIT_SSH',
  'GIT_SSH_COMMAND',
  'GIT_ASKPASS',
]);

/**
 * @param inherited variables that kverdict itself was started with: under a hook or `git rebase --exec`, `GIT_DIR` and
 *   `GIT_INDEX_FILE` point at the user's repository and would win over nothing given
 */
export function gitCommand(
  args: readonly string[],
  place: GitPlace = {},
  inherited: NodeJS.ProcessEnv = process.env,
): GitCommand {
  const env = {...ENVIRONMENT, ...(place.indexFile === undefined ? {} : {GIT_INDEX_FILE: place.indexFile})};
  const words = [
    ...SETTINGS.flatMap((setting) => ['-c', setting]),
    ...(place.gitDir === undefined ? [] : [`--git-dir=${place.gitDir}`]),
    ...(place.workTree === undefined ? [] : [`--work-tree=${place.workTree}`]),
    ...args,
  ];
  const foreign = Object.keys(inherited).filter((name) => name.startsWith('GIT_') && !(name in env) && !KEPT.has(name));
  if (foreign.length === 0) return {command: 'git', args: words, env};
  return {command: 'env', args: [...foreign.flatMap((name) => ['-u', name]), 'git', ...words], env};
}
