// SPDX-License-Identifier: MIT

/** One line of a Kconfig file. */
export interface Statement {
  /** Without white space around it. */
  line: string;
  number: number;
}

/** The lines of a Kconfig file with continuations joined and help texts (which hold any word) left out. */
export function* statements(text: string): Generator<Statement> {
  const lines = text.split('\n');
  let help: 'no' | 'starts' | number = 'no';
  for (let at = 0; at < lines.length; at++) {
    const number = at + 1;
    let line = lines[at] ?? '';
    if (line.trim() === '') continue;
    const indent = indentOf(line);
    if (help === 'starts' && indent > 0) help = indent;
    if (typeof help === 'number' && indent >= help) continue;
    help = 'no';
    while (line.endsWith('\\') && at + 1 < lines.length) line = `${line.slice(0, -1)} ${lines[++at]?.trim()}`;
    line = line.trim();
    if (line === 'help' || line === '---help---') help = 'starts';
    else yield {line, number};
  }
}

/** Columns of white space at the start; a tab goes to the next multiple of 8. */
function indentOf(line: string): number {
  let column = 0;
  for (const char of line) {
    if (char === '\t') column += 8 - (column % 8);
    else if (char === ' ') column++;
    else break;
  }
  return column;
}
