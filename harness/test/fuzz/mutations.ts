// SPDX-License-Identifier: MIT
/** What happens to output on its way: lines are lost, doubled, moved, cut, glued, and bytes are turned. */

export const OPERATIONS = [
  'delete',
  'duplicate',
  'swap',
  'cut',
  'glue',
  'flip',
  'control',
  'indent',
  'comment',
  'prefix',
  'return',
  'directive',
  'number',
  'blend',
  'huge',
] as const;
export type Operation = (typeof OPERATIONS)[number];

export interface Mutation {
  operation: Operation;
  /** Where, and what with: taken modulo what there is. */
  at: number;
  with: number;
}

const CONTROLS = ['\x00', '\x1b[31m', '\x07', '\x08', '\xff', '\xe2\x80', '\x0b', '\x7f', '\x9b', '\xed\xa0\x80'];
const INDENTS = ['  ', '    ', '\t', ' '];
const PREFIXES = ['[    1.234567] ', '<6>', '[    1.234567][   T12] ', '[  C1] ', '<4>[   99.5] '];
const DIRECTIVES = [
  ' # SKIP',
  ' # XFAIL x',
  ' # TODO',
  ' # ERROR',
  ' # timeout 45',
  ' # exit=139',
  ' # xpass',
  '# skip',
  ' # skipped_objects=3',
  ' # xfailures: 3',
  '#skip',
];
/** Rare, and long enough to pass the limit of a line. */
const FILLERS = ['x', '# ', ' ', 'ok 1 ', 'not ok 1 ', '\t', '[', '\xff', 'Testing ', '\\#'];
const HUGE = 20_000;

/** @param other lines of another document, to blend in */
export function mutate(lines: string[], {operation, at, with: argument}: Mutation, other: readonly string[]): void {
  if (lines.length === 0) lines.push('');
  const index = at % lines.length;
  const line = lines[index] ?? '';
  const pick = (list: readonly string[]): string => list[argument % list.length] ?? '';
  const place = argument % (line.length + 1);
  switch (operation) {
    case 'delete':
      lines.splice(index, 1);
      break;
    case 'duplicate':
      lines.splice(argument % (lines.length + 1), 0, line);
      break;
    case 'swap':
      lines[index] = lines[argument % lines.length] ?? '';
      lines[argument % lines.length] = line;
      break;
    case 'cut':
      lines[index] = line.slice(0, place);
      break;
    case 'glue':
      lines.splice(index, 2, line + (lines[index + 1] ?? ''));
      break;
    case 'flip':
      lines[index] = line.slice(0, place) + String.fromCharCode((argument >>> 8) & 0xff) + line.slice(place + 1);
      break;
    case 'control':
      lines[index] = line.slice(0, place) + CONTROLS[argument % CONTROLS.length] + line.slice(place);
      break;
    case 'indent':
      lines[index] = pick(INDENTS) + line;
      break;
    case 'comment':
      lines[index] = `# ${line}`;
      break;
    case 'prefix':
      lines[index] = pick(PREFIXES) + line;
      break;
    case 'return':
      lines[index] = `${line.slice(0, place)}\r${line.slice(place)}`;
      break;
    case 'directive':
      lines[index] = line + pick(DIRECTIVES);
      break;
    case 'number':
      lines[index] = line.replace(/\d+/, String(argument % 12));
      break;
    case 'blend':
      lines.splice(index, 0, other[argument % Math.max(1, other.length)] ?? '');
      break;
    case 'huge':
      // One in 64: such a line costs as much as a thousand others.
      if (argument % 64 === 0) lines[index] = line + pick(FILLERS).repeat(HUGE);
      break;
  }
}
