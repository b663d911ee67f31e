// SPDX-License-Identifier: MIT
import {readWord} from './prefix-word.js';

/** What the prefix of a subject says: `Re: [RFC PATCH v3 02/11] mm: …`. */
export interface Subject {
  /** Without `Re:` and without the patch prefix; brackets behind it (`[media]`) stay. */
  text: string;
  /** `Re:`, `Fwd:`, their translations, and any one word before the brackets. */
  reply: boolean;
  /** It calls itself a patch: a word for it, a number or a version in brackets. */
  patch: boolean;
  /** From `vN`; 1 when there is none. */
  version: number;
  /** `1` of `v2.1`: where the mailbox has a `v2`, some of its patches anew; else it is taken for a tree's version. */
  minor?: number;
  /** `2` of `2/5`; 0 is the cover letter. */
  number?: number;
  /** `5` of `2/5`. */
  total?: number;
  /** Versions of trees, `6.1` and `5.10/5.15`: backports of one patch differ by them. */
  trees: readonly string[];
  /** Words of the prefix that begin like a number and are none of the known: told to the user. */
  unread: readonly string[];
}

/** Mail programs translate it: Antwort, Svar, Vastaus, Odpowiedź; `Re[2]:` counts. */
const REPLY = /^\s*(?:re|aw|sv|vs|odp|fw|fwd|wg|tr|rv|ynt|antw|回复|答复|转发)(?:\[\d+\]|\^\d+)?\s*[:：]\s*/i;
/** Any other language: one word, a colon, then the brackets (b4 reads it so, too). */
const FOREIGN_REPLY = /^\s*[^\s:：[\]]{1,20}\s*[:：]\s*(?=\[)/u;
const BRACKET = /^\s*\[([^\]]{0,1000})\]\s*/;

/**
 * Pure. Every bracket group at the start is read. Those up to the last one that names a patch are the prefix, in any
 * order (`[dev] [topic] [PATCH v2 1/2]`, `[PATCH][next][V2]`); what is behind it belongs to the title.
 */
export function parseSubject(line: string): Subject {
  let text = line.replace(/\s+/g, ' ').trim();
  let reply = false;
  const groups: {inside: string; rest: string}[] = [];
  for (;;) {
    const answered = withoutReply(text);
    if (answered !== undefined) {
      reply = true;
      text = answered;
      continue;
    }
    const bracket = BRACKET.exec(text);
    if (bracket === null) break;
    text = text.slice(bracket[0].length);
    groups.push({inside: bracket[1] ?? '', rest: text});
  }
  return readGroups(groups, line, reply);
}

function readGroups(groups: readonly {inside: string; rest: string}[], line: string, reply: boolean): Subject {
  const subject: Subject = {text: '', reply, patch: false, version: 1, trees: [], unread: []};
  const trees: string[] = [];
  const unread: string[] = [];
  const read = groups.map(({inside}) => wordsOf(inside).map(readWord));
  const last = read.findLastIndex((words) => words.some((word) => word.names));
  for (const word of read.slice(0, last + 1).flat()) {
    if (word.version !== undefined) {
      subject.version = word.version;
      if (word.minor === undefined) delete subject.minor;
      else subject.minor = word.minor;
    }
    if (word.number !== undefined && word.total !== undefined) {
      subject.number = word.number;
      subject.total = word.total;
    }
    if (word.tree !== undefined) trees.push(word.tree);
    if (word.unread !== undefined) unread.push(word.unread);
  }
  const rest = groups[last]?.rest ?? titleOf(line);
  return {...subject, patch: last >= 0, trees, unread, text: (last < 0 ? rest : rest.replace(/^\s*:/, '')).trim()};
}

/** A line without a patch prefix, without the words of a reply. */
function titleOf(line: string): string {
  let text = line.replace(/\s+/g, ' ').trim();
  for (;;) {
    const answered = withoutReply(text);
    if (answered === undefined) return text;
    text = answered;
  }
}

/** What follows `Re:`; undefined: nothing of that kind is there. `fs: [media] …` is a title, `Ответ: [PATCH] …` is not. */
function withoutReply(text: string): string | undefined {
  const known = REPLY.exec(text);
  if (known !== null) return text.slice(known[0].length);
  const foreign = FOREIGN_REPLY.exec(text);
  if (foreign === null) return undefined;
  const rest = text.slice(foreign[0].length);
  const inside = BRACKET.exec(rest)?.[1] ?? '';
  return wordsOf(inside).some((word) => readWord(word).names) ? rest : undefined;
}

/** Commas, colons and the like part words as blanks do; `2 of 5`, `2of5` and `version 3` are one. */
function wordsOf(inside: string): string[] {
  return inside
    .replace(/(\d+)[\s-]*of[\s-]*(\d+)/gi, '$1/$2')
    .replace(/\b(v|ver|version|rev)\s+(\d+)(?![\d./])/gi, '$1$2')
    .replace(/(\d+)\s*\/\s*(\d+)/g, '$1/$2')
    .split(/[\s,;:()|]+/)
    .filter((word) => word !== '');
}
