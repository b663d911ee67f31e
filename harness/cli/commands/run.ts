// SPDX-License-Identifier: MIT
import {Command} from 'commander';
import {addRunOptions, type RunFlags, toRequest} from '../options.js';
import type {Verb} from '../verb.js';

const HELP = `
Exit codes suit git bisect run: 0 all passed, 1 a test failed, 125 the kernel did not build or boot.

Examples:
  kverdict run                                       the tree's HEAD, every suite
  kverdict run --rev v6.12 -t userfaultfd
  git bisect run kverdict run -t clear_refs -p x86_64`;

export const run: Verb = ({variables, argv, done}) =>
  addRunOptions(new Command('run'))
    .description('Run the suites on one tree; nothing is compared.')
    .option('--rev <rev>', 'commit to build (default: HEAD of the tree)')
    .addHelpText('after', HELP)
    .action(async (flags: RunFlags) => {
      const {runCommand} = await import('../run-command.js');
      done(await runCommand('run', toRequest([], flags, variables, [...argv]), flags));
    });
