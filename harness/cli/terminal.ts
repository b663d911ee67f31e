// SPDX-License-Identifier: MIT
/** What the terminal at the other end can do: asked once for a stream, here and nowhere else. */

type Stream = Pick<NodeJS.WriteStream, 'isTTY' | 'columns'>;

/** For a pipe, and for a terminal that does not know: a serial line says that it has 0 columns. */
const WIDTH = 100;

/** NO_COLOR, FORCE_COLOR, TERM=dumb, and whether a person looks. */
export function wantsColour(stream: Stream, env = process.env): boolean {
  const {NO_COLOR, FORCE_COLOR} = env;
  if (FORCE_COLOR !== undefined && FORCE_COLOR !== '' && FORCE_COLOR !== '0') return true;
  if (NO_COLOR !== undefined && NO_COLOR !== '') return false;
  return stream.isTTY === true && env.TERM !== 'dumb';
}

/** Lines can be taken back and drawn again. Without a width nobody knows how many rows they take. */
export function movesCursor(stream: Stream, env = process.env): boolean {
  return stream.isTTY === true && env.TERM !== 'dumb' && hasWidth(stream);
}

/** Columns to fill. */
export function widthOf(stream: Stream): number {
  return hasWidth(stream) ? stream.columns : WIDTH;
}

function hasWidth({columns}: Stream): boolean {
  return columns !== undefined && columns > 0;
}
