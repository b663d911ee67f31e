// SPDX-License-Identifier: MIT
/**
 * Counts of a `kverdict run -t kselftest/TARGET` beside what run_kselftest.sh printed in such a guest:
 *
 *   kverdict run -t kselftest/timers --profiles x86_64 --override-timeout 45 --out RUN
 *   echo 'cd /suites/kselftest-timers; ./run_kselftest.sh -o 45' |
 *     kverdict shell -t kselftest/timers --profile x86_64 >OUTPUT
 *   node dist/scripts/compare-kselftest.js RUN OUTPUT
 */
import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import type {Results} from '../harness/verdict/results.js';
import {compareWithRunner} from '../reports/runner-counts.js';

const [run, output] = process.argv.slice(2);
if (run === undefined || output === undefined) {
  process.stderr.write('usage: compare-kselftest.js RUN OUTPUT\n');
  process.exit(2);
}
const results = JSON.parse(readFileSync(join(run, 'results.json'), 'utf8')) as Results;
process.stdout.write(compareWithRunner(results, readFileSync(output, 'utf8')));
