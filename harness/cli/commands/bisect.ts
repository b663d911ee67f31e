// SPDX-License-Identifier: MIT
import {Command, InvalidArgumentError} from 'commander';
import {UsageError} from '../../lib/errors.js';
import {hasSecret} from '../../lib/secrets.js';
import {addRunOptions, positive, type RunFlags, toRequest} from '../options.js';
import type {Verb} from '../verb.js';

const HELP = `
With a SERIES (as for verify): which of its patches changed the outcome. Without -t the whole series is verified first, and
its worst change is hunted. With --good and --bad: which commit of a history did. Merges are weighed as git bisect does
it: a commit is bad when it holds the culprit.

A race needs no options: attempts are repeated where they say most, until the confidence is reached. What was found out is
on the disk at once; the same command, or --resume, goes on after a crash without repeating it.

Exits 0 when one commit is found, 125 when it cannot be told, 128 when nothing was judged (your input,
this host or kverdict), 129, 130 and 143 as ever.

Examples:
  kverdict bisect v2.mbox                                              which patch of the series made it worse?
  kverdict bisect v2.mbox -t clear_refs:mlock -p x86_64
  kverdict bisect --good v6.12 --bad v6.13-rc1 -t clear_refs:vmsplice  which commit of a history did?
  kverdict bisect --good v6.12 --bad HEAD --first-parent -t userfaultfd:stress --confidence 0.999
  kverdict bisect --resume out                                         go on in this folder`;

export interface BisectFlags extends RunFlags {
  good?: string;
  bad?: string;
  confidence: number;
  firstParent?: boolean;
  endAttempts?: number;
  maxAttempts: number;
  resume?: string;
  reporter?: string;
  link?: string;
}

/** Of one bisect; at 10 s an attempt that is a night. */
const MAX_ATTEMPTS = 3000;

export const bisect: Verb = ({variables, argv, done}) =>
  addRunOptions(new Command('bisect'), {dryRun: false, runs: false})
    .description('Find the commit, or the patch of a series, that changed the outcome of a test.')
    .argument('[series...]', 'mbox, -, folder, patches, A..B, Message-ID or URL')
    .option('--base <rev>', 'commit that the series applies to (default: base-commit:, then candidates)')
    .option('--good <rev>', 'commit where the test is well')
    .option('--bad <rev>', 'commit where it is not (default: HEAD of the tree)')
    .option('--confidence <p>', 'probability that the answer must have', confidence, 0.99)
    .option('--first-parent', 'candidates are the commits of the branch itself: a merge stands for what it brought')
    .option(
      '--end-attempts <n>',
      'attempts at each end before it is said that they do not differ (default: 20, races 200)',
      positive,
    )
    .option('--max-attempts <n>', 'attempts in all', positive, MAX_ATTEMPTS)
    .option('--resume <dir>', 'go on with the bisect of this folder; it knows its own options')
    .option('--reporter <who>', '`Name <mail>` for the drafted Reported-by:')
    .option('--link <url>', 'address of your report, for the drafted Closes:')
    .addHelpText('after', HELP)
    .action(async (series: string[], flags: BisectFlags) => {
      checkWords(series, flags);
      const {bisectCommand} = await import('../bisect-command.js');
      done(await bisectCommand(toRequest(series, flags, variables, [...argv]), flags));
    });

function checkWords(series: readonly string[], flags: BisectFlags): void {
  if (flags.link !== undefined && hasSecret(flags.link))
    throw new UsageError('Expected --link to have no password: it is written into the journal and the drafts');
  const history = flags.good !== undefined || flags.bad !== undefined;
  if (flags.resume !== undefined) {
    if (history || series.length > 0)
      throw new UsageError('`--resume` knows its own series and commits', {hint: 'Give it alone.'});
    return;
  }
  if (series.length > 0 && history) throw new UsageError('A series has its own ends: give it, or --good and --bad');
  if (series.length > 1 && series.includes('-')) throw new UsageError('`-` stands for the whole series: give it alone');
  if (series.length > 0) return;
  if (flags.good === undefined) {
    throw new UsageError('`bisect` wants a series, or --good', {
      hint: 'kverdict bisect --good v6.12 --bad HEAD -t SUITE:TEST',
    });
  }
  if (flags.test.length === 0)
    throw new UsageError('A bisect of a history needs a test', {hint: '-t SUITE:TEST[/SUBTEST]'});
}

function confidence(value: string): number {
  const number = Number(value);
  if (number >= 0.5 && number <= 0.999999) return number;
  throw new InvalidArgumentError(`Expected a number from 0.5 to 0.999999, got \`${value}\`.`);
}
