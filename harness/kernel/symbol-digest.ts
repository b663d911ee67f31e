// SPDX-License-Identifier: MIT
/**
 * A hash for each function and each piece of data of an object file. Addresses are not in it: a reference counts by the
 * name of what it refers to, so that code which only moved is the same code.
 */
import {createHash} from 'node:crypto';
import {findBranches} from './branches.js';
import {
  type ElfFile,
  type ElfSymbol,
  MACHINE,
  type Relocation,
  readElf,
  readRelocations,
  readSymbols,
  type Section,
  SHF,
  STT,
  textAt,
} from './elf.js';

export type SymbolKind = 'function' | 'data' | 'table';

export interface SymbolHash {
  /** Without what a compiler numbers: `__func__.12` is `__func__`. A table has the name of its section. */
  name: string;
  kind: SymbolKind;
  hash: string;
}

/** Sections that the kernel does not use while it runs, or that only describe its code. */
const NOT_COUNTED = /^\.(orc_|discard|eh_frame|note|comment|debug|modinfo)/;
/** Bytes in front of a function: padding, and the hash that control-flow integrity checks. */
const PREFIX = /^__(pfx|cfi)_/;
/** x86: the addend of these, in code, is counted from the end of the field. */
const PC_RELATIVE: Readonly<Record<number, readonly number[]>> = {[MACHINE.x86_64]: [2, 4]};
/** The line in an entry of `__bug_table`: see `same-kernel.ts`. */
const BUG = {table: '__bug_table', bytes: 12, line: 8} as const;
const HASH_CHARACTERS = 16;

/** All of an object. @throws RangeError when it is not understood */
export function digestObject(object: Buffer): SymbolHash[] {
  const file = readElf(object);
  const digest = new ObjectDigest(file);
  return file.sections
    .filter(({flags, name}) => (flags & SHF.alloc) !== 0 && !NOT_COUNTED.test(name))
    .flatMap((section) => digest.section(section));
}

/** A name without the numbers that compilers and macros give away in the order of a file. */
export function plainName(name: string): string {
  return name
    .replace(/^__initcall__kmod_(.+?)__\d+_\d+_/, '__initcall_$1_')
    .replace(/^(__UNIQUE_ID_.*?)\d+$/, '$1')
    .replaceAll(/\.\d+/g, '');
}

class ObjectDigest {
  readonly #symbols: ElfSymbol[];
  /** Those that have a place and a size, by section and in order. */
  readonly #placed = new Map<number, ElfSymbol[]>();
  readonly #relocations: Map<number, Relocation[]>;

  constructor(readonly file: ElfFile) {
    this.#symbols = readSymbols(file);
    this.#relocations = readRelocations(file);
    for (const symbol of this.#symbols) {
      if (symbol.size === 0 || symbol.section === 0 || symbol.type > STT.func || PREFIX.test(symbol.name)) continue;
      const list = this.#placed.get(symbol.section);
      if (list === undefined) this.#placed.set(symbol.section, [symbol]);
      else list.push(symbol);
    }
    for (const list of this.#placed.values()) list.sort((a, b) => a.value - b.value || b.size - a.size);
  }

  section(section: Section): SymbolHash[] {
    const symbols = this.#placed.get(section.index) ?? [];
    const executable = (section.flags & SHF.exec) !== 0;
    const hashes: SymbolHash[] = symbols.map(({name, value, size}) => ({
      name: plainName(name),
      kind: executable ? 'function' : 'data',
      hash: this.#hash(section, value, value + size),
    }));
    // Strings and constants count where they are used; between functions there is padding.
    if ((section.flags & SHF.merge) !== 0 || (executable && symbols.length > 0)) return hashes;
    const gaps = gapsOf(section, symbols);
    if (gaps.length === 0) return hashes;
    const all = gaps.map(([start, end]) => this.#hash(section, start, end)).join(' ');
    return [...hashes, {name: section.name, kind: 'table', hash: short(createHash('sha1').update(all))}];
  }

  #hash(section: Section, start: number, end: number): string {
    const hash = createHash('sha1').update(`${section.name} ${section.flags} ${end - start}\n`);
    const relocations = this.#relocations.get(section.index) ?? [];
    const bytes = bytesOf(section, start, end);
    let text = '';
    if ((section.flags & SHF.exec) !== 0) {
      for (const {offset, target, blank} of findBranches(this.file.machine, section.bytes, start, end)) {
        const name = target >= start && target < end ? undefined : this.#functionAt(section, target);
        if (name === undefined || relocations[firstFrom(relocations, offset)]?.offset === offset) continue;
        blank(bytes, offset - start);
        text += `${offset - start} ${name}\n`;
      }
    }
    hash.update(bytes);
    for (let i = firstFrom(relocations, start); i < relocations.length; i++) {
      const one = relocations[i];
      if (one === undefined || one.offset >= end) break;
      text += `${one.offset - start} ${one.type} ${this.#target(one, section)}\n`;
    }
    return short(hash.update(text));
  }

  /** The function that begins there. */
  #functionAt(section: Section, offset: number): string | undefined {
    const symbols = this.#placed.get(section.index) ?? [];
    const before = symbols[firstAfter(symbols, offset) - 1];
    return before?.value === offset ? plainName(before.name) : undefined;
  }

