// SPDX-License-Identifier: MIT
/**
 * The long run over what reads from others: the gate for files, QMP, the bridge to SSH, git's output.
 *
 *   npm run fuzz:readers [-- CASES [SEED]]      10 000 000 and 1 by default
 *
 * Ends at the first case that does not hold, with the numbers that make it again. Exits 1 then.
 */
import {FUZZERS, fuzzReader} from './readers/run.js';

/** MiB, of the whole process. */
const MAX_MEMORY = 300;

const [cases = 10_000_000, seed = 1] = process.argv.slice(2).map(Number);
if (!Number.isInteger(cases) || cases < 100 || !Number.isInteger(seed)) {
  console.error(`Expected CASES, from 100, and SEED, whole numbers; got: ${process.argv.slice(2).join(' ')}`);
  process.exit(129);
}
let peak = 0;
for (const fuzzer of FUZZERS) {
  const ended = await fuzzReader(fuzzer, seed, Math.ceil((cases * fuzzer.share) / 100));
  if (ended.failure !== undefined) {
    console.log(ended.failure);
    process.exit(1);
  }
  peak = ended.peakMiB;
  const rate = Math.round(ended.cases / ended.seconds);
  console.log(`${fuzzer.name}: ${ended.cases} cases in ${ended.seconds.toFixed(0)} s (${rate}/s), peak ${peak} MiB`);
}
if (peak > MAX_MEMORY) console.log(`more than ${MAX_MEMORY} MiB`);
process.exitCode = peak > MAX_MEMORY ? 1 : 0;
