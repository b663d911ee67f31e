// SPDX-License-Identifier: MIT
import {Command} from 'commander';
import type {MakeVariables} from '../../kernel/kernel-build.js';
import {UsageError} from '../../lib/errors.js';
import type {Check} from '../examine.js';
import {EXIT} from '../exit-codes.js';
import {collect} from '../options.js';
import {say, sayJson} from '../say.js';
import type {Verb} from '../verb.js';
import {withContext} from '../with-context.js';

interface Flags {
  json?: boolean;
  qemu?: string;
  tree?: string;
  rev?: string;
  suites: string[];
  profileDir: string[];
}

export const doctor: Verb = ({variables, done}) =>
  new Command('doctor')
    .description('Say what this host lacks and the command that fixes it; whether KVM really works; which QEMU it has.')
    .option('--json', 'as JSON')
    .option('--qemu <dir>', 'folder with the qemu-system-* to use')
    .option('--tree <dir>', 'say of this kernel tree instead what fragments and suites do not find in it')
    .option('--rev <rev>', 'the commit of the tree (default: HEAD)')
    .option('--suites <dir>', 'a further folder of suites; can be repeated', collect, [])
    .option('--profile-dir <dir>', 'a further folder of machines; can be repeated', collect, [])
    .addHelpText(
      'after',
      `
Exits 0 when everything that kverdict needs is there, 128 otherwise. With --tree the tree's Kconfig is asked, and no
kernel is built: told are symbols that it does not know, suites that cannot be tested for it, and programs that its
selftests lack; 128 when dependencies of a symbol do not hold, so that no kernel can be configured.

Examples:
  kverdict doctor
  kverdict doctor --tree ~/linux --rev next/master`,
    )
    .action(async (flags: Flags) => {
      if (flags.tree === undefined && (flags.rev ?? flags.suites[0] ?? flags.profileDir[0]) !== undefined)
        throw new UsageError('--rev, --suites and --profile-dir are about a tree: give --tree as well');
      const {examine, renderChecks} = await import('../examine.js');
      const checks =
        flags.tree === undefined
          ? await withContext({jsonl: false, folders: 'look'}, (ctx) => examine(ctx, flags.qemu))
          : await checkTree(flags, flags.tree, variables);
      if (flags.json) sayJson(checks);
      else say(renderChecks(checks));
      done(checks.some((check) => check.state === 'missing') ? EXIT.ours : EXIT.good);
    });

async function checkTree({rev, suites, profileDir}: Flags, tree: string, variables: MakeVariables): Promise<Check[]> {
  const {examineTree} = await import('../examine-tree.js');
  const asked = {tree, variables, suiteDirs: suites, profileDirs: profileDir, ...(rev === undefined ? {} : {rev})};
  return withContext({jsonl: false}, (ctx) => examineTree(ctx, asked));
}
