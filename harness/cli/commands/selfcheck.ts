// SPDX-License-Identifier: MIT
import {Command, Option} from 'commander';
import {UsageError} from '../../lib/errors.js';
import {DEBIAN_SOURCE} from '../../tree/debian-source.js';
import {addHostOptions, collect, type RunFlags, toRequest} from '../options.js';
import type {Verb} from '../verb.js';

const HELP = `
A sentinel is a series of selftests/sentinels/ that brings one known bug back. Each is verified as \`kverdict verify\`
would, with the suites and profiles that its sentinel.yaml names; the base kernel is built once. Attempts that are
fewer than four a side can prove no change.

Exits 0 when every sentinel that applies is detected and every control is good, 1 when one is missed, 125 when one
could not be tried or none applies. One that is marked \`unseen\` stays listed as missed and fails nothing.

Examples:
  kverdict selfcheck --sentinels                                  all of them
  kverdict selfcheck --sentinels clear-refs-read-lock harmless    these two
  kverdict selfcheck --sentinels --profiles x86_64 --out out/selfcheck
  kverdict selfcheck --sentinels --tree ~/linux --rev v6.12
  kverdict selfcheck --sentinels --write-docs                     and write the table of docs/sentinels.md`;

export interface SelfcheckFlags extends RunFlags {
  /** true: all. */
  sentinels?: true | string[];
  sentinelDir: string[];
  /** true: ours. */
  writeDocs?: true | string;
}

export const selfcheck: Verb = ({variables, argv, done}) =>
  addHostOptions(
    new Command('selfcheck')
      .description('Check that the suites see the bugs they are there for.')
      .option('--sentinels [names...]', 'these sentinels; without names, all')
      .option('--tree <dir>', 'kernel tree: a git tree, plain source, or a tarball', DEBIAN_SOURCE)
      .option('--rev <rev>', 'commit that the sentinels are put on (default: HEAD of the tree)'),
  )
    .option('--sentinel-dir <dir>', 'a further folder of sentinels; can be repeated', collect, [])
    .option('--write-docs [file]', 'bring the measured table of a document up to date (default: docs/sentinels.md)')
    .addOption(new Option('--json', 'print selfcheck.json on stdout'))
    .addHelpText('after', HELP)
    .action(async (flags: SelfcheckFlags) => {
      if (flags.sentinels === undefined) {
        throw new UsageError('`selfcheck` wants to know what to check', {hint: 'kverdict selfcheck --sentinels'});
      }
      const names = flags.sentinels === true ? [] : flags.sentinels;
      const {selfcheckCommand} = await import('../selfcheck-command.js');
      done(await selfcheckCommand(names, toRequest([], {...flags, test: []}, variables, [...argv]), flags));
    });
