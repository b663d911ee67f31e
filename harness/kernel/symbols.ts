// SPDX-License-Identifier: MIT
/**
 * What a kernel is made of, symbol by symbol, taken after each build: the objects in `O=` are another commit's soon
 * after. Two such lists say which functions a series changed.
 */
import {createHash} from 'node:crypto';
import {existsSync} from 'node:fs';
import {join} from 'node:path';
import {takeBytes} from '../lib/intake.js';
import {LEFT_OBJECT} from './left-behind.js';
import {digestObject, type SymbolHash, type SymbolKind} from './symbol-digest.js';

/** A function or a piece of data that one of two kernels does not have, or not so. */
export interface ChangedSymbol {
  change: 'changed' | 'added' | 'removed';
  kind: SymbolKind;
  name: string;
  /** The source, relative to the top of the tree. */
  file: string;
}

/** Programs of the build itself, and the names of all symbols, which it links in last. */
const NOT_KERNEL = /^(?:(?:scripts|tools|usr)\/|\.tmp_vmlinux)/;
/** kbuild's names of an object that has its source in another one of the same name: arm64's hypervisor, vDSOs. */
const ENDING = /(\.nvhe|-x32)?\.o$/;
const SOURCES = ['.c', '.S'];
const KINDS: Readonly<Record<string, SymbolKind>> = {f: 'function', d: 'data', t: 'table'};
const FIRST_LINE = 'kverdict symbols 1';

/**
 * The list as text: `F <source>` lines, each followed by `<kind> <hash> <name>`. An object whose source is gone is left
 * out: make does not delete it.
 *
 * @param objects relative to `O=`: what was ever compiled there
 */
export function listSymbols(sourceDir: string, objectDir: string, objects: readonly string[]): string {
  const lines = [FIRST_LINE];
  for (const object of [...objects].sort()) {
    if (!object.endsWith('.o') || NOT_KERNEL.test(object)) continue;
    const source = sourceOf(object, sourceDir, objectDir);
    if (source === undefined) continue;
    const bytes = takeBytes(objectDir, object, LEFT_OBJECT);
    if (bytes === undefined) continue;
    lines.push(`F ${source}`);
    for (const {kind, hash, name} of hashesOf(bytes)) lines.push(`${kind[0]} ${hash} ${name}`);
  }
  return `${lines.join('\n')}\n`;
}

/** @throws RangeError for text that is not such a list */
export function changedSymbols(base: string, patched: string): ChangedSymbol[] {
  const [before, after] = [parse(base), parse(patched)];
  const changed: ChangedSymbol[] = [];
  for (const file of [...new Set([...before.keys(), ...after.keys()])].sort()) {
    const old = before.get(file) ?? new Map<string, string[]>();
    const young = after.get(file) ?? new Map<string, string[]>();
    const here: ChangedSymbol[] = [];
    for (const id of new Set([...old.keys(), ...young.keys()])) {
      const [was, is] = [old.get(id), young.get(id)];
      if (was !== undefined && is !== undefined && sameHashes(was, is)) continue;
      const change = was === undefined ? 'added' : is === undefined ? 'removed' : 'changed';
      here.push({change, kind: KINDS[id[0] ?? ''] ?? 'data', name: id.slice(2), file});
    }
    // Tables describe the code of their file, and change with it: by themselves they are worth a line.
    changed.push(...(here.some(({kind}) => kind !== 'table') ? here.filter(({kind}) => kind !== 'table') : here));
  }
  return changed;
}

/** One that is not understood (16-bit code of the boot path) is one piece. */
function hashesOf(object: Buffer): SymbolHash[] {
  try {
    return digestObject(object);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return [{kind: 'table', name: 'the whole object', hash: createHash('sha1').update(object).digest('hex')}];
  }
}

/** Of each source, by kind and name: the hashes, as a name may be there several times. */
function parse(text: string): Map<string, Map<string, string[]>> {
  const [first, ...lines] = text.split('\n');
  if (first !== FIRST_LINE) throw new RangeError('not a list of symbols of this version');
  const files = new Map<string, Map<string, string[]>>();
  let current: Map<string, string[]> | undefined;
  for (const line of lines) {
    if (line === '') continue;
    const [kind = '', hash = '', ...name] = line.split(' ');
    if (kind === 'F') {
      const file = line.slice(2);
      current = files.get(file) ?? new Map<string, string[]>();
      files.set(file, current);
      continue;
    }
    if (current === undefined || KINDS[kind] === undefined) throw new RangeError(`\`${line}\` is not a symbol`);
    const id = `${kind} ${name.join(' ')}`;
    const hashes = current.get(id);
    if (hashes === undefined) current.set(id, [hash]);
    else hashes.push(hash);
  }
  return files;
}

function sameHashes(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && [...a].sort().join() === [...b].sort().join();
}

function sourceOf(object: string, sourceDir: string, objectDir: string): string | undefined {
  const stem = object.replace(ENDING, '');
  const names = SOURCES.map((ending) => `${stem}${ending}`);
  return names.find((name) => existsSync(join(sourceDir, name)) || existsSync(join(objectDir, name)));
}
