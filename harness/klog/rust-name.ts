// SPDX-License-Identifier: MIT

/** v0: `_RNvNtCs3_4amod4work`; the older scheme: `_ZN4amod4work17h0123456789abcdefE`. */
const MANGLED = /^_(?:R|ZN)/;
/** A disambiguator, a reference back, or an identifier with its length; what else there is says how they are nested. */
const PART = /s[0-9a-zA-Z]*_|B[0-9a-zA-Z]*_|(\d+)_?/g;
const HASH = /^h[0-9a-f]{16}$/;

/** `amod::work`: without the numbers that each build gives to a crate. Any other name, and one that does not read, as it is. */
export function rustName(symbol: string): string {
  if (!MANGLED.test(symbol)) return symbol;
  const words: string[] = [];
  PART.lastIndex = 2;
  for (let part = PART.exec(symbol); part !== null; part = PART.exec(symbol)) {
    const length = Number(part[1] ?? 0);
    if (part[1] === undefined) continue;
    // The underscore parts a length from a name that itself begins with a digit or an underscore.
    const word = symbol.slice(PART.lastIndex, PART.lastIndex + length);
    if (length === 0 || word.length < length) return symbol;
    words.push(word);
    PART.lastIndex += length;
  }
  if (HASH.test(words.at(-1) ?? '')) words.pop();
  return words.length === 0 ? symbol : words.join('::');
}
