// SPDX-License-Identifier: MIT
import {existsSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {resolvePaths} from '../../lib/paths.js';
import type {Failure} from './check.js';

/** Everything that was ever found, one a line; the fast tests read it again. */
const FILE = join(resolvePaths().project, 'harness/test/fixtures/seeds/ktap.jsonl');

export function loadSeeds(): Failure[] {
  if (!existsSync(FILE)) return [];
  const lines = readFileSync(FILE, 'utf8').split('\n');
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as Failure);
}

/** Adds one; longer ones than a screen holds say nothing to a reader and are left to the seed's number. */
export function keepSeed(failure: Failure): void {
  const known = existsSync(FILE) ? readFileSync(FILE, 'utf8') : '';
  const why = failure.why.split('\n')[0] ?? '';
  const line = JSON.stringify({...failure, why});
  if (!known.includes(line)) writeFileSync(FILE, `${known}${line}\n`);
}
