// SPDX-License-Identifier: MIT
/**
 * Calls and jumps that the assembler resolved by itself, as both ends are in one section: there is no relocation, and
 * the distance changes with whatever lies between.
 */
import {MACHINE} from './elf.js';

export interface Branch {
  /** The field that holds the distance, from the start of the section. */
  offset: number;
  /** Where it leads, from the start of the section. */
  target: number;
  /** The code without the distance. */
  blank(code: Buffer, at: number): void;
}

type Finder = (code: Buffer, start: number, end: number) => Branch[];

const FINDERS: Readonly<Record<number, Finder>> = {[MACHINE.x86_64]: onX86, [MACHINE.aarch64]: onArm64};

/**
 * @param start, end the function, in bytes of the section
 * @returns what may be one. On x86 instructions have no fixed length, so any byte may look like one: a target that is
 *   no beginning of a function is to be left alone.
 */
export function findBranches(machine: number, code: Buffer, start: number, end: number): Branch[] {
  return FINDERS[machine]?.(code, start, end) ?? [];
}

/** call (e8), jmp (e9) and jcc (0f 80 to 0f 8f), each with 32 bits of distance from its own end. */
function onX86(code: Buffer, start: number, end: number): Branch[] {
  const found: Branch[] = [];
  for (let at = start; at + 5 <= end; at++) {
    const byte = code[at] ?? 0;
    const isNear = byte === 0xe8 || byte === 0xe9;
    const isConditional = byte >= 0x80 && byte <= 0x8f && at > start && code[at - 1] === 0x0f;
    if (!isNear && !isConditional) continue;
    const target = at + 5 + code.readInt32LE(at + 1);
    found.push({offset: at + 1, target, blank: (copy, from) => copy.fill(0, from, from + 4)});
  }
  return found;
}

/** b and bl (26 bits, in words), b.cond, cbz and cbnz (19), tbz and tbnz (14). */
const ARM64: readonly {mask: number; value: number; bits: number; shift: number}[] = [
  {mask: 0x7c000000, value: 0x14000000, bits: 26, shift: 0},
  {mask: 0xff000000, value: 0x54000000, bits: 19, shift: 5},
  {mask: 0x7e000000, value: 0x34000000, bits: 19, shift: 5},
  {mask: 0x7e000000, value: 0x36000000, bits: 14, shift: 5},
];

function onArm64(code: Buffer, start: number, end: number): Branch[] {
  const found: Branch[] = [];
  for (let at = start; at + 4 <= end; at += 4) {
    const word = code.readInt32LE(at);
    const form = ARM64.find(({mask, value}) => (word & mask) === value);
    if (form === undefined) continue;
    const {bits, shift} = form;
    const distance = (((word >> shift) << (32 - bits)) >> (32 - bits)) * 4;
    const field = ((1 << bits) - 1) << shift;
    found.push({offset: at, target: at + distance, blank: (copy, from) => copy.writeInt32LE(word & ~field, from)});
  }
  return found;
}
