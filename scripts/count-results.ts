// SPDX-License-Identifier: MIT

/** How many results a file, a tier or all of them gave. */
export interface Ended {
  passed: number;
  failed: number;
  skipped: number;
}

export const NOTHING: Readonly<Ended> = {passed: 0, failed: 0, skipped: 0};

/**
 * The results on the outermost level of what a test file printed as TAP. A skip is neither passed nor failed. A file
 * that exits otherwise than by 0, or gives no result, has failed at least once, whatever its lines say.
 *
 * @param gate one check that speaks no TAP: its exit code is all
 */
export function countResults(gate: boolean, code: number | null, output: string): Ended {
  if (gate) return code === 0 ? {...NOTHING, passed: 1} : {...NOTHING, failed: 1};
  const results = output.split('\n').filter((line) => /^(not )?ok\b/.test(line));
  const failed = results.filter((line) => line.startsWith('not ')).length;
  const skipped = results.filter((line) => /^ok\b.*#\s*SKIP\b/i.test(line)).length;
  const passed = results.length - failed - skipped;
  return {passed, skipped, failed: code === 0 && failed === 0 && results.length > 0 ? 0 : Math.max(1, failed)};
}
