// SPDX-License-Identifier: MIT
import {Command} from 'commander';
import t from 'tap';
import {addCompareOptions, addRunOptions, type RunFlags, toRequest} from '../../cli/options.js';

/** What a command line asks for, in attempts. */
function proof(...args: string[]) {
  const command = addCompareOptions(addRunOptions(new Command())).exitOverride();
  command.configureOutput({writeErr: () => {}});
  command.parse(args, {from: 'user'});
  const {runs, maxRuns, alpha, power} = toRequest([], command.opts<RunFlags>(), {}, args);
  return {runs, maxRuns, alpha, power};
}

t.test('--see names a rate, and stands for the attempts that see a race of that rate', async (t) => {
  t.same(proof(), {runs: undefined, maxRuns: 20, alpha: 0.05, power: 0.9});
  t.same(proof('--see', '0.5'), {runs: 5, maxRuns: 21, alpha: 0.05, power: 0.9});
  t.same(proof('--see', '0.1'), {runs: 29, maxRuns: 123, alpha: 0.05, power: 0.9});
  const surer = proof('--see', '0.1', '--power', '0.95', '--alpha', '0.01');
  t.equal(surer.runs, 36, 'ln(0.025) / ln(0.9)');
  t.ok(surer.maxRuns > 123, `${surer.maxRuns} attempts`);
});

t.test('--see beside what it stands for, or a rate that is none, is refused', async (t) => {
  t.throws(() => proof('--see', '0.1', '--runs', '3'), {code: 'commander.conflictingOption'});
  t.throws(() => proof('--see', '0.1', '--max-runs', '30'), {code: 'commander.conflictingOption'});
  t.throws(() => proof('--see', '0'), {code: 'commander.invalidArgument'});
  t.throws(() => proof('--see', '10%'), {code: 'commander.invalidArgument'});
});
