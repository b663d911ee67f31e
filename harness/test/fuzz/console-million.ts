// SPDX-License-Identifier: MIT
/**
 * The long run over consoles:
 *
 *   node dist/harness/test/fuzz/console-million.js [INPUTS [FIRST_SEED]]      1 000 000 and 1 by default
 *
 * Half of the inputs are composed reports, half are mutated consoles of the fixtures. Ends at the first that does not
 * hold, made as small as it can be. Exits 1 then.
 */
import {fuzzConsoles} from './console.js';

/** Of one seed. */
const BATCH = 10_000;
/** MiB, of the whole process; the reader of one console needs a few. */
const MAX_MEMORY = 400;

const [inputs = 1_000_000, first = 1] = process.argv.slice(2).map(Number);
if (!Number.isInteger(inputs) || inputs < 2 || !Number.isInteger(first)) {
  console.error(`Expected INPUTS, from 2, and FIRST_SEED, whole numbers; got: ${process.argv.slice(2).join(' ')}`);
  process.exit(129);
}
const started = performance.now();
let done = 0;
for (let seed = first; done < inputs; seed++) {
  const batch = Math.min(BATCH, inputs - done);
  const why = fuzzConsoles(seed, Math.ceil(batch / 2));
  if (why !== undefined) {
    console.log(why);
    process.exit(1);
  }
  done += batch;
}
const memory = Math.round(process.resourceUsage().maxRSS / 1024);
console.log(`${done} inputs in ${Math.round((performance.now() - started) / 1000)} s, peak ${memory} MiB`);
if (memory > MAX_MEMORY) console.log(`more than ${MAX_MEMORY} MiB`);
process.exitCode = memory > MAX_MEMORY ? 1 : 0;
