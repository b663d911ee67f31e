// SPDX-License-Identifier: MIT
/** What must hold for every console: reports are found, named after where they happened, and named so again. */
import {readdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import fc from 'fast-check';
import {factsOf} from '../../klog/kinds.js';
import {MAX_SPLATS, scanConsole} from '../../klog/scan.js';
import {resolvePaths} from '../../lib/paths.js';
import {type Chance, type Composed, chances, render, reports} from './console-grammar.js';
import {mutate, OPERATIONS} from './mutations.js';

/** Milliseconds of CPU time for one console, whatever else the host does. */
const MAX_MILLISECONDS = 2000;
const folder = join(resolvePaths().project, 'harness/test/fixtures/klog');
const CONSOLES = readdirSync(folder)
  .sort()
  .map((name) => readFileSync(join(folder, name, 'console.log'), 'latin1').split('\n'));

/** One composed report as two attempts print it. Throws what is wrong. */
export function checkReport(report: Composed, one: Chance, other: Chance): void {
  const [first, second] = [one, other].map((chance) => scanConsole(render(report, chance)).splats);
  const splat = first?.[0];
  if (splat === undefined || first?.length !== 1) throw new Error(`${first?.length ?? 0} reports of one`);
  // What printk dropped may be anything: that it is said is all that can be asked.
  if (splat.corrupted !== undefined) {
    if (report.put.length > 0) return;
    throw new Error(`corrupted: ${splat.corrupted}`);
  }
  if (splat.identity !== second?.[0]?.identity) throw new Error(`${splat.identity}\nand then ${second?.[0]?.identity}`);
  if (splat.frame !== 'alpha') throw new Error(`named after ${splat.frame}: ${splat.identity}`);
  if (factsOf(splat.kind).depth === 3 && !splat.identity.endsWith('alpha <- beta <- gamma')) {
    throw new Error(`without its callers: ${splat.identity}`);
  }
  for (const part of [one.comm, String(one.pid), one.address]) {
    if (splat.identity.includes(part)) throw new Error(`${part} is in ${splat.identity}`);
  }
}

/** Any console, mutated: it ends, soon, and within its limits. */
export function checkConsole(lines: readonly string[]): void {
  const before = process.cpuUsage();
  const {splats, lines: read} = scanConsole(Buffer.from(lines.join('\n'), 'latin1').toString());
  const {user, system} = process.cpuUsage(before);
  if ((user + system) / 1000 > MAX_MILLISECONDS) throw new Error(`it took ${(user + system) / 1000} ms`);
  if (splats.length > MAX_SPLATS) throw new Error(`${splats.length} reports`);
  for (const {line, lastLine, identity} of splats) {
    if (line < 1 || lastLine < line || lastLine > read) throw new Error(`lines ${line}-${lastLine} of ${read}`);
    if (identity.length > 2000 || /[\n\r]/.test(identity)) throw new Error(`identity ${JSON.stringify(identity)}`);
  }
}

const nat = fc.nat({max: 0xffffff});
const mutated: fc.Arbitrary<string[]> = fc
  .tuple(nat, nat, fc.array(fc.record({operation: fc.constantFrom(...OPERATIONS), at: nat, with: nat}), {maxLength: 6}))
  .map(([base, other, list]) => {
    const copy = [...(CONSOLES[base % CONSOLES.length] ?? [])];
    for (const one of list) mutate(copy, one, CONSOLES[other % CONSOLES.length] ?? []);
    return copy;
  });

/** `runs` of each; undefined when all hold, else the smallest that does not, in words. */
export function fuzzConsoles(seed: number, runs: number): string | undefined {
  const composed = fc.check(fc.property(reports, chances, chances, checkReport), {seed, numRuns: runs});
  const any = fc.check(fc.property(mutated, checkConsole), {seed, numRuns: runs});
  const {counterexample, errorInstance} = composed.failed ? composed : any;
  if (counterexample === null) return undefined;
  const why = errorInstance instanceof Error ? errorInstance.message : String(errorInstance);
  return `seed ${seed}: ${why}\n${JSON.stringify(counterexample)}`;
}
