// SPDX-License-Identifier: MIT
import {Command} from 'commander';
import {addRunOptions, type RunFlags, toRequest} from '../options.js';
import type {Verb} from '../verb.js';

const HELP = `
The kernel is built when it is not in the cache, and the suites' programs lie under /suites in the guest. With -t the
guest is set up for those suites, as in a run. Leave with \`exit\` or Ctrl-D; nothing of the guest is kept.

Examples:
  kverdict shell --profile arm64
  kverdict shell --profile x86_64 --rev v6.12
  echo 'uname -a' | kverdict shell --profile x86_64`;

export const shell: Verb = ({variables, argv, done}) =>
  addRunOptions(new Command('shell'))
    .description('An interactive guest with a built kernel.')
    .requiredOption('--profile <name>', 'the machine (see `kverdict list profiles`)')
    .option('--rev <rev>', 'commit to build (default: HEAD of the tree)')
    .addHelpText('after', HELP)
    .action(async (flags: RunFlags & {profile: string}) => {
      const {openShell} = await import('../open-shell.js');
      done(await openShell(toRequest([], {...flags, profiles: [flags.profile]}, variables, [...argv])));
    });
