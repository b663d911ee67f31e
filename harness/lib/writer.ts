// SPDX-License-Identifier: MIT
/**
 * Text on its way out, whoever made it: to a terminal, to the log of a CI job, into a report. It holds nothing that acts:
 * no control bytes and no text that turns around (`text.ts`), no passwords (`secrets.ts`), and no line that a CI system
 * takes for a command of its own.
 */
import {redact} from './secrets.js';
import {cleanText} from './text.js';

/** What kverdict itself paints with: colours and bold (SGR), nothing that moves or writes elsewhere. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: it is the one sequence that gets through
const COLOUR = /(\x1b\[(?:0|1|2|3|4|22|23|24|3[0-9]|9[0-7])m)/;

/**
 * GitHub's runner takes `::NAME` at the start of a line, after blanks, and `##[NAME]` anywhere in it; Azure Pipelines
 * `##vso[NAME`, TeamCity `##teamcity[NAME`. GitLab's sections need CR and ESC, which are gone.
 */
const GITHUB = /^(\s*):(?=:)/gm;
const BRACKET = /##(?=\w*\[)/g;

/** The same lines, and none of them is a command of a CI system. A blank is put in, so that it is seen. */
export function breakCommands(text: string): string {
  return text.replace(BRACKET, '# #').replace(GITHUB, '$1: ');
}

/** Text with nothing in it that acts, of any source. */
export const plain = (text: string): string => breakCommands(cleanText(redact(text)));

/** As `plain`; colours stay. For text whose parts were cleaned before they were painted. */
export function screen(text: string): string {
  const parts = redact(text).split(COLOUR);
  return breakCommands(parts.map((part, index) => (index % 2 === 1 ? part : cleanText(part))).join(''));
}

/** What JSON.stringify leaves as it is, and a terminal or a CI system does not: written as escapes, so nothing is lost. */
const IN_JSON =
  /[\x7f-\x9f\u{ad}\u{61c}\u{180e}\u{200b}-\u{200f}\u{2028}-\u{202e}\u{2060}-\u{206f}\u{feff}\u{fff9}-\u{fffb}\u{e0000}-\u{e007f}]|(?<=#)#(?=\w*\[)/gu;

/** JSON that can be printed anywhere; it reads back as `value`, but for passwords. */
export function jsonText(value: unknown, indent?: number): string {
  return safeJson(JSON.stringify(value, null, indent));
}

/** As `jsonText`, of text that is JSON already. */
export const safeJson = (text: string): string => redact(text).replace(IN_JSON, escapeUnits);

/** Parts of a page that are no text: its own style and script, which hold nothing of others. */
const OWN_PARTS = /(<(style|script)\b[^>]*>[\s\S]*?<\/\2>)/;

/** XML and HTML: control characters are gone by their renderers; what a CI system looks for is written otherwise. */
export function markup(text: string): string {
  return redact(text)
    .split(OWN_PARTS)
    .filter((_, index) => index % 3 !== 2)
    .map((part, index) => (index % 2 === 1 ? part : part.replace(BRACKET, '#&#35;').replace(GITHUB, '$1&#58;')))
    .join('');
}

function escapeUnits(character: string): string {
  return [...Array(character.length).keys()]
    .map((at) => `\\u${character.charCodeAt(at).toString(16).padStart(4, '0')}`)
    .join('');
}
