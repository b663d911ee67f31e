// SPDX-License-Identifier: MIT
import type {CompilerMessage} from './kernel-build.js';

/**
 * Warnings and errors of the patched build, in touched files, that the base build did not have.
 *
 * Lines move under a patch, so a message is known by its file, its option and its text with the places in it left out.
 * Two of a kind on base and three on patched are one new one: the last, as patches more often add below than above.
 */
export function newWarnings(
  base: readonly CompilerMessage[],
  patched: readonly CompilerMessage[],
  touchedFiles: readonly string[],
): CompilerMessage[] {
  const touched = new Set(touchedFiles);
  const known = new Map<string, number>();
  for (const message of base) known.set(identity(message), (known.get(identity(message)) ?? 0) + 1);
  return patched.filter((message) => {
    if (!touched.has(message.file)) return false;
    const left = known.get(identity(message)) ?? 0;
    known.set(identity(message), left - 1);
    return left <= 0;
  });
}

/** What stays the same when the lines around it move. Sizes and limits in a text are not places: they count. */
function identity({kind, file, text, option}: CompilerMessage): string {
  const still = text
    .replaceAll(/\b([\w./-]+\.[chS]):\d+(?::\d+)?/g, '$1')
    .replaceAll(/\b(?:at |on |from )?line \d+/g, 'line')
    .replaceAll(/\+0x[0-9a-f]+(?:\/0x[0-9a-f]+)?/g, '+0x')
    .replaceAll(/[‘’`']/g, "'");
  return [kind, file, option ?? '', still].join('\0');
}
