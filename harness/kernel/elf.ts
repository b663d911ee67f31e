// SPDX-License-Identifier: MIT
/**
 * Sections, symbols and relocations of a 64-bit little-endian ELF file: what objdump would print, without a process for
 * each of 900 objects. A file that is not understood is an error, never an empty answer.
 */

export const SHF = {write: 1, alloc: 2, exec: 4, merge: 16, strings: 32} as const;
export const SHT = {symtab: 2, rela: 4, note: 7, nobits: 8, rel: 9} as const;
export const STT = {notype: 0, object: 1, func: 2, section: 3, file: 4} as const;
export const MACHINE = {x86_64: 62, aarch64: 183} as const;

const HEADER_BYTES = 64;
const SECTION_BYTES = 64;
const SYMBOL_BYTES = 24;
const RELA_BYTES = 24;
/** Section numbers from here on are not numbers of sections (SHN_ABS, SHN_COMMON, …). */
const SHN_LORESERVE = 0xff00;

export interface Section {
  index: number;
  name: string;
  type: number;
  flags: number;
  address: bigint;
  size: number;
  link: number;
  info: number;
  /** Bytes of one entry; 0 when they differ. */
  entrySize: number;
  /** Empty for one that takes no place in the file (`.bss`). */
  bytes: Buffer;
}

export interface ElfSymbol {
  name: string;
  type: number;
  /** Of a section; 0 when it is not defined in this file. */
  section: number;
  /** From the start of its section, in an object. */
  value: number;
  size: number;
}

export interface Relocation {
  offset: number;
  type: number;
  symbol: number;
  addend: number;
}

export interface ElfFile {
  machine: number;
  /** What the header says beside the tables' places: class, type, machine, entry, flags. */
  identity: string;
  /** Program headers, as they stand in the file: what is loaded where. */
  programHeaders: Buffer;
  sections: Section[];
}

/** @throws RangeError when it is not such a file, or is cut short */
export function readElf(file: Buffer): ElfFile {
  if (file.length < HEADER_BYTES || file.readUInt32BE(0) !== 0x7f454c46 || file[4] !== 2 || file[5] !== 1) {
    throw new RangeError('not a 64-bit little-endian ELF file');
  }
  const count = file.readUInt16LE(60);
  if (count === 0 || file.readUInt16LE(58) !== SECTION_BYTES) throw new RangeError('an ELF file without sections');
  const table = number(file, 40);
  const sections = Array.from({length: count}, (_, index) => readSection(file, table + index * SECTION_BYTES, index));
  const names = sections[file.readUInt16LE(62)]?.bytes ?? Buffer.alloc(0);
  for (const section of sections) section.name = textAt(names, Number(section.name));
  const programs = number(file, 32);
  return {
    machine: file.readUInt16LE(18),
    identity: [file.readUInt16LE(16), file.readUInt16LE(18), file.readBigUInt64LE(24), file.readUInt32LE(48)].join(' '),
    programHeaders: slice(file, programs, file.readUInt16LE(54) * file.readUInt16LE(56)),
    sections,
  };
}

/** The symbol table; empty when there is none. @throws RangeError */
export function readSymbols({sections}: ElfFile): ElfSymbol[] {
  const table = sections.find(({type}) => type === SHT.symtab);
  const names = table && sections[table.link]?.bytes;
  if (table === undefined || names === undefined) return [];
  return Array.from({length: Math.floor(table.size / SYMBOL_BYTES)}, (_, index) => {
    const at = index * SYMBOL_BYTES;
    const section = table.bytes.readUInt16LE(at + 6);
    return {
      name: textAt(names, table.bytes.readUInt32LE(at)),
      type: table.bytes.readUInt8(at + 4) & 15,
      section: section >= SHN_LORESERVE ? 0 : section,
      value: number(table.bytes, at + 8),
      size: number(table.bytes, at + 16),
    };
  });
}

/** Relocations by the section that they change, each list sorted by offset. @throws RangeError for a kind without addends */
export function readRelocations({sections}: ElfFile): Map<number, Relocation[]> {
  const found = new Map<number, Relocation[]>();
  for (const {type, bytes, size, info, name} of sections) {
    if (type === SHT.rel) throw new RangeError(`${name}: relocations without addends`);
    if (type !== SHT.rela) continue;
    const list = Array.from({length: Math.floor(size / RELA_BYTES)}, (_, index) => {
      const at = index * RELA_BYTES;
      return {
        offset: number(bytes, at),
        type: bytes.readUInt32LE(at + 8),
        symbol: bytes.readUInt32LE(at + 12),
        addend: bytes.readInt32LE(at + 20) * 2 ** 32 + bytes.readUInt32LE(at + 16),
      };
    });
    found.set(
      info,
      [...(found.get(info) ?? []), ...list].sort((a, b) => a.offset - b.offset),
    );
  }
  return found;
}

/** Text up to its NUL; empty outside of the bytes. */
export function textAt(bytes: Buffer, offset: number): string {
  if (offset < 0 || offset >= bytes.length) return '';
  const end = bytes.indexOf(0, offset);
  return bytes.toString('latin1', offset, end === -1 ? bytes.length : end);
}

function readSection(file: Buffer, at: number, index: number): Section {
  const type = file.readUInt32LE(at + 4);
  const size = number(file, at + 32);
  return {
    index,
    // An offset until the table of names is known.
    name: String(file.readUInt32LE(at)),
    type,
    flags: number(file, at + 8),
    address: file.readBigUInt64LE(at + 16),
    size,
    link: file.readUInt32LE(at + 40),
    info: file.readUInt32LE(at + 44),
    entrySize: number(file, at + 56),
    bytes: type === SHT.nobits || type === 0 ? Buffer.alloc(0) : slice(file, number(file, at + 24), size),
  };
}

function slice(file: Buffer, offset: number, size: number): Buffer {
  if (offset + size > file.length) throw new RangeError('an ELF file that is cut short');
  return file.subarray(offset, offset + size);
}

const number = (bytes: Buffer, at: number): number => bytes.readUInt32LE(at) + bytes.readUInt32LE(at + 4) * 2 ** 32;
