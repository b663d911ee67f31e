// SPDX-License-Identifier: MIT
import {cleanString} from '../clean-results.js';

/** The same views with nothing in any text that acts or is too long to be read; an `href` stays what it is. */
export function cleanViews<T>(view: T): T {
  return cleanValue(view) as T;
}

function cleanValue(value: unknown): unknown {
  if (typeof value === 'string') return cleanString(value);
  if (Array.isArray(value)) return value.map(cleanValue);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, ADDRESSES.has(key) ? inner : cleanValue(inner)]),
  );
}

/** Made by us and escaped: a clipped or changed one would lead elsewhere. */
const ADDRESSES = new Set(['href', 'lineHref', 'newer', 'older']);
