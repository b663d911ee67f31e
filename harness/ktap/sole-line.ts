// SPDX-License-Identifier: MIT
/** Which line alone says a thing: several results, plans or claims may stand on one line, behind carriage returns. */

/** The line that says it, while no other one does; none once two do. @param before this for what came before */
export function soleLine(before: readonly number[] | undefined, line: number): readonly number[] {
  return before === undefined || before[0] === line ? [line] : [];
}

/** Adds a line to a list of different ones; two are enough to know that no line alone says it. */
export function noteLine(list: number[], line: number): void {
  if (list.length < 2 && list[0] !== line) list.push(line);
}
