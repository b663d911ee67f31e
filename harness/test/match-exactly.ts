// SPDX-License-Identifier: MIT
import type {Test} from 'tap';

/**
 * As tap's `t.match`, but what a pattern lists is all there may be: an array has exactly these elements, `{}` and `[]`
 * are empty. An object may have keys that the pattern does not name; a regular expression is looked for in a string.
 */
export function matchExactly(t: Pick<Test, 'same'>, value: unknown, pattern: unknown, message?: string): boolean {
  return t.same(asked(value, pattern), pattern, message ?? 'is exactly');
}

/** What the pattern asks about: the value without the keys that it does not name, a match in place of what matches. */
function asked(value: unknown, pattern: unknown): unknown {
  if (pattern instanceof RegExp) return typeof value === 'string' && pattern.test(value) ? pattern : value;
  if (Array.isArray(pattern) && Array.isArray(value)) return value.map((one, index) => asked(one, pattern[index]));
  if (!isPlain(pattern) || !isPlain(value)) return value;
  const keys = Object.keys(pattern);
  if (keys.length === 0) return value;
  return Object.fromEntries(keys.filter((key) => key in value).map((key) => [key, asked(value[key], pattern[key])]));
}

const isPlain = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' &&
  value !== null &&
  !Array.isArray(value) &&
  !(value instanceof Map || value instanceof Set);
