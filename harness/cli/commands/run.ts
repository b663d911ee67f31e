// SPDX-License-Identifier: MIT
import {Command} from 'commander';
import {addCompareOptions, addRunOptions, type RunFlags, toRequest} from '../options.js';
import type {Verb} from '../verb.js';

const HELP = `
Exit codes suit git bisect run: 0 all passed, 1 a test failed, 125 the kernel did not build or boot. With --against: 0
nothing got worse, 1 something did, 125 cannot tell.

Examples:
  kverdict run                                       the tree's HEAD, every suite
  kverdict run --rev v6.12 -t userfaultfd
  kverdict run --rev v6.13-rc1 --against v6.12       what changed between the two?
  git bisect run kverdict run -t clear_refs -p x86_64`;

export const run: Verb = ({variables, argv, done}) =>
  addCompareOptions(addRunOptions(new Command('run')), {base: false})
    .description('Run the suites on one commit; with --against, compare it with another.')
    .option('--rev <rev>', 'commit to build (default: HEAD of the tree)')
    .option('--against <rev>', 'compare with this commit, as verify does with a base')
    .addHelpText('after', HELP)
    .action(async (flags: RunFlags) => {
      const {runCommand} = await import('../run-command.js');
      done(await runCommand('run', toRequest([], flags, variables, [...argv]), flags));
    });
