// SPDX-License-Identifier: MIT
import {isAbsolute, relative, resolve} from 'node:path';
import {stripVTControlCharacters} from 'node:util';
import {keep} from '../lib/text.js';
import type {CompilerMessage} from './kernel-build.js';
import {readMessage} from './message-patterns.js';

/** A message and the object (or other target) whose making printed it; `''` when none did (Kconfig). */
export interface LoggedMessage extends CompilerMessage {
  object: string;
}

export interface BuildLog {
  /** Objects compiled or assembled by this make, relative to O=. */
  objects: readonly string[];
  /** Everything that was made, objects and links: what it printed replaces what it printed before. */
  targets: readonly string[];
  messages: readonly LoggedMessage[];
  /** The line that says that a file system was full. */
  noSpace?: string;
  /** The line that says that a compiler was killed: by the kernel of the host when memory is short. */
  killed?: string;
  /** make's own first words about why it stopped, without its name. */
  stopped?: string;
  /** What there was more of than is read. The rest of the log is then not in here. */
  tooMany?: string;
}

/**
 * A log of all of Linux with W=1 has some ten thousand messages, and there are forty thousand objects at most: what is
 * far beyond is no build. A hundred thousand messages take some 100 MB.
 */
const MAX_MESSAGES = 100_000;
const MAX_TARGETS = 200_000;
/** Headers in headers; the compiler itself gives up at 200. */
const MAX_INCLUDERS = 300;
/** Characters of a line; the text of an error may hold a type of C++ or Rust, and no more. */
const MAX_LINE = 4000;

/** kbuild's short lines: `  CC      mm/memory.o`, `  CC [M]  fs/x.ko`, `  MODPOST vmlinux.symvers`. */
const QUIET_LINE = /^ {2}([A-Z][A-Z0-9_+]*)(?: \[[A-Z]\])? +(\S+)$/;
const COMPILES = new Set(['CC', 'AS', 'RUSTC']);
const INCLUDED_FROM = /^(?:In file included from| {17}from) ([^:\s]+):\d+/;
const NO_SPACE = /No space left on device|Disk quota exceeded/;
const KILLED =
  /Killed signal terminated program|fatal error: Killed|Error 137$|\bclang.*: error: unable to execute command: Killed/;

/** make's own last words. */
const STOPPED = /^make.*\*\*\* /;

/** True for a line that says that an object was compiled. */
export function isObjectLine(line: string): boolean {
  const match = QUIET_LINE.exec(line.replace(/\r$/, ''));
  return match !== null && COMPILES.has(match[1] ?? '') && (match[2] ?? '').endsWith('.o');
}

/**
 * Reads what `make --output-sync=target` printed. Any text is fine: what is not understood is not a message.
 *
 * @param lines the text, or its lines as they are read
 * @param tree both absolute, without symbolic links, as compilers print them
 */
export function parseBuildLog(
  lines: string | Iterable<string>,
  tree: {sourceDir: string; objectDir: string},
): BuildLog {
  const objects = new Set<string>();
  const targets = new Set<string>();
  const found: {message: CompilerMessage; target: string; includers: string[]}[] = [];
  const log: Pick<BuildLog, 'noSpace' | 'killed' | 'stopped' | 'tooMany'> = {};
  let target = '';
  let includers: string[] = [];
  for (const raw of typeof lines === 'string' ? lines.split('\n') : lines) {
    if (found.length > MAX_MESSAGES) log.tooMany = `more than ${MAX_MESSAGES} messages of compilers`;
    if (targets.size > MAX_TARGETS) log.tooMany = `more than ${MAX_TARGETS} objects`;
    if (log.tooMany !== undefined) break;
    const line = cleanLine(raw.length > MAX_LINE ? keep(raw, MAX_LINE) : raw);
    const quiet = QUIET_LINE.exec(line);
    if (quiet !== null) {
      target = keep(quiet[2] ?? '', MAX_LINE);
      targets.add(target);
      includers = [];
      if (isObjectLine(line)) objects.add(target);
      continue;
    }
    if (NO_SPACE.test(line)) log.noSpace ??= keep(line.trim(), MAX_LINE);
    if (KILLED.test(line)) log.killed ??= keep(line.trim(), MAX_LINE);
    if (STOPPED.test(line)) log.stopped ??= keep(line.replace(/^make(\[\d+\])?: \*\*\* /, ''), MAX_LINE);
    const includer = INCLUDED_FROM.exec(line)?.[1];
    if (includer !== undefined) {
      // The innermost comes first; the last of a run is the file that was compiled.
      if (line.startsWith('In file')) includers = [];
      includers.push(keep(treePath(includer, tree), MAX_LINE));
      if (includers.length > MAX_INCLUDERS) includers.splice(1, 1);
      continue;
    }
    const message = readMessage(line);
    if (message === undefined) continue;
    found.push({message: own({...message, file: treePath(message.file, tree)}), target, includers});
  }
  const messages = found.map(({message, target: group, includers: chain}) => ({
    ...message,
    object: objectOf(message.file, chain, group, objects),
  }));
  return {objects: [...objects], targets: [...targets], messages, ...log};
}

/** On memory of its own: a slice of a line keeps all that was read with it. */
function own(message: CompilerMessage): CompilerMessage {
  const {file, text, option} = message;
  return {
    ...message,
    file: keep(file, MAX_LINE),
    text: keep(text, MAX_LINE),
    ...(option === undefined ? {} : {option: keep(option, MAX_LINE)}),
  };
}

/**
 * The file's own object when this make compiled it, else that of the file which included it, else the target that
 * was named last. The first two hold when lines of several jobs are mixed (a make too old to sync its output).
 */
function objectOf(file: string, includers: readonly string[], group: string, objects: ReadonlySet<string>): string {
  for (const path of [file, includers.at(-1) ?? '']) {
    const object = path.replace(/\.(?:c|S|rs)$/, '.o');
    if (object !== path && objects.has(object)) return object;
  }
  return group;
}

/** A path as compilers print it (absolute, `../src/mm/x.c`, `./include/x.h`), relative to the top of the tree or of O=. */
function treePath(path: string, tree: {sourceDir: string; objectDir: string}): string {
  if (path === '' || path.startsWith('<')) return path;
  const whole = isAbsolute(path) ? resolve(path) : resolve(tree.objectDir, path);
  for (const top of [tree.objectDir, tree.sourceDir]) {
    const inside = relative(top, whole);
    if (inside !== '' && !inside.startsWith('..') && !isAbsolute(inside)) return inside;
  }
  return isAbsolute(path) ? path : path.replace(/^(?:\.\.?\/)+/, '');
}

/** Without colours, carriage returns, and the marks that the kernel test robot puts before new messages. */
function cleanLine(raw: string): string {
  const line = raw.endsWith('\r') ? raw.slice(0, -1) : raw;
  return (line.includes('\u001b') ? stripVTControlCharacters(line) : line).replace(/^>> /, '');
}
