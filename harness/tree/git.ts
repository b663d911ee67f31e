// SPDX-License-Identifier: MIT
/** The door to git for trees. */
import type {Context} from '../lib/context.js';
import {UserError} from '../lib/errors.js';
import {CommandFailed, type Completed, type RunOptions} from '../lib/exec.js';
import {type GitPlace, type NamesArgs, type NamesDir, namesGit, type OwnGitDir, ownGit} from '../lib/git-command.js';

/** A name takes milliseconds; the merge base of a kernel's histories, without a commit graph, some seconds. */
const ASK_SECONDS = 60;
/** A kernel's source is stored or checked out in seconds, in minutes on a slow disk. */
const WORK_SECONDS = 3600;

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
    const limited = {timeoutSeconds: WORK_SECONDS, ...rest, env: {...env, ...rest.env}};
    const done = await ctx.exec.run(command, words, limited);
    if (rest.timeoutSeconds === undefined) inTime(args, done, WORK_SECONDS);
    if (how === 'runOk' && done.exitCode !== 0) throw new CommandFailed(done);
    return done;
  };
  return {
    gitDir,
    run: (args, options) => call('run', args, options),
    runOk: (args, options) => call('runOk', args, options),
    text: async (args, options) => (await call('runOk', args, options)).stdout.trimEnd(),
  };
}

/**
 * Asks where the user's names are known. A non-zero exit is an answer.
 * @throws UserError when there is none in time: git waits for a FIFO that has the name of a branch
 */
export async function askNames(
  ctx: Context,
  names: NamesDir,
  args: NamesArgs,
  options: Omit<GitOptions, 'network'> = {},
): Promise<Completed> {
  const {place, rest} = split(options);
  const {command, args: words, env} = namesGit(args, names, place);
  const done = await ctx.exec.run(command, words, {timeoutSeconds: ASK_SECONDS, ...rest, env: {...env, ...rest.env}});
  return rest.timeoutSeconds === undefined ? inTime(args, done, ASK_SECONDS) : done;
}

/** Who gives a limit of its own has its own words for what took longer. */
function inTime(args: readonly string[], done: Completed, seconds: number): Completed {
  if (!done.timedOut) return done;
  const verb = args.find((word) => /^[a-z][a-z-]+$/.test(word));
  throw new UserError(`git did not answer within ${seconds} s (${verb})`, {
    hint: 'Is its disk slow, or something that is no file below its .git? `find .git ! -type f ! -type d` shows it.',
    facts: {command: done.line, seconds},
  });
}

function split({workTree, indexFile, network, ...rest}: GitOptions): {place: GitPlace; rest: RunOptions} {
  const place = {
    ...(workTree === undefined ? {} : {workTree}),
    ...(indexFile === undefined ? {} : {indexFile}),
    ...(network === undefined ? {} : {network}),
  };
  return {place, rest};
}
