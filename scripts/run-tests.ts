// SPDX-License-Identifier: MIT
/**
 * Runs the gates and the test files of a tier and ends with `N passed, N failed`.
 *
 *   node dist/scripts/run-tests.js fast          lint, imports, unit tests, fake end-to-end
 *   node dist/scripts/run-tests.js fast real     and then, if those pass: kernels are built and booted
 *   node dist/scripts/run-tests.js debug         kernels with lockdep and lockup detectors, which nothing else uses
 *
 * A test file is a program that speaks TAP. Its exit code is the truth; its result lines are only counted. A file
 * without a result has failed.
 */
import {spawn} from 'node:child_process';
import {readdirSync} from 'node:fs';
import {availableParallelism} from 'node:os';
import {join} from 'node:path';
import {resolvePaths} from '../harness/lib/paths.js';

interface Task {
  name: string;
  command: string[];
  /** A gate is one test; a file is as many as it prints. */
  gate: boolean;
}

interface Ended {
  passed: number;
  failed: number;
}

/** tap gives a file 30 s; on a host that builds something else beside it that is too little. */
const FILE_SECONDS = 240;

const root = resolvePaths().project;
const tests = 'harness/test';

const GATES: Task[] = [
  {name: 'lint', gate: true, command: [join(root, 'node_modules/.bin/biome'), 'check', '--error-on-warnings']},
  {name: 'imports', gate: true, command: [process.execPath, join(root, 'dist/scripts/check-imports.js')]},
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
  const [program = '', ...args] = task.command;
  // Test files print results on stdout; a real run's progress (stderr) is shown as it comes.
  const env = {...process.env, TAP_TIMEOUT: String(FILE_SECONDS)};
  const child = spawn(program, args, {cwd: root, env, stdio: ['ignore', 'pipe', isLive(task) ? 'inherit' : 'pipe']});
  let output = '';
  child.stdout?.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr?.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const code = await new Promise<number | null>((resolve) => {
    child.on('error', (error) => {
      output += String(error);
      resolve(null);
    });
    child.on('close', resolve);
  });
  const ended = count(task, code, output);
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  console.log(`${ended.failed === 0 ? 'ok  ' : 'FAIL'} ${task.name} (${ended.passed} passed, ${seconds} s)`);
  if (ended.failed > 0) console.log(output.replaceAll(/^/gm, '     '));
  return ended;
}

function count(task: Task, code: number | null, output: string): Ended {
  if (task.gate) return code === 0 ? {passed: 1, failed: 0} : {passed: 0, failed: 1};
  const results = output.split('\n').filter((line) => /^(not )?ok \d/.test(line));
  const failed = results.filter((line) => line.startsWith('not ')).length;
  if (code === 0 && failed === 0 && results.length > 0) return {passed: results.length, failed: 0};
  return {passed: results.length - failed, failed: Math.max(1, failed)};
}

async function runTier(name: string): Promise<Ended> {
  const tier = TIERS[name];
  if (tier === undefined) throw new Error(`Expected a tier (${Object.keys(TIERS).join(', ')}), got \`${name}\``);
  const waiting = tier.tasks();
  const total: Ended = {passed: 0, failed: 0};
  const lane = async (): Promise<void> => {
    for (let task = waiting.shift(); task !== undefined; task = waiting.shift()) {
      const ended = await runTask(task);
      total.passed += ended.passed;
      total.failed += ended.failed;
    }
  };
  await Promise.all(Array.from({length: tier.parallel}, lane));
  return total.passed + total.failed === 0 ? {passed: 0, failed: 1} : total;
}

async function main(names: readonly string[]): Promise<number> {
  const total: Ended = {passed: 0, failed: 0};
  for (const name of names) {
    if (total.failed > 0) break;
    const ended = await runTier(name);
    total.passed += ended.passed;
    total.failed += ended.failed;
  }
  console.log(`${total.passed} passed, ${total.failed} failed`);
  return total.failed === 0 && total.passed > 0 ? 0 : 1;
}

process.exitCode = await main(process.argv.slice(2));
