// SPDX-License-Identifier: MIT
/** What comes from a guest's port: rests of earlier connections, then the line that is waited for, in any pieces. */
import {Echo} from '../../../guest/echo.js';
import type {Dice, Fuzzer} from './dice.js';

const LINE = Buffer.from('kverdict-0123456789abcdef\n');
/** What looks like its beginning, its end, or the line of an earlier connection. */
const NOISE = [
  ...['kverdict-', 'kverdict-0123456789abcde', 'kverdict-0123456789abcdef', '\n', 'k', 'kverdict-ffffffffffffffff\n'],
  ...['SSH-2.0-dropbear\r\n', '\0\0\0', '\u00ff', 'kkkkverdict-', 'login: ', '0123456789abcdef\n'],
].map((text) => Buffer.from(text, 'latin1'));

export const bridge: Fuzzer = {
  name: 'SSH bridge',
  share: 25,
  begin: () => ({one, end: () => {}}),
};

function one(dice: Dice): void {
  const before = Buffer.concat(dice.list(6, () => dice.pick(NOISE)));
  const after = Buffer.concat(dice.list(3, () => dice.pick([...NOISE, LINE])));
  const comes = !dice.once(4);
  const whole = Buffer.concat([before, ...(comes ? [LINE, after] : [])]);
  const echo = new Echo(LINE);
  let rest: Buffer | undefined;
  let fed = 0;
  for (const piece of dice.cut(whole)) {
    fed += piece.length;
    rest = echo.read(piece);
    if (rest !== undefined) break;
  }
  // Noise may make the line by itself: where it ends first is what counts.
  const at = whole.indexOf(LINE);
  const expected = at < 0 ? undefined : whole.subarray(at + LINE.length, fed);
  if ((rest === undefined) !== (expected === undefined))
    throw new Error(`found: ${rest !== undefined}, is there: ${at}`);
  if (rest !== undefined && !rest.equals(expected as Buffer)) throw new Error(`${rest.length} bytes behind it`);
}
