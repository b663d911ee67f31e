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

/** The command as a user gives it, on Debian's kernel. `name` is that of its folder, which goes with the test file. */
export async function kverdict(name: string, ...args: string[]): Promise<Run> {
  const out = join(folder, name);
  const words = [...args, '--tree', DEBIAN_SOURCE, '--out', out];
  const program = join(resolvePaths().project, 'scripts/kverdict');
  const child = spawn(program, words, {stdio: ['ignore', 'ignore', 'inherit']});
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
  return {code, out, results: JSON.parse(readFileSync(join(out, 'results.json'), 'utf8')) as Results};
}

export const rowOf = (results: Results, profile: string, test: string): Comparison | undefined =>
  results.comparisons.find((one) => one.profile === profile && one.test === test);

/** What the kernel printed under a test, as identities. */
export const printed = (results: Results, profile: string, test: string): string[] =>
  (results.splats ?? []).filter((one) => one.profile === profile && one.test === test).map(({identity}) => identity);
