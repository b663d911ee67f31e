// SPDX-License-Identifier: MIT
/** A guest in memory: a command is looked up by a word it holds. */
import type {Guest, GuestRunResult} from '../../guest/guest.js';

export interface Answer extends Partial<GuestRunResult> {
  /** Chunks of output, as they would come over the wire. */
  output?: readonly (string | Uint8Array)[];
}

export interface FakeGuest extends Guest {
  readonly commands: {command: string; timeoutSeconds: number}[];
  readonly pushed: [string, string][];
}

/** @param answers the first entry whose key is in the command; a command that nobody knows exits 127 */
export function fakeGuest(answers: Readonly<Record<string, Answer>>, console = ''): FakeGuest {
  let printed = false;
  const commands: FakeGuest['commands'] = [];
  const pushed: FakeGuest['pushed'] = [];
  return {
    name: 'fake',
    bootSeconds: 1,
    slowdown: 1,
    commands,
    pushed,
    run: async (command, {timeoutSeconds, onOutput}) => {
      commands.push({command, timeoutSeconds});
      const key = Object.keys(answers).find((word) => command.includes(word));
      const {output = [], ...result}: Answer = key === undefined ? {code: 127} : (answers[key] ?? {});
      for (const chunk of output) onOutput?.(typeof chunk === 'string' ? Buffer.from(chunk) : chunk);
      return {code: 0, timedOut: false, seconds: 0.5, ...result};
    },
    push: async (local, directory) => {
      pushed.push([local, directory]);
    },
    diagnose: async () => '',
    console: () => console,
    newConsole: async (onText) => {
      if (!printed) onText(console);
      printed = true;
    },
    [Symbol.asyncDispose]: async () => {},
  };
}
