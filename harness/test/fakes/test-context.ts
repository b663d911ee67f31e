// SPDX-License-Identifier: MIT
import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import type {Context} from '../../lib/context.js';
import type {RunEvent} from '../../lib/events.js';
import {createExec} from '../../lib/exec.js';
import {resolvePaths} from '../../lib/paths.js';

export interface TestContext extends Context {
  /** A folder of this test alone. */
  readonly folder: string;
  readonly events: RunEvent[];
  readonly abort: AbortController;
  remove(): void;
}

/** A context whose cache, state and sockets are in a temporary folder. */
export function testContext(): TestContext {
  // Short: sockets go below it.
  const folder = mkdtempSync(join(tmpdir(), 'kv'));
  const events: RunEvent[] = [];
  const abort = new AbortController();
  const emit = (event: RunEvent): void => void events.push(event);
  return {
    folder,
    events,
    abort,
    emit,
    signal: abort.signal,
    exec: createExec(emit, abort.signal),
    paths: {
      project: resolvePaths().project,
      cache: join(folder, 'cache'),
      state: join(folder, 'state'),
      runtime: join(folder, 'run'),
    },
    remove: () => rmSync(folder, {recursive: true, force: true}),
  };
}
