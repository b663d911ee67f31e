// SPDX-License-Identifier: MIT
/**
 * The long run:
 *
 *   npm run fuzz [-- INPUTS [FIRST_SEED]]      1 000 000 and 1 by default
 *
 * Ends at the first input that breaks a property, made as small as it can be; it is then in fixtures/seeds. Exits 1.
 */
import {fuzz} from './check.js';
import {keepSeed} from './seeds.js';

/** Inputs of one seed. */
const BATCH = 5000;
/** MiB, of the whole process; the readers of one input need a few. */
const MAX_MEMORY = 400;

const [inputs = 1_000_000, first = 1] = process.argv.slice(2).map(Number);
if (!Number.isInteger(inputs) || inputs < 1 || !Number.isInteger(first)) {
  console.error(`Expected INPUTS and FIRST_SEED, whole numbers; got: ${process.argv.slice(2).join(' ')}`);
  process.exit(129);
}
const started = performance.now();
let done = 0;
for (let seed = first; done < inputs; seed++, done += BATCH) {
  const failure = fuzz(seed, Math.min(BATCH, inputs - done));
  if (failure !== undefined) {
    keepSeed(failure);
    console.log(`seed ${seed}: ${failure.why}\n${JSON.stringify(failure.document)}`);
    process.exit(1);
  }
  if (seed % 20 === 0) console.error(summary());
}
const peak = process.resourceUsage().maxRSS / 1024;
console.log(summary());
if (peak > MAX_MEMORY) console.log(`more than ${MAX_MEMORY} MiB`);
process.exitCode = peak > MAX_MEMORY ? 1 : 0;

function summary(): string {
  const seconds = (performance.now() - started) / 1000;
  const memory = Math.round(process.resourceUsage().maxRSS / 1024);
  const count = Math.min(done, inputs);
  return `${count} inputs in ${seconds.toFixed(0)} s (${Math.round(count / seconds)}/s), peak ${memory} MiB`;
}
