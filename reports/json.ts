// SPDX-License-Identifier: MIT
import type {Results} from '../harness/verdict/results.js';

/** `results.json`: every field as it is. JSON.stringify escapes control characters and lone surrogates itself. */
export function renderJson(results: Results): string {
  return `${JSON.stringify(results, null, 2)}\n`;
}
