// SPDX-License-Identifier: MIT
import {setMaxListeners} from 'node:events';
import {Interrupted} from '../lib/errors.js';

/**
 * Turns Ctrl-C, SIGTERM and SIGHUP into one abort. Who opened something closes it on the way out; a second signal ends
 * kverdict at once, and the next start sweeps.
 */
export function abortOnSignals(): {signal: AbortSignal; dispose: () => void} {
  const controller = new AbortController();
  // Every child listens; Node warns from the eleventh on.
  setMaxListeners(0, controller.signal);
  const stop = (name: NodeJS.Signals): void => {
    if (controller.signal.aborted) process.exit(name === 'SIGTERM' ? 143 : 130);
    controller.abort(new Interrupted(name));
  };
  const names: NodeJS.Signals[] = ['SIGINT', 'SIGTERM', 'SIGHUP'];
  for (const name of names) process.on(name, stop);
  return {
    signal: controller.signal,
    dispose: () => {
      for (const name of names) process.off(name, stop);
    },
  };
}
