// SPDX-License-Identifier: MIT
/**
 * Text that came from a guest or from a patch, before a person's terminal or an XML parser gets it. A test may print
 * any byte: colours, cursor moves, NUL, half a surrogate pair, a right-to-left override that turns a name around.
 */
import {stripVTControlCharacters} from 'node:util';

const PLAIN = /^[\t\n\x20-\x7e]*$/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not get through
const C0 = /[\x00-\x08\x0b-\x1f]/g;
/** DEL and C1; xterm takes U+009B for ESC [. */
const DEL_AND_C1 = /[\x7f-\x9f]/g;
/** Soft hyphen, bidi marks and overrides, zero-width and line separators, BOM, annotation marks, tags. */
const INVISIBLE =
  /[\u{ad}\u{61c}\u{180e}\u{200b}-\u{200f}\u{2028}-\u{202e}\u{2060}-\u{206f}\u{feff}\u{fff9}-\u{fffb}\u{e0000}-\u{e007f}]/gu;
/** Lone surrogates (under the u flag a pair is one character) and the two that XML 1.0 leaves out. */
const NOT_XML = /[\p{Cs}\u{fffe}\u{ffff}]/gu;

/**
 * The same text with nothing in it that acts: escape sequences are taken out, other control characters are replaced
 * by something that can be seen, and what XML 1.0 forbids by U+FFFD. Newline and tab stay; CR LF becomes newline.
 */
export function cleanText(text: string): string {
  if (PLAIN.test(text)) return text;
  return stripVTControlCharacters(text)
    .replaceAll('\r\n', '\n')
    .replace(C0, (c) => String.fromCodePoint(0x2400 + (c.codePointAt(0) ?? 0)))
    .replace(DEL_AND_C1, (c) => (c === '\x7f' ? '\u2421' : hex(c)))
    .replace(INVISIBLE, hex)
    .replace(NOT_XML, '\ufffd');
}

/** `cleanText` on one line: newlines and tabs become spaces, the ends are trimmed. */
export function cleanLine(text: string): string {
  return cleanText(text)
    .replace(/[\t\n ]+/g, ' ')
    .trim();
}

/** At most `max` characters, the last of them `…` when something was cut; never half a surrogate pair. */
export function clip(text: string, max: number): string {
  if (text.length <= max) return text;
  const cut = text.slice(0, Math.max(0, max - 1));
  return `${cut.replace(/[\ud800-\udbff]$/, '')}…`;
}

/**
 * `clip`, on memory of its own: a slice of a string keeps all of it alive, and a name of twenty characters would hold
 * the 64 kB of output that it was read from. Half a surrogate pair becomes U+FFFD.
 */
export function keep(text: string, max: number): string {
  return Buffer.from(clip(text, max)).toString();
}

/** The last `count` lines of what a program printed, for a message; says so when it printed nothing. */
export function lastLines(text: string, count: number): string {
  return text.trim().split('\n').slice(-count).join('\n') || '<it printed nothing>';
}

function hex(c: string): string {
  return `\\u{${(c.codePointAt(0) ?? 0).toString(16)}}`;
}
