// SPDX-License-Identifier: MIT
/** The door to git for trees. */
import type {Context} from '../lib/context.js';
import type {Completed, RunOptions} from '../lib/exec.js';
import {type GitPlace, gitCommand} from '../lib/git-command.js';

export type GitOptions = RunOptions & Omit<GitPlace, 'gitDir'>;

/** git in one repository, deaf to hooks, configuration and environment of the user (see `lib/git-command.ts`). */
export interface Git {
  readonly gitDir: string;
  /** A non-zero exit is an answer. @throws InfraError when git cannot be started */
  run(args: readonly string[], options?: GitOptions): Promise<Completed>;
  /** A non-zero exit is an error. @throws CommandFailed */
  runOk(args: readonly string[], options?: GitOptions): Promise<Completed>;
  /** `runOk`, and its output without the white space at the end. */
  text(args: readonly string[], options?: GitOptions): Promise<string>;
}

export function createGit(ctx: Context, gitDir: string): Git {
  const call = async (how: 'run' | 'runOk', args: readonly string[], options: GitOptions = {}): Promise<Completed> => {
    const {workTree, indexFile, env: more, ...rest} = options;
    const place = {
      gitDir,
      ...(workTree === undefined ? {} : {workTree}),
      ...(indexFile === undefined ? {} : {indexFile}),
    };
    const {command, args: words, env} = gitCommand(args, place);
    return ctx.exec[how](command, words, {...rest, env: {...env, ...more}});
  };
  return {
    gitDir,
    run: (args, options) => call('run', args, options),
    runOk: (args, options) => call('runOk', args, options),
    text: async (args, options) => (await call('runOk', args, options)).stdout.trimEnd(),
  };
}
