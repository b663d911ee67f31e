// SPDX-License-Identifier: MIT
import {existsSync, mkdirSync, readdirSync, renameSync, rmSync} from 'node:fs';
import {join} from 'node:path';
import {needText, putBelow} from '../lib/intake.js';
import type {BuildLog} from './build-log.js';
import type {ConfigRecord} from './kconfig-record.js';
import type {CompilerMessage} from './kernel-build.js';
import {LEFT_TEXT} from './left-behind.js';

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
  putBelow(objectDir, MARKER, '', 0o644);
}

/** After make has ended by itself, well or not: objects and state agree again. */
export function markFinished(objectDir: string, state: ObjectDirState): void {
  putBelow(objectDir, `${STATE}.new`, JSON.stringify(state), 0o644);
  renameSync(join(objectDir, `${STATE}.new`), join(objectDir, STATE));
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
    const state: unknown = JSON.parse(needText(objectDir, STATE, LEFT_TEXT));
    return isState(state) ? state : undefined;
  } catch {
    return undefined;
  }
}

/** The folder is writable for all that a build runs, so its words are looked at before they are believed. */
function isState(value: unknown): value is ObjectDirState {
  const {format, messages, config} = (value ?? {}) as Partial<ObjectDirState>;
  if (format !== 1 || typeof messages !== 'object' || messages === null) return false;
  const isRecord = ({inputs, text, absentSymbols, missingSymbols = [], renamedSymbols = {}}: ConfigRecord): boolean =>
    [inputs, text].every(isText) &&
    [absentSymbols, missingSymbols].every((list) => Array.isArray(list) && list.every(isText)) &&
    isPlain(renamedSymbols) &&
    Object.values(renamedSymbols).every(isText);
  return (
    Object.values(messages).every((list) => Array.isArray(list) && list.every(isMessage)) &&
    (config === undefined || (typeof config === 'object' && config !== null && isRecord(config)))
  );
}

const isPlain = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isText = (value: unknown): value is string => typeof value === 'string';

function isMessage(value: CompilerMessage | null): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const {kind, file, line, column, text, option} = value;
  return (
    (kind === 'warning' || kind === 'error') &&
    [file, text, option ?? ''].every(isText) &&
    [line, column].every(Number.isFinite)
  );
}
