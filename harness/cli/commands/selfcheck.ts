// SPDX-License-Identifier: MIT
import {Command, Option} from 'commander';
import {UsageError} from '../../lib/errors.js';
import {DEBIAN_SOURCE} from '../../tree/debian-source.js';
import {DEFAULT_SEED} from '../../verdict/random.js';
import {addHostOptions, addProofOptions, collect, natural, positive, type RunFlags, toRequest} from '../options.js';
import type {Verb} from '../verb.js';

const HELP = `
A sentinel is a series of selftests/sentinels/ that brings one known bug back. Each is verified as \`kverdict verify\`
would, with the suites and profiles that its sentinel.yaml names; the base kernel is built once. 

--aa N compares the kernel with itself N times, each a run of \`kverdict verify\` whose sides are one build: whatever it
calls a change is a false alarm. --resample M draws M further runs from the attempts that were recorded. Exits 1 when the
rate's interval lies above --alpha, 125 when a run compared nothing.

--simulate judges runs of 500 subtests with known failure rates, and says how often it cried wolf or missed a change that
it had promised to see. No guest is booted. Exits 1 when a rate is worse than stated.

Exits 0 when every sentinel that applies is detected and every control is good, 1 when one is missed, 125 when one
could not be tried or none applies. One that is marked \`unseen\` stays listed as missed and fails nothing.

Examples:
  kverdict selfcheck --sentinels                                  all of them
  kverdict selfcheck --sentinels clear-refs-read-lock harmless    these two
  kverdict selfcheck --sentinels --profiles x86_64 --out out/selfcheck
  kverdict selfcheck --sentinels --tree ~/linux --rev v6.12
  kverdict selfcheck --sentinels --write-docs                     and write the table of docs/sentinels.md
  kverdict selfcheck --aa 20 -t clear_refs -t userfaultfd --resample 10000
  kverdict selfcheck --aa 5 -t clear_refs --recorded out/first --out out/second     both folders count
  kverdict selfcheck --simulate --write-docs                      and write the tables of docs/statistics.md
  kverdict selfcheck --simulate 500 --alpha 0.01 --power 0.8
  kverdict selfcheck --aa 0 --recorded out/first --resample 100000                  no guest is booted`;

/** Runs a cell: a false-alarm rate of 0.05 is then known to 0.005. */
const SIMULATED_RUNS = 10_000;

export interface SelfcheckFlags extends RunFlags {
  /** true: all. */
  sentinels?: true | string[];
  sentinelDir: string[];
  /** true: ours. */
  writeDocs?: true | string;
  /** Runs a cell; true: as many as the documents have. */
  simulate?: true | number;
  /** Live runs of the kernel against itself. */
  aa?: number;
  resample: number;
  recorded: string[];
  seed: number;
}

export const selfcheck: Verb = ({variables, argv, done}) =>
  addProofOptions(
    addHostOptions(
      new Command('selfcheck')
        .description('Check that the suites see the bugs they are there for, and nothing where there is none.')
        .option('--sentinels [names...]', 'these sentinels; without names, all')
        .option('--tree <dir>', 'kernel tree: a git tree, plain source, or a tarball', DEBIAN_SOURCE)
        .option('--rev <rev>', 'commit that is checked, or that the sentinels are put on (default: HEAD of the tree)'),
    ),
  )
    .option('-t, --test <suite[:test[/subtest]]>', 'with --aa: only these; can be repeated', collect, [])
    .option('--aa <n>', 'compare the kernel with itself so often', natural)
    .option('--simulate [runs]', 'judge so many runs of known failure rates each (default: 10000)', positive)
    .option('--resample <m>', 'with --aa: draw so many further runs from the recorded attempts', natural, 0)
    .option('--recorded <dir>', 'with --aa: count the runs of an earlier --out as well; can be repeated', collect, [])
    .option('--seed <n>', 'of what is drawn at random', natural, DEFAULT_SEED)
    .option('--sentinel-dir <dir>', 'a further folder of sentinels; can be repeated', collect, [])
    .option('--write-docs [file]', 'bring the measured table of a document up to date (default: ours, in docs/)')
    .addOption(new Option('--json', 'print selfcheck.json on stdout'))
    .addHelpText('after', HELP)
    .action(async (flags: SelfcheckFlags) => {
      const asked = [flags.sentinels, flags.aa, flags.simulate].filter((one) => one !== undefined).length;
      if (asked !== 1) {
        throw new UsageError('`selfcheck` wants to know what to check, and one thing at a time', {
          hint: 'kverdict selfcheck --sentinels, or --aa 20, or --simulate',
        });
      }
      if (flags.aa !== undefined) {
        const {itselfCommand} = await import('../itself-command.js');
        done(await itselfCommand(flags.aa, toRequest([], flags, variables, [...argv]), flags));
        return;
      }
      if (flags.simulate !== undefined) {
        const runs = flags.simulate === true ? SIMULATED_RUNS : flags.simulate;
        const {simulateCommand} = await import('../simulate-command.js');
        done(await simulateCommand(runs, toRequest([], flags, variables, [...argv]), flags));
        return;
      }
      const names = flags.sentinels === true ? [] : (flags.sentinels ?? []);
      const {selfcheckCommand} = await import('../selfcheck-command.js');
      done(await selfcheckCommand(names, toRequest([], {...flags, test: []}, variables, [...argv]), flags));
    });
