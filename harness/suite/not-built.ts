// SPDX-License-Identifier: MIT
/** Whose fault it is that a program of the tree's selftests was not built: pure, from the compiler's words. */
import type {MissingProgram} from './programs.js';

/** gcc's and clang's words for a header that is not there. */
const HEADER = /fatal error: '?([^':\s]+)'?(?:: No such file or directory| file not found)/;
/** Both of GNU ld's, and lld's, for a library that is not there. */
const LIBRARY = /(?:cannot find|unable to find library) -l([\w+.-]+)/;
/** Folders of the kernel's own headers: what is not in them is missing from the tree. */
const KERNEL_HEADER = /^(?:linux|asm|asm-generic|uapi|kunit|generated)\//;

/**
 * A header or a library that the host lacks is no fault of the tree; everything else that does not build is.
 *
 * @param words the compiler's or the linker's
 * @param isInTree whether a header of that name lies somewhere in the tree, and was merely not found
 */
export function blameForWords(
  words: string,
  isInTree: (header: string) => boolean,
): Pick<MissingProgram, 'blame' | 'reason'> {
  const header = HEADER.exec(words)?.[1];
  if (header !== undefined && !header.startsWith('.') && !KERNEL_HEADER.test(header) && !isInTree(header)) {
    return {blame: 'infra', reason: `this host has no header ${header}: ${words}`};
  }
  const library = LIBRARY.exec(words)?.[1];
  if (library !== undefined) return {blame: 'infra', reason: `this host has no library ${library}: ${words}`};
  return {blame: 'kernel', reason: words};
}

/**
 * What lies in the guest in place of a helper that this host could not build. A script of the tree that starts it gets
 * a skip with the reason; without it, `not found` would count as a failure of the kernel.
 */
export function standIn({program, reason}: Pick<MissingProgram, 'program' | 'reason'>): string {
  const words = `${program} was not built: ${reason.split('\n')[0] ?? ''}`.replaceAll("'", '');
  return `#!/bin/sh\necho '${words}'\nexit 4\n`;
}
