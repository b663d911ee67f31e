// SPDX-License-Identifier: MIT
import {Command} from 'commander';
import {UsageError} from '../../lib/errors.js';
import {addCompareOptions, addRunOptions, type RunFlags, toRequest} from '../options.js';
import type {Verb} from '../verb.js';

const HELP = `
SERIES is an mbox (a file, or - for stdin), a folder or a list of *.patch, a commit range A..B of the tree, or, with b4
installed, a Message-ID or a lore URL. Words such as LLVM=1, CROSS_COMPILE=… or KCFLAGS=… are passed on to make.

Examples:
  kverdict verify v2.mbox
  kverdict verify --tree ~/linux --base v6.12 outgoing/
  kverdict verify HEAD~2..HEAD -t clear_refs --profiles x86_64 --runs 20
  b4 am -o- 20201219043006.2206347-1-namit@vmware.com | kverdict verify -
  kverdict verify a.patch --json >results.json

Guests are booted only for architectures whose kernel, modules or selftests the series changed; --force boots them all.
Suites that reach a changed function run first.`;

export const verify: Verb = ({variables, argv, done}) =>
  addCompareOptions(addRunOptions(new Command('verify')))
    .description('Apply a series to its base, build and boot both, and say per subtest what it changed.')
    .argument('<series...>', 'mbox, -, folder, patches, A..B, Message-ID or URL')
    .addHelpText('after', HELP)
    .action(async (series: string[], flags: RunFlags) => {
      if (series.length > 1 && series.includes('-'))
        throw new UsageError('`-` stands for the whole series: give it alone');
      const {runCommand} = await import('../run-command.js');
      done(await runCommand('verify', toRequest(series, flags, variables, [...argv]), flags));
    });
