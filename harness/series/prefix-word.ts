// SPDX-License-Identifier: MIT
/** One word of a patch prefix, read. */
export interface PrefixWord {
  /** By this word alone the brackets are a patch prefix. */
  names: boolean;
  version?: number;
  minor?: number;
  number?: number;
  total?: number;
  /** A tree's version, which is neither a reroll nor a number. */
  tree?: string;
  /** It begins like a number, and nothing here knows it. */
  unread?: string;
}

const NAME = /^(?:patch(?:es|set|series)?|rfc|rft|resend|repost|reroll)$/i;
/** `PATCHv2`, `RFCv3`, `PATCHSETv2`. */
const GLUED = /^(patch(?:es|set|series)?|rfc|rft|resend|repost)\.?(v?\d.*)$/i;

/** It may well count something: a version, a number, a time that it was sent. */
const COUNTED = /^(?:[v#]|r|take|try|round|iter(?:ation)?)?-?\d/i;

const NAMES = {names: true} as const;

/** In order: the first that matches reads the word. */
const READERS: readonly {pattern: RegExp; read: (match: RegExpExecArray) => PrefixWord}[] = [
  {pattern: NAME, read: () => ({names: true})},
  {
    pattern: /^#?(\d+)\/#?(\d+)$/,
    read: ([, number, total]) => ({...NAMES, number: count(number), total: count(total)}),
  },
  // `-v2` stood behind `PATCH` in older mails.
  {pattern: /^-?(?:v|ver|version|rev)\.?(\d+)$/i, read: ([, version]) => ({...NAMES, version: count(version)})},
  // Linux 2.4, 2.6, and 3.0 and later are trees; nobody sends a third version of a reroll in parts.
  {
    pattern: /^v([12])\.(?!4$|6$)(\d{1,2})$/i,
    read: ([, version, minor]) => ({...NAMES, version: count(version), minor: count(minor)}),
  },
  {
    pattern: /^v([3-9])\.(\d{1,2})$/i,
    read: ([word, version, minor]) => ({names: false, version: count(version), minor: count(minor), tree: word}),
  },
  {pattern: /^[a-z-]*v?\d+\.(?:\d+|y|x).*$/i, read: ([tree]) => ({names: false, tree})},
  {pattern: /^v?\d+(?:\.\d+)*-?rc\d+.*$/i, read: ([tree]) => ({names: false, tree})},
  // Which of three it is, nobody can tell.
  {pattern: /^\d+-\d+\/\d+$/, read: ([unread]) => ({names: false, unread})},
];

/** A number of any length; what no series has is refused later. */
function count(digits = ''): number {
  return Math.min(Number(digits), Number.MAX_SAFE_INTEGER);
}

/** Pure. */
export function readWord(word: string): PrefixWord {
  // First: to a reader of trees `PATCHv2.1` is one.
  const glued = GLUED.exec(word);
  if (glued !== null) return {...readWord(glued[2] ?? ''), names: true};
  for (const {pattern, read} of READERS) {
    const match = pattern.exec(word);
    if (match !== null) return read(match);
  }
  // `RFC/PATCH`, `PATCH-v2`, `v2-1/3`, `PATCH/RESEND`.
  const parts = word.split(/[-+&_]|\/(?!\d)/).filter((part) => part !== '');
  const read = parts.length > 1 ? parts.map((part) => readPart(part)) : [];
  if (read.some((part) => part.names)) return Object.assign({}, ...read, {names: true});
  return COUNTED.test(word) ? {names: false, unread: word} : {names: false};
}

/** A part of a word counts by a name or a number: `arm-v7` is an architecture, `PATCH-v7` is not. */
function readPart(part: string): PrefixWord {
  const simple = READERS.slice(0, 3).find(({pattern}) => pattern.test(part));
  const match = simple?.pattern.exec(part);
  if (simple === undefined || match === null || match === undefined) return {names: false};
  const read = simple.read(match);
  return read.version === undefined ? read : {...read, names: false};
}
