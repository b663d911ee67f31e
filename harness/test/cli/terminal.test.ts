// SPDX-License-Identifier: MIT
import t from 'tap';
import {movesCursor, wantsColour, widthOf} from '../../cli/terminal.js';

const pipe = {isTTY: false, columns: 0};
const wide = {isTTY: true, columns: 140};
/** `script`, a serial line, some CI systems: a terminal that says it has no columns. */
const serial = {isTTY: true, columns: 0};

const ROWS = [
  {stream: wide, env: {TERM: 'xterm'}, colour: true, cursor: true},
  {stream: wide, env: {TERM: 'dumb'}, colour: false, cursor: false},
  {stream: wide, env: {NO_COLOR: '1'}, colour: false, cursor: true},
  {stream: wide, env: {NO_COLOR: '1', FORCE_COLOR: '1'}, colour: true, cursor: true},
  {stream: serial, env: {TERM: 'vt220'}, colour: true, cursor: false},
  {stream: pipe, env: {TERM: 'xterm'}, colour: false, cursor: false},
  {stream: pipe, env: {FORCE_COLOR: '1'}, colour: true, cursor: false},
  {stream: pipe, env: {FORCE_COLOR: '0'}, colour: false, cursor: false},
];

for (const {stream, env, colour, cursor} of ROWS) {
  const what = JSON.stringify({stream, env});
  t.equal(wantsColour(stream, env), colour, `colour: ${what}`);
  t.equal(movesCursor(stream, env), cursor, `cursor: ${what}`);
}

t.equal(widthOf(wide), 140);
t.equal(widthOf(serial), 100, 'words are not cut into columns of sixteen');
t.equal(widthOf({isTTY: false, columns: undefined as unknown as number}), 100, 'a pipe');