  /** What a reference refers to, in words that do not depend on where that lies. */
  #target({type, symbol: index, addend}: Relocation, from: Section): string {
    const symbol = this.#symbols[index];
    if (symbol === undefined) throw new RangeError(`a relocation against symbol ${index}, which is not there`);
    if (symbol.type !== STT.section) return `${plainName(symbol.name)}+${addend}`;
    const section = this.file.sections[symbol.section];
    if (section === undefined) throw new RangeError(`a relocation against section ${symbol.section}`);
    const ahead = (from.flags & SHF.exec) !== 0 && PC_RELATIVE[this.file.machine]?.includes(type) ? 4 : 0;
    return this.#place(section, symbol.value + addend + ahead);
  }

  #place(section: Section, offset: number): string {
    const {flags, bytes, entrySize, name} = section;
    if ((flags & SHF.strings) !== 0 && entrySize === 1) return JSON.stringify(textAt(bytes, offset));
    if ((flags & SHF.merge) !== 0) return bytes.toString('hex', offset, offset + entrySize);
    const symbols = this.#placed.get(section.index) ?? [];
    let before: ElfSymbol | undefined;
    for (let i = firstAfter(symbols, offset) - 1; i >= 0; i--) {
      const one = symbols[i];
      if (one === undefined) break;
      before ??= one;
      if (offset < one.value + one.size) return `${plainName(one.name)}+${offset - one.value}`;
      // Those further in front end before it, but for aliases of one place.
      if (one.value !== before.value) break;
    }
    // Code that has no name of its own belongs to the function that leads there.
    if ((flags & SHF.exec) !== 0) return name;
    const end = before === undefined ? 0 : before.value + before.size;
    return `${name} after ${before === undefined ? '' : plainName(before.name)}+${offset - end}`;
  }
}

/** A copy of the bytes; of `__bug_table` without its lines, of `.bss` none. */
function bytesOf({name, bytes}: Section, start: number, end: number): Buffer {
  const copy = Buffer.from(bytes.subarray(start, end));
  if (name !== BUG.table) return copy;
  for (let at = BUG.line; at + 2 <= copy.length; at += BUG.bytes) copy.writeUInt16LE(0, at);
  return copy;
}

/** What no symbol covers. */
function gapsOf({size}: Section, symbols: readonly ElfSymbol[]): [number, number][] {
  const gaps: [number, number][] = [];
  let at = 0;
  for (const {value, size: bytes} of symbols) {
    if (value > at) gaps.push([at, value]);
    at = Math.max(at, value + bytes);
  }
  return size > at ? [...gaps, [at, size]] : gaps;
}

const short = (hash: ReturnType<typeof createHash>): string => hash.digest('hex').slice(0, HASH_CHARACTERS);

/** The first relocation that is not before `offset`. */
function firstFrom(sorted: readonly Relocation[], offset: number): number {
  return search(sorted.length, (index) => (sorted[index]?.offset ?? 0) >= offset);
}

/** The first symbol that begins behind `offset`. */
function firstAfter(sorted: readonly ElfSymbol[], offset: number): number {
  return search(sorted.length, (index) => (sorted[index]?.value ?? 0) > offset);
}

/** The first index for which `is` holds; it holds for all further ones. */
function search(length: number, is: (index: number) => boolean): number {
  let [low, high] = [0, length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (is(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}
