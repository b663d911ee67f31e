// SPDX-License-Identifier: MIT
/** The door to git for trees. */
import type {Context} from '../lib/context.js';
import type {Completed, RunOptions} from '../lib/exec.js';
import {type GitPlace, type NamesArgs, type NamesDir, namesGit, type OwnGitDir, ownGit} from '../lib/git-command.js';

export type GitOptions = RunOptions & GitPlace;

/** git in one repository of ours, deaf to hooks, configuration and environment of the user (see `lib/git-command.ts`). */
export interface Git {
  readonly gitDir: OwnGitDir;
  /** A non-zero exit is an answer. @throws InfraError when git cannot be started */
  run(args: readonly string[], options?: GitOptions): Promise<Completed>;
  /** A non-zero exit is an error. @throws CommandFailed */
  runOk(args: readonly string[], options?: GitOptions): Promise<Completed>;
  /** `runOk`, and its output without the white space at the end. */
  text(args: readonly string[], options?: GitOptions): Promise<string>;
}

export function createGit(ctx: Context, gitDir: OwnGitDir): Git {
  const call = async (how: 'run' | 'runOk', args: readonly string[], options: GitOptions = {}): Promise<Completed> => {
    const {place, rest} = split(options);
    const {command, args: words, env} = ownGit(args, gitDir, place);
    return ctx.exec[how](command, words, {...rest, env: {...env, ...rest.env}});
  };
  return {
    gitDir,
    run: (args, options) => call('run', args, options),
    runOk: (args, options) => call('runOk', args, options),
    text: async (args, options) => (await call('runOk', args, options)).stdout.trimEnd(),
  };
}

/** Asks where the user's names are known. A non-zero exit is an answer. */
export function askNames(
  ctx: Context,
  names: NamesDir,
  args: NamesArgs,
  options: Omit<GitOptions, 'network'> = {},
): Promise<Completed> {
  const {place, rest} = split(options);
  const {command, args: words, env} = namesGit(args, names, place);
  return ctx.exec.run(command, words, {...rest, env: {...env, ...rest.env}});
}

function split({workTree, indexFile, network, ...rest}: GitOptions): {place: GitPlace; rest: RunOptions} {
  const place = {
    ...(workTree === undefined ? {} : {workTree}),
    ...(indexFile === undefined ? {} : {indexFile}),
    ...(network === undefined ? {} : {network}),
  };
  return {place, rest};
}
