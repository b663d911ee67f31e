// SPDX-License-Identifier: MIT
/** What git says, made up from what is known, whole or damaged. */
import type {Completed} from '../../../lib/exec.js';
import type {Dice} from './dice.js';

const LETTERS = [
  'a',
  '0',
  ' ',
  '\t',
  '\n',
  '\0',
  '/',
  '-',
  '"',
  '\\',
  '\u00fc',
  '\u202e',
  '\ud800',
  '\u001b[2J',
  '.',
  ':',
];

export const hash = (dice: Dice): string =>
  dice
    .below(0x1_0000)
    .toString(16)
    .padStart(40, dice.pick(['a', '0', 'f']));
export const word = (dice: Dice): string => dice.list(6, () => dice.pick(LETTERS)).join('');
/** Without what separates fields and lines. */
export const field = (dice: Dice): string => word(dice).replace(/[\0\n]/g, '_');

export const SAID = [
  ...['fatal: Needed a single revision', 'error: unable to read sha1 file', "fatal: couldn't find remote ref x", ''],
  ...["fatal: detected dubious ownership in repository at '/x y'", 'fatal: not a git repository', '\u001b]0;x\u0007'],
];

/** Cut, lines or fields lost, doubled, swapped, letters put in. */
export function damaged(dice: Dice, text: string): string {
  const at = dice.below(text.length + 1);
  switch (dice.below(6)) {
    case 0:
      return text.slice(0, at);
    case 1:
      return text.slice(at);
    case 2:
      return text.slice(0, at) + word(dice) + text.slice(at);
    case 3:
      return text + text;
    case 4:
      return text.replaceAll(dice.pick(['\n', '\0', ' ', '\t']), dice.pick(['', ' ', '\n']));
    default:
      return word(dice);
  }
}

export function completed(stdout: string, exitCode: number | null, stderr = ''): Completed {
  const ended = exitCode === null ? 'SIGTERM' : null;
  return {
    ...{line: 'git', exitCode, endedBy: ended, stdout, stderr},
    seconds: 0,
    timedOut: exitCode === null,
    flooded: false,
  };
}
