// SPDX-License-Identifier: MIT
/** /proc/sys/kernel/tainted: a sum of bits (Documentation/admin-guide/tainted-kernels.rst, 5.10 to 6.12). */

export interface TaintFlag {
  bit: number;
  letter: string;
  meaning: string;
}

export const TAINT_FLAGS: readonly TaintFlag[] = [
  {bit: 0, letter: 'P', meaning: 'a proprietary module was loaded'},
  {bit: 1, letter: 'F', meaning: 'a module was loaded by force'},
  {bit: 2, letter: 'S', meaning: 'the system or CPU is out of its specification'},
  {bit: 3, letter: 'R', meaning: 'a module was unloaded by force'},
  {bit: 4, letter: 'M', meaning: 'a machine check was reported'},
  {bit: 5, letter: 'B', meaning: 'a bad page or an invalid access was found'},
  {bit: 6, letter: 'U', meaning: 'user space asked for it'},
  {bit: 7, letter: 'D', meaning: 'the kernel died: an Oops or a BUG'},
  {bit: 8, letter: 'A', meaning: 'an ACPI table was overridden'},
  {bit: 9, letter: 'W', meaning: 'the kernel warned'},
  {bit: 10, letter: 'C', meaning: 'a staging driver was loaded'},
  {bit: 11, letter: 'I', meaning: 'a firmware bug was worked around'},
  {bit: 12, letter: 'O', meaning: 'a module from outside the tree was loaded'},
  {bit: 13, letter: 'E', meaning: 'an unsigned module was loaded'},
  {bit: 14, letter: 'L', meaning: 'a lockup happened'},
  {bit: 15, letter: 'K', meaning: 'the kernel was live-patched'},
  {bit: 16, letter: 'X', meaning: 'the distribution set it'},
  {bit: 17, letter: 'T', meaning: 'the structure layout is randomised'},
  {bit: 18, letter: 'N', meaning: 'a test inside the kernel was run'},
  {bit: 19, letter: 'J', meaning: 'a mutating fwctl operation was used'},
];

/** A number that /proc/sys/kernel/tainted holds; undefined for anything else. */
export function parseTaint(text: string): number | undefined {
  const digits = /^\s*(\d{1,15})\s*$/.exec(text)?.[1];
  return digits === undefined ? undefined : Number(digits);
}

/** `OW`; a bit that the table does not know is `bit 21`, so that it is never lost. */
export function taintLetters(value: number): string[] {
  return bitsOf(value).map((bit) => TAINT_FLAGS.find((flag) => flag.bit === bit)?.letter ?? `bit ${bit}`);
}

/** Flags that `after` has and `before` has not, as letters. They are never cleared but by a boot. */
export function newTaint(before: number, after: number): string[] {
  const had = new Set(taintLetters(before));
  return taintLetters(after).filter((letter) => !had.has(letter));
}

/** `W (the kernel warned)` */
export function taintWords(letters: readonly string[]): string {
  return letters
    .map((letter) => {
      const meaning = TAINT_FLAGS.find((flag) => flag.letter === letter)?.meaning;
      return meaning === undefined ? letter : `${letter} (${meaning})`;
    })
    .join(', ');
}

/** Without the 32 bits of JavaScript's own operators. */
function bitsOf(value: number): number[] {
  const bits: number[] = [];
  for (let bit = 0, rest = value; rest > 0; bit++, rest = Math.floor(rest / 2)) if (rest % 2 === 1) bits.push(bit);
  return bits;
}
