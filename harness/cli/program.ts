// SPDX-License-Identifier: MIT
import {inspect} from 'node:util';
import {Command, CommanderError} from 'commander';
import {Interrupted, KverdictError} from '../lib/errors.js';
import {VERSION} from '../lib/version.js';
import {bisect} from './commands/bisect.js';
import {clean} from './commands/clean.js';
import {doctor} from './commands/doctor.js';
import {list} from './commands/list.js';
import {nightly} from './commands/nightly.js';
import {report} from './commands/report.js';
import {run as runSuites} from './commands/run.js';
import {selfcheck} from './commands/selfcheck.js';
import {serve} from './commands/serve.js';
import {shell} from './commands/shell.js';
import {verify} from './commands/verify.js';
import {EXIT, exitCodeOf} from './exit-codes.js';
import {splitMakeWords} from './make-words.js';
import {tell} from './say.js';
import type {Verb} from './verb.js';

/** One file a verb. Each holds its options and imports its work only when it is called. */
const VERBS: readonly Verb[] = [
  verify,
  runSuites,
  bisect,
  nightly,
  serve,
  report,
  shell,
  selfcheck,
  list,
  doctor,
  clean,
];

const EXAMPLES = `
Examples:
  kverdict verify v2-series.mbox                     in your kernel tree: what did the series change?
  kverdict verify --base v6.12 -t userfaultfd a.mbox one suite, on a base of your choice
  kverdict verify HEAD~3..HEAD                       the last three commits
  b4 am -o- <msgid> | kverdict verify -              straight from the list
  kverdict verify --dry-run LLVM=1 a.mbox            every command that would run
  kverdict run --rev v6.12 -t clear_refs             suites on one tree, nothing to compare
  kverdict bisect --good v6.12 -t clear_refs:mlock   which commit, or which patch of a series, did it?
  kverdict nightly mm.yaml                           what is new on branches: judged, bisected, remembered
  kverdict report out --format html                  what a run found, in another format
  kverdict serve                                     the history of the nights, in a browser
  kverdict shell --profile arm64                     a built kernel, an interactive guest
  kverdict selfcheck --sentinels                     do the suites see the bugs they are there for?
  kverdict doctor                                    what this host lacks, and the command that fixes it

Exit codes (safe under git bisect run):
  0 good   1 bad   125 cannot tell   129 usage   130, 143 interrupted
  128 nothing was judged: your input, this host or kverdict (the message says which)`;

async function run(argv: string[]): Promise<number> {
  const {rest, variables} = splitMakeWords(argv);
  let code: number = EXIT.good;
  const program = new Command('kverdict')
    .description('Says what a Linux kernel patch series changed: per subtest, base against patched, in QEMU guests.')
    .version(VERSION)
    .addHelpText('after', EXAMPLES)
    .showHelpAfterError('(kverdict --help shows examples)')
    .exitOverride();
  for (const verb of VERBS) {
    const command = verb({
      variables,
      argv,
      done: (exit) => {
        code = exit;
      },
    });
    program.addCommand(command.exitOverride().showHelpAfterError(`(kverdict ${command.name()} --help shows examples)`));
  }
  await program.parseAsync(rest, {from: 'user'});
  return code;
}

/** The only place where an error becomes text and a number. */
function reportError(thrown: unknown): number {
  if (thrown instanceof CommanderError) return thrown.exitCode === 0 ? EXIT.good : EXIT.usage;
  if (thrown instanceof Interrupted) {
    tell(`kverdict: interrupted (${thrown.signal})`);
    return exitCodeOf(thrown);
  }
  if (thrown instanceof KverdictError) {
    tell(`kverdict: ${WHOSE[thrown.blame]}: ${thrown.message}`);
    if (thrown.hint !== undefined) tell(`  hint: ${thrown.hint}`);
    for (let cause = thrown.cause; cause instanceof Error; cause = cause.cause) {
      tell(`  cause: ${cause.message.split('\n')[0]}`);
    }
    return exitCodeOf(thrown);
  }
  tell(`kverdict: this is a bug of kverdict, please report it:\n${inspect(thrown)}`);
  return EXIT.ours;
}

const WHOSE = {user: 'your input', infra: 'host or kverdict', kernel: 'kernel under test'} as const;

/** The whole program. Never rejects. @returns the exit code */
export function runProgram(argv: string[]): Promise<number> {
  // Whatever the umask is: what others may write, they may put something else into before it is read.
  process.umask(process.umask() | 0o022);
  // A reader that went away (`kverdict … | head`) is no reason for a stack trace.
  process.stdout.on('error', () => {});
  process.stderr.on('error', () => {});
  // Node.js would end with 1, and that is a verdict.
  process.on('uncaughtException', (error) => process.exit(reportError(error)));
  return run(argv).catch(reportError);
}
