// SPDX-License-Identifier: MIT
import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import {join} from 'node:path';
import type {BuildLog} from './build-log.js';
import type {ConfigRecord} from './kconfig-record.js';
import type {CompilerMessage} from './kernel-build.js';

/**
 * What kverdict knows about an `O=`: for each object the messages of its last compilation. make compiles only what
 * changed, so a warning of an object that this build did not touch is known from here alone.
 */
export interface ObjectDirState {
  format: 1;
  /** By object (or other target), as in `BuildLog`. Every object ever compiled here has its row, mostly empty. */
  messages: Record<string, CompilerMessage[]>;
  config?: ConfigRecord;
}

const STATE = '.kverdict-state.json';
/** There while make may be writing. */
const MARKER = '.kverdict-building';

/**
 * Makes an `O=` ready for make. One that a build was killed in, or whose state is not readable, is deleted as a whole.
 *
 * Deleting only what is newer than the marker would not be safe: SIGKILL leaves a half-written `.o` beside the `.cmd`
 * file of its predecessor, which kbuild then believes, and a stamp in `include/config` that is taken away makes it miss
 * a change. With ccache, compiling everything again costs little.
 *
 * @returns the state, and whether the folder was emptied because it could not be believed
 */
export function openObjectDir(objectDir: string): {state: ObjectDirState; distrusted: boolean} {
  mkdirSync(objectDir, {recursive: true});
  const state = readState(objectDir);
  if (state !== undefined && !existsSync(join(objectDir, MARKER))) return {state, distrusted: false};
  const distrusted = readdirSync(objectDir).length > 0;
  if (distrusted) deleteObjectDir(objectDir);
  mkdirSync(objectDir, {recursive: true});
  return {state: {format: 1, messages: {}}, distrusted};
}

/** Before make: from here on the folder is not to be believed. */
export function markUnfinished(objectDir: string): void {
  writeDurably(join(objectDir, MARKER), '');
}

/** After make has ended by itself, well or not: objects and state agree again. */
export function markFinished(objectDir: string, state: ObjectDirState): void {
  const path = join(objectDir, STATE);
  writeDurably(`${path}.new`, JSON.stringify(state));
  renameSync(`${path}.new`, path);
  rmSync(join(objectDir, MARKER));
}

/** Renamed first: a deletion that is cut short leaves no folder that looks like an `O=`. */
export function deleteObjectDir(objectDir: string): void {
  const doomed = `${objectDir}.deleted`;
  rmSync(doomed, {recursive: true, force: true});
  if (existsSync(objectDir)) renameSync(objectDir, doomed);
  rmSync(doomed, {recursive: true, force: true});
}

/** The state after a make: rows of what it made are replaced, the others stay. */
export function updateState(
  state: ObjectDirState,
  log: BuildLog,
  config: {record: ConfigRecord; ran: boolean},
): ObjectDirState {
  const messages: Record<string, CompilerMessage[]> = {...state.messages};
  // Messages of no target are those of Kconfig.
  if (config.ran) messages[''] = [];
  for (const object of log.targets) messages[object] = [];
  for (const {object, ...message} of log.messages) {
    messages[object] ??= [];
    messages[object].push(message);
  }
  return {format: 1, messages, config: config.record};
}

/**
 * All warnings of a tree, each once: one in a header is printed for every object that includes it. Rows of a source
 * that the tree no longer has are left out; make does not delete its object.
 */
export function allWarnings(state: ObjectDirState, sourceDir: string, objectDir: string): CompilerMessage[] {
  const unique = new Map<string, CompilerMessage>();
  for (const [, messages] of Object.entries(state.messages).sort(([a], [b]) => (a < b ? -1 : 1))) {
    for (const message of messages) {
      if (message.kind !== 'warning') continue;
      const {file} = message;
      if (
        file !== '' &&
        !file.startsWith('<') &&
        !existsSync(join(sourceDir, file)) &&
        !existsSync(join(objectDir, file))
      )
        continue;
      unique.set(JSON.stringify([file, message.line, message.column, message.text, message.option]), message);
    }
  }
  return [...unique.values()];
}

function readState(objectDir: string): ObjectDirState | undefined {
  try {
    const state = JSON.parse(readFileSync(join(objectDir, STATE), 'utf8')) as ObjectDirState;
    return state.format === 1 && typeof state.messages === 'object' ? state : undefined;
  } catch {
    return undefined;
  }
}

function writeDurably(path: string, text: string): void {
  const fd = openSync(path, 'w');
  try {
    writeFileSync(fd, text);
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}
