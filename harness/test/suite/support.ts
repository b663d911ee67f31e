// SPDX-License-Identifier: MIT
import {join} from 'node:path';
import type {Context} from '../../lib/context.js';
import type {RunEvent} from '../../lib/events.js';
import {createExec} from '../../lib/exec.js';
import {resolvePaths} from '../../lib/paths.js';

const {project} = resolvePaths();

export const FIXTURES = join(project, 'harness/test/fixtures/suite');
export const SUITES = join(project, 'selftests/suites');
export const PROJECT = project;

/** A context whose cache is in `folder`, and what it said. */
export function testContext(folder: string): Context & {events: RunEvent[]} {
  const events: RunEvent[] = [];
  const emit = (event: RunEvent): void => void events.push(event);
  const {signal} = new AbortController();
  const paths = {project, cache: join(folder, 'cache'), state: join(folder, 'state'), runtime: join(folder, 'run')};
  return {paths, exec: createExec(emit, signal), emit, signal, events};
}
