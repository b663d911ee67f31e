// SPDX-License-Identifier: MIT
import type {Attempt} from '../suite/attempt.js';

/** Oddities kept for `results.json`. */
const MAX_PROBLEMS = 500;

/** `suite:test: line N: message`, each once over all attempts and profiles, for `Results.problems`. */
export function problemLines(attempts: readonly Attempt[]): string[] {
  const lines = new Set<string>();
  for (const {suite, test, report} of attempts) {
    for (const {line, message} of report.problems) {
      lines.add(`${suite}:${test}: ${line === 0 ? '' : `line ${line}: `}${message}`);
    }
  }
  const all = [...lines];
  if (all.length <= MAX_PROBLEMS) return all;
  return [...all.slice(0, MAX_PROBLEMS), `… and ${all.length - MAX_PROBLEMS} more`];
}
