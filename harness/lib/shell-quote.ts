// SPDX-License-Identifier: MIT
const SAFE = /^[A-Za-z0-9_@%+=:,./-]+$/;

/** One word, quoted so that a POSIX shell reads it back as it is. */
export function shellQuote(word: string): string {
  if (SAFE.test(word)) return word;
  return `'${word.replaceAll("'", `'\\''`)}'`;
}

/** A command line that can be pasted: environment first, then the words. */
export function shellLine(words: readonly string[], env: Readonly<Record<string, string>> = {}): string {
  const settings = Object.entries(env).map(([name, value]) => `${name}=${shellQuote(value)}`);
  return [...settings, ...words.map(shellQuote)].join(' ');
}
