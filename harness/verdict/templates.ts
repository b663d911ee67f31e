// SPDX-License-Identifier: MIT
/** What a name is without the numbers in it that are no part of a name. */

/** A process, a thread: no test is named after one. */
const PROCESS = /(?<=\b(?:pid|tid|tgid)[ :=#_-]{0,3})\d+/gi;
/** A size. One that is a power of two is what a test was given: `hugetlb 2048kB`. */
const SIZE = /\b\d+(?:\.\d+)?(?= ?(?:B|bytes?|[KMGT]i?B|pages?)\b)/gi;
/** Numbers whose form or unit says that they are a value and not a name. The rest of a match stays. */
const SHAPES: readonly RegExp[] = [
  // An address, and what is printed without 0x: at least one digit and one letter, or it may be a word or a count.
  /\b0x[0-9a-f]{6,16}\b/gi,
  /\b(?=\d*[a-f])(?=[a-f]*\d)[0-9a-f]{8,64}\b/gi,
  PROCESS,
  // A time of day, a printk time stamp, a duration.
  /\b\d{1,2}:\d{2}:\d{2}(?:\.\d+)?\b/g,
  /(?<=\[) ?\d+\.\d{6}(?=\])/g,
  /\b\d+(?:\.\d+)?(?= ?(?:ns|us|µs|ms|s|secs?|seconds?|[mun]secs?|jiffies|cycles)\b)/gi,
];
/** Numbers that count things in a test (`case 7`, `step 12`) are shorter. A size that is left was given. */
const LONG_NUMBER = /\d{3,}(?!\d| ?(?:B|bytes?|[KMGT]i?B?|pages?)\b)/gi;
export const WILDCARD = '*';

export const processTemplate = remembered((name) => name.replace(PROCESS, WILDCARD));

export const shapedTemplate = remembered((name) =>
  SHAPES.reduce((text, shape) => text.replace(shape, WILDCARD), name).replace(SIZE, (size) =>
    isPowerOfTwo(Number(size)) ? size : WILDCARD,
  ),
);

export const bareTemplate = remembered((name) => shapedTemplate(name).replace(LONG_NUMBER, WILDCARD));

const isPowerOfTwo = (n: number): boolean => n > 0 && Number.isInteger(n) && (BigInt(n) & (BigInt(n) - 1n)) === 0n;

const MAX_REMEMBERED = 100_000;

/** The same names come in every attempt, and at every look. */
function remembered(make: (name: string) => string): (name: string) => string {
  const known = new Map<string, string>();
  return (name) => {
    let template = known.get(name);
    if (template === undefined) {
      if (known.size > MAX_REMEMBERED) known.clear();
      template = make(name);
      known.set(name, template);
    }
    return template;
  };
}
