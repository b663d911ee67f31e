// SPDX-License-Identifier: MIT
/** Do two kernels run the same? Asked of what is loaded, byte by byte; any doubt is a no. */
import {type ElfFile, readElf, type Section, SHF, SHT, textAt} from './elf.js';

export type Sameness =
  | {
      same: true;
      /** Entries of WARN() and BUG() that give another line of their file; everything else is equal. */
      lines: number;
    }
  | {same: false; difference: string};

/** `struct bug_entry` of 4.x to 6.x: two 32-bit displacements, the line, flags. */
const BUG = {table: '__bug_table', bytes: 12, line: 8, lineBytes: 2, file: 4} as const;
/** Without both, an entry is another structure. */
const BUG_OPTIONS = ['CONFIG_GENERIC_BUG_RELATIVE_POINTERS=y', 'CONFIG_DEBUG_BUGVERBOSE=y'];
/** NT_GNU_BUILD_ID: a hash over the file, debug information and symbol table included. */
const BUILD_ID = 3;

/**
 * @param base, patched the linked `vmlinux` of each
 * @param config the text of the `.config` that both were built with
 */
export function compareKernels(base: Buffer, patched: Buffer, config: string): Sameness {
  if (base.equals(patched)) return base.length === 0 ? differs('there is nothing in it') : {same: true, lines: 0};
  try {
    return compareElf(readElf(base), readElf(patched), config);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return differs(`vmlinux differs, and cannot be read: ${error.message}`);
  }
}

function compareElf(base: ElfFile, patched: ElfFile, config: string): Sameness {
  if (base.identity !== patched.identity) return differs('the header of vmlinux differs');
  const [before, after] = [loaded(base), loaded(patched)];
  const moved = before.find((one, index) => shape(one) !== shape(after[index]));
  if (moved !== undefined) return differs(`section ${moved.name} has another size or place`);
  if (before.length !== after.length) return differs('there are other sections');
  if (!base.programHeaders.equals(patched.programHeaders)) return differs('it is loaded to other places');
  let lines = 0;
  for (const [index, one] of before.entries()) {
    const other = after[index];
    if (other === undefined || one.bytes.equals(other.bytes)) continue;
    if (one.type === SHT.note) {
      if (!withoutBuildId(one.bytes).equals(withoutBuildId(other.bytes))) return differs(`${one.name} differs`);
      continue;
    }
    const changed = one.name === BUG.table ? changedLines(one, other, before, config) : undefined;
    if (changed === undefined) return differs(`${one.name} differs`);
    lines += changed;
  }
  return {same: true, lines};
}

const differs = (difference: string): Sameness => ({same: false, difference});

const loaded = ({sections}: ElfFile): Section[] => sections.filter(({flags}) => (flags & SHF.alloc) !== 0);

const shape = (section: Section | undefined): string =>
  section === undefined ? '' : [section.name, section.type, section.flags, section.address, section.size].join(' ');

/** Notes with the bytes of a build id set to 0. */
function withoutBuildId(notes: Buffer): Buffer {
  const copy = Buffer.from(notes);
  const aligned = (bytes: number): number => Math.ceil(bytes / 4) * 4;
  for (let at = 0; at + 12 <= copy.length; ) {
    const nameBytes = copy.readUInt32LE(at);
    const bytes = copy.readUInt32LE(at + 4);
    const start = at + 12 + aligned(nameBytes);
    if (copy.readUInt32LE(at + 8) === BUILD_ID && textAt(copy, at + 12) === 'GNU') copy.fill(0, start, start + bytes);
    at = start + aligned(bytes);
  }
  return copy;
}

/**
 * How many entries differ in their line alone; undefined when anything else does. That an entry is what it is taken
 * for is seen from its file: the displacement must lead to the name of one.
 */
function changedLines(
  base: Section,
  patched: Section,
  sections: readonly Section[],
  config: string,
): number | undefined {
  const options = new Set(config.split('\n'));
  if (!BUG_OPTIONS.every((option) => options.has(option)) || base.size % BUG.bytes !== 0) return undefined;
  let changed = 0;
  for (let at = 0; at < base.size; at += BUG.bytes) {
    const [one, other] = [base, patched].map(({bytes}) => Buffer.from(bytes.subarray(at, at + BUG.bytes)));
    if (one === undefined || other === undefined) return undefined;
    if (one.equals(other)) continue;
    for (const entry of [one, other]) entry.fill(0, BUG.line, BUG.line + BUG.lineBytes);
    const file = base.address + BigInt(at + BUG.file + one.readInt32LE(BUG.file));
    if (!one.equals(other) || !/^[\x21-\x7e]+\.[chS]$/.test(textIn(sections, file))) return undefined;
    changed++;
  }
  return changed;
}

function textIn(sections: readonly Section[], address: bigint): string {
  const home = sections.find((one) => address >= one.address && address < one.address + BigInt(one.bytes.length));
  return home === undefined ? '' : textAt(home.bytes, Number(address - home.address));
}
