// SPDX-License-Identifier: MIT
import {cpSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {dirname, join} from 'node:path';
import type {BuildRequest} from '../../kernel/build.js';
import type {Context} from '../../lib/context.js';
import type {RunEvent} from '../../lib/events.js';
import {createExec} from '../../lib/exec.js';
import {resolvePaths} from '../../lib/paths.js';

export const project = resolvePaths().project;
export const fixture = (name: string): string =>
  readFileSync(join(project, 'harness/test/fixtures/kernel', name), 'utf8');

/** A cache of its own, a private copy of the toy Linux, and what was emitted. */
export interface Bench extends AsyncDisposable {
  ctx: Context;
  folder: string;
  events: RunEvent[];
  abort: AbortController;
  /** Replaces a file of the toy's source. */
  edit(path: string, text: string): void;
  source(path: string): string;
  /** `tree` is a stand-in for git's tree hash: tests name the state of the source themselves. */
  request(tree: string, more?: Partial<BuildRequest>): BuildRequest;
  /** Check-outs so far: a hit of the cache makes none. */
  checkOuts: number;
}

export function openBench(): Bench {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'kverdict-kernel-')));
  const cacheDir = join(folder, 'cache/trees/toy');
  const sourceDir = join(cacheDir, 'src');
  mkdirSync(cacheDir, {recursive: true});
  cpSync(join(project, 'harness/test/fakes/fake-linux'), sourceDir, {recursive: true});
  const events: RunEvent[] = [];
  const abort = new AbortController();
  const emit = (event: RunEvent): void => void events.push(event);
  const paths = {project, cache: join(folder, 'cache'), state: join(folder, 'state'), runtime: join(folder, 'run')};
  const ctx: Context = {paths, emit, signal: abort.signal, exec: createExec(emit, abort.signal)};
  let logs = 0;
  const bench: Bench = {
    ctx,
    folder,
    events,
    abort,
    checkOuts: 0,
    edit: (path, text) => {
      mkdirSync(dirname(join(sourceDir, path)), {recursive: true});
      writeFileSync(join(sourceDir, path), text);
    },
    source: (path) => readFileSync(join(sourceDir, path), 'utf8'),
    request: (tree, more = {}) => ({
      sourceDir,
      cacheDir,
      commit: `commit-of-${tree}`,
      treeHash: tree,
      arch: 'x86_64',
      fragments: [],
      // The toy is compiled by the host's own cc whatever ARCH says; naming it spares tests a cross compiler.
      variables: {CC: 'cc', LD: 'ld'},
      jobs: 2,
      side: 'base',
      log: join(folder, `log-${++logs}`),
      checkOut: async () => {
        bench.checkOuts++;
      },
      confirm: async () => {},
      ...more,
    }),
    [Symbol.asyncDispose]: async () => rmSync(folder, {recursive: true, force: true}),
  };
  return bench;
}
