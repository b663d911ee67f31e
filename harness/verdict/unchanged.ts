// SPDX-License-Identifier: MIT
/** What is to be said of kernels that a series left as they were. */
import type {Reproduce} from './findings.js';
import type {KernelChange} from './kernel-change.js';
import type {Finding, ProfileRecord} from './results.js';

/** One for each architecture whose guests were not booted. */
export function unchangedFindings(
  changes: readonly KernelChange[],
  profiles: readonly ProfileRecord[],
  reproduce: Reproduce,
): Finding[] {
  return changes
    .filter(({because}) => because === undefined)
    .map(({arch, lines = 0}) => {
      const names = profiles.filter((one) => one.arch === arch && one.skipped !== undefined).map(({name}) => name);
      return {
        severity: 'info',
        kind: 'unchanged',
        title: `${arch}: nothing that runs changed${lineWords(lines)}; no guest was booted on ${names.join(', ')}`,
        detail: `All that is loaded of vmlinux is equal, byte by byte${lineWords(lines)} and the build id; so are the suites' modules and what the selftests are made from.`,
        reproduce: reproduce({kind: 'unchanged', arch}),
      };
    });
}

const lineWords = (lines: number): string =>
  lines === 0 ? '' : `, but for the line numbers of ${lines} WARN() or BUG()`;

/** Was every guest left out because nothing changed? Without a profile there is none, and nothing is known. */
export function nothingRuns(changes: readonly KernelChange[], profiles: readonly ProfileRecord[]): boolean {
  return changes.every(({because}) => because === undefined) && profiles.length > 0 && profiles.every(isSkipped);
}

/** `; nothing that runs changed on x86_64` */
export function skippedWords(profiles: readonly ProfileRecord[]): string {
  const names = profiles.filter(isSkipped).map(({name}) => name);
  return names.length === 0 ? '' : `; not tested, as nothing that runs changed there: ${names.join(', ')}`;
}

const isSkipped = ({skipped}: ProfileRecord): boolean => skipped !== undefined;
