// SPDX-License-Identifier: MIT
/** How long a command may run that runs the tree's own code: makefiles call what they like, `sleep inf` too. */
import {InfraError, KernelError, UserError} from '../lib/errors.js';
import type {Completed} from '../lib/exec.js';

/** A kernel of all that kverdict asks for takes four minutes on two cores; this is for a loaded, slow host. */
const DEFAULT_MINUTES = 240;
const MAX_MINUTES = 7 * 24 * 60;
const VARIABLE = 'KVERDICT_BUILD_MINUTES';

/**
 * Seconds for one command of a build: `KVERDICT_BUILD_MINUTES`, else four hours.
 *
 * @throws UserError for a value that is no number of minutes
 */
export function buildSeconds(env: NodeJS.ProcessEnv = process.env): number {
  const given = env[VARIABLE] ?? '';
  const minutes = given === '' ? DEFAULT_MINUTES : Number(given);
  if (minutes > 0 && minutes <= MAX_MINUTES) return minutes * 60;
  throw new UserError(`Expected \`${VARIABLE}\` to be minutes, from above 0 to ${MAX_MINUTES}, got \`${given}\``);
}

/** Throws for a command of the tree's that was ended because it would not end; for no other. */
export function refuseEndless(
  what: string,
  {timedOut, flooded, seconds}: Pick<Completed, 'timedOut' | 'flooded' | 'seconds'>,
  log: string,
): void {
  if (flooded) {
    throw new KernelError(`\`${what}\` printed without end and was stopped after ${Math.round(seconds)} s`, {
      hint: `\`head -c 20000 ${log}\` shows what it says again and again.`,
      facts: {log},
    });
  }
  if (!timedOut) return;
  throw new InfraError(
    `\`${what}\` did not end within ${Math.round(seconds)} s and was stopped: the tree may wait for something, or this host is slow`,
    {hint: `The last lines of ${log} say where it was. ${VARIABLE}=N allows more.`, facts: {log, seconds}},
  );
}
