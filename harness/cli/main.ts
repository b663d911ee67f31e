#!/usr/bin/env node
// SPDX-License-Identifier: MIT
/** Starts the program, and does nothing else: what cannot even be loaded must not end with 1, which is a verdict. */

/** `EXIT.ours`; nothing is imported here that may not be there. */
const NOTHING_WAS_JUDGED = 128;

try {
  const {runProgram} = await import('./program.js');
  process.exitCode = await runProgram(process.argv.slice(2));
} catch (error) {
  process.exitCode = NOTHING_WAS_JUDGED;
  const why = error instanceof Error ? error.message : String(error);
  const hint = 'Is it installed whole (scripts/setup), and may a process open enough files (`ulimit -n`)?';
  process.stderr.write(
    `kverdict: host or kverdict: Its own files cannot be loaded: ${JSON.stringify(why)}\n  hint: ${hint}\n`,
  );
}
