// SPDX-License-Identifier: MIT
import {spawn} from 'node:child_process';
import {mkdtempSync, readFileSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import t from 'tap';
import {resolvePaths} from '../../lib/paths.js';
import {DEBIAN_SOURCE} from '../../tree/debian-source.js';
import type {Comparison, Results} from '../../verdict/results.js';

const folder = mkdtempSync(join(tmpdir(), 'kverdict-real-'));
t.teardown(() => rmSync(folder, {recursive: true, force: true}));

export interface Run {
  code: number | null;
  out: string;
  results: Results;
}

/** kverdict as a user runs it, its progress shown as it comes. @returns the exit code */
export function runProgram(words: readonly string[]): Promise<number | null> {
  const program = join(resolvePaths().project, 'scripts/kverdict');
  const child = spawn(program, words, {stdio: ['ignore', 'ignore', 'inherit']});
  return new Promise((resolve) => child.on('close', resolve));
}

/** A command with results, on Debian's kernel. `name` is that of its folder, which goes with the test file. */
export async function kverdict(name: string, ...args: string[]): Promise<Run> {
  const out = join(folder, name);
  const code = await runProgram([...args, '--tree', DEBIAN_SOURCE, '--out', out]);
  return {code, out, results: JSON.parse(readFileSync(join(out, 'results.json'), 'utf8')) as Results};
}

export const rowOf = (results: Results, profile: string, test: string): Comparison | undefined =>
  results.comparisons.find((one) => one.profile === profile && one.test === test);

/** What the kernel printed under a test, as identities. */
export const printed = (results: Results, profile: string, test: string): string[] =>
  (results.splats ?? []).filter((one) => one.profile === profile && one.test === test).map(({identity}) => identity);
