// SPDX-License-Identifier: MIT
/** What the prefix of a subject says: `Re: [RFC PATCH v3 02/11] mm: …`. */
export interface Subject {
  /** Without `Re:` and without the patch prefix; other brackets (`[media]`) stay. */
  text: string;
  /** `Re:`, `Fwd:` and their translations. */
  reply: boolean;
  /** It calls itself a patch. */
  patch: boolean;
  /** From `vN`; 1 when there is none. */
  version: number;
  /** `2` of `2/5`; 0 is the cover letter. */
  number?: number;
  /** `5` of `2/5`. */
  total?: number;
}

/** Mail programs translate it: Antwort, Svar, Vastaus, Odpowiedź; `Re[2]:` counts. */
const REPLY = /^\s*(?:re|aw|sv|vs|odp|fw|fwd|wg)(?:\[\d+\])?\s*:\s*/i;
const BRACKET = /^\s*\[([^\]]*)\]\s*/;
const NUMBERS = /(?:^|[^\d/])(\d+)\/(\d+)(?![\d/])/;
const VERSION = /(?:^|[^a-z])v(\d+)\b/i;
const WORD = /\b(?:PATCH(?:v\d+)?|RFC(?:v\d+)?|RESEND)\b/i;

/** Pure. The first brackets that name a patch decide; brackets of a mailing list before them are dropped. */
export function parseSubject(line: string): Subject {
  let text = line.replace(/\s+/g, ' ').trim();
  const subject: Subject = {text: '', reply: false, patch: false, version: 1};
  for (;;) {
    const reply = REPLY.exec(text);
    if (reply !== null) {
      subject.reply = true;
      text = text.slice(reply[0].length);
      continue;
    }
    const bracket = BRACKET.exec(text);
    if (bracket === null) break;
    const inside = bracket[1] ?? '';
    if (!isPrefix(inside)) {
      // `[linux-mm] [PATCH 1/2] …` is a list's tag, `[PATCH] [media] …` belongs to the subject.
      if (subject.patch || !hasPrefixLater(text.slice(bracket[0].length))) break;
      text = text.slice(bracket[0].length);
      continue;
    }
    readPrefix(inside, subject);
    text = text.slice(bracket[0].length);
  }
  return {...subject, text: text.trim()};
}

function isPrefix(inside: string): boolean {
  return WORD.test(inside) || /^v\d+$/i.test(inside.trim()) || /^\s*\d+\/\d+\s*$/.test(inside);
}

function hasPrefixLater(text: string): boolean {
  const next = BRACKET.exec(text);
  return next !== null && isPrefix(next[1] ?? '');
}

function readPrefix(inside: string, into: Subject): void {
  into.patch = true;
  const version = VERSION.exec(inside) ?? /PATCHv(\d+)/i.exec(inside) ?? /RFCv(\d+)/i.exec(inside);
  if (version !== null) into.version = Number(version[1]);
  const numbers = NUMBERS.exec(inside);
  if (numbers !== null) {
    into.number = Number(numbers[1]);
    into.total = Number(numbers[2]);
  }
}
