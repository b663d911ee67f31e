// SPDX-License-Identifier: MIT
/**
 * Runs the gates and the test files of a tier and ends with `N passed, N failed`.
 *
 *   node dist/scripts/run-tests.js fast          lint, imports, unit tests, fake end-to-end
 *   node dist/scripts/run-tests.js fast real     and then, if those pass: kernels are built and booted
 *   node dist/scripts/run-tests.js debug         kernels with lockdep and lockup detectors, which nothing else uses
 *
 * A test file is a program that speaks TAP. Its exit code is the truth; its result lines are only counted, and a skip
 * is counted as one. A file without a result has failed, and so has one that hangs or leaves a process. When all is
 * over, the host must be as it was: mounts, swaps, modules, sysctls.
 */
import {readdirSync} from 'node:fs';
import {availableParallelism} from 'node:os';
import {join} from 'node:path';
import {resolvePaths} from '../harness/lib/paths.js';
import {countResults, type Ended, NOTHING} from './count-results.js';
import {changesOf, readHostState} from './host-state.js';
import {runFile} from './run-file.js';

interface Task {
  name: string;
  command: string[];
  /** A gate is one test; a file is as many as it prints. */
  gate: boolean;
}

/** tap gives a file 30 s; on a host that builds something else beside it that is too little. */
const FILE_SECONDS = 240;
/** A file that sets a longer time for its tests has this long, whatever it says. */
const LONGEST_FILE_SECONDS = 660;
/** A real run builds kernels: the longest file takes about 20 minutes from nothing on two cores. */
const LIVE_FILE_SECONDS = 3600;

const root = resolvePaths().project;
const tests = 'harness/test';

const GATES: Task[] = [
  {name: 'lint', gate: true, command: [join(root, 'node_modules/.bin/biome'), 'check', '--error-on-warnings']},
  {name: 'imports', gate: true, command: [process.execPath, join(root, 'dist/scripts/check-imports.js')]},
  {name: 'patterns', gate: true, command: [process.execPath, join(root, 'dist/scripts/check-tests.js')]},
  {name: 'readers', gate: true, command: [process.execPath, join(root, 'dist/scripts/check-readers.js')]},
  {name: 'writers', gate: true, command: [process.execPath, join(root, 'dist/scripts/check-writers.js')]},
];

/** Real boots share two cores with nothing: one file at a time. Files outside these folders are fast. */
const TIERS: Readonly<Record<string, {tasks: () => Task[]; parallel: number}>> = {
  fast: {tasks: () => [...GATES, ...files().filter((task) => !isLive(task))], parallel: availableParallelism()},
  real: {tasks: () => files().filter(isIn('real/')), parallel: 1},
  debug: {tasks: () => files().filter(isIn('debug/')), parallel: 1},
};

function isIn(folder: string): (task: Task) => boolean {
  return ({name}) => name.startsWith(folder);
}

const isLive = (task: Task): boolean => isIn('real/')(task) || isIn('debug/')(task);

/** By their sources: what a removed one has left in dist is no test, and one that was not compiled fails. */
function files(): Task[] {
  return readdirSync(join(root, tests), {recursive: true})
    .map(String)
    .filter((path) => /\.test\.tsx?$/.test(path))
    .map((path) => path.replace(/\.tsx?$/, ''))
    .sort()
    .map((name) => ({name, gate: false, command: [process.execPath, join(root, 'dist', tests, `${name}.js`)]}));
}

async function runTask(task: Task): Promise<Ended> {
  const started = performance.now();
  const live = isLive(task);
  const {code, output} = await runFile(task.command, {
    cwd: root,
    showStderr: live,
    // tap ends a test first, and says which; the runner's own limit is for a file that does not even do that.
    seconds: live ? LIVE_FILE_SECONDS + 30 : LONGEST_FILE_SECONDS,
    env: {...process.env, TAP_TIMEOUT: String(live ? LIVE_FILE_SECONDS : FILE_SECONDS)},
  });
  const ended = countResults(task.gate, code, output);
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  const skipped = ended.skipped > 0 ? `, ${ended.skipped} skipped` : '';
  console.log(`${ended.failed === 0 ? 'ok  ' : 'FAIL'} ${task.name} (${ended.passed} passed${skipped}, ${seconds} s)`);
  if (ended.failed > 0) console.log(output.replaceAll(/^/gm, '     '));
  return ended;
}

async function runTier(name: string): Promise<Ended> {
  const tier = TIERS[name];
  if (tier === undefined) throw new Error(`Expected a tier (${Object.keys(TIERS).join(', ')}), got \`${name}\``);
  const waiting = tier.tasks();
  const total: Ended = {...NOTHING};
  const lane = async (): Promise<void> => {
    for (let task = waiting.shift(); task !== undefined; task = waiting.shift()) {
      add(total, await runTask(task));
    }
  };
  await Promise.all(Array.from({length: tier.parallel}, lane));
  return total.passed + total.failed === 0 ? {...NOTHING, failed: 1} : total;
}

function add(total: Ended, {passed, failed, skipped}: Ended): void {
  total.passed += passed;
  total.failed += failed;
  total.skipped += skipped;
}

/** Whatever the tests did to the host is a failure; something else that changed it meanwhile cannot be told from them. */
function checkHost(before: ReturnType<typeof readHostState>): Ended {
  const changes = changesOf(before, readHostState());
  console.log(`${changes.length === 0 ? 'ok  ' : 'FAIL'} the host is as it was`);
  for (const change of changes) console.log(`     ${change} (by a test, or by something else beside them)`);
  return changes.length === 0 ? {...NOTHING, passed: 1} : {...NOTHING, failed: 1};
}

async function main(names: readonly string[]): Promise<number> {
  const before = readHostState();
  const total: Ended = {...NOTHING};
  for (const name of names) {
    if (total.failed > 0) break;
    add(total, await runTier(name));
  }
  add(total, checkHost(before));
  const skipped = total.skipped > 0 ? `, ${total.skipped} skipped` : '';
  console.log(`${total.passed} passed, ${total.failed} failed${skipped}`);
  return total.failed === 0 && total.passed > 0 ? 0 : 1;
}

process.exitCode = await main(process.argv.slice(2));
