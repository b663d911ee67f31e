// SPDX-License-Identifier: MIT
/** Archives by hand: tar(1) refuses to make most of them. */

export interface Entry {
  name: string;
  text?: string;
  /** Of ustar: `0` a file, `1` a hard link, `2` a link, `3` a device, `5` a folder, `6` a FIFO. */
  type?: '0' | '1' | '2' | '3' | '5' | '6';
  link?: string;
  mode?: number;
  owner?: number;
  device?: readonly [major: number, minor: number];
  /** A file of that size without any data, in GNU's format for holes. */
  sparseBytes?: number;
}

const BLOCK = 512;

/** POSIX ustar, with GNU's headers where a name is too long or a file has holes. */
export function tarOf(entries: readonly Entry[]): Buffer {
  const blocks = entries.flatMap((entry) => [
    ...longName(entry),
    headerOf(entry),
    padded(Buffer.from(entry.text ?? '')),
  ]);
  return Buffer.concat([...blocks, Buffer.alloc(2 * BLOCK)]);
}

function longName({name, link = ''}: Entry): Buffer[] {
  const long = (text: string, kind: string): Buffer[] =>
    Buffer.byteLength(text) < 100
      ? []
      : [header('././@LongLink', kind, Buffer.byteLength(text) + 1), padded(Buffer.from(`${text}\0`))];
  return [...long(name, 'L'), ...long(link, 'K')];
}

function headerOf({
  name,
  text = '',
  type = '0',
  link = '',
  mode = 0o644,
  owner = 0,
  device,
  sparseBytes,
}: Entry): Buffer {
  const block = header(name, sparseBytes === undefined ? type : 'S', Buffer.byteLength(text), (head) => {
    octal(head, 100, 8, mode);
    octal(head, 108, 8, owner);
    head.write(link.slice(0, 100), 157);
    if (device !== undefined) for (const [at, number] of device.entries()) octal(head, 329 + 8 * at, 8, number);
    if (sparseBytes !== undefined) {
      // One empty piece at the end, and the real size behind the four pieces that a header has room for.
      size(head, 386, sparseBytes);
      size(head, 398, 0);
      size(head, 483, sparseBytes);
    }
  });
  return block;
}

function header(name: string, type: string, bytes: number, more: (head: Buffer) => void = () => {}): Buffer {
  const head = Buffer.alloc(BLOCK);
  head.write(name, 0, 100);
  octal(head, 100, 8, 0o644);
  octal(head, 116, 8, 0);
  size(head, 124, bytes);
  octal(head, 136, 12, 0);
  head.write(type, 156);
  head.write('ustar  \0', 257, 'latin1');
  more(head);
  head.fill(' ', 148, 156);
  const sum = head.reduce((total, byte) => total + byte, 0);
  head.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  return head;
}

const octal = (head: Buffer, at: number, width: number, value: number): void =>
  void head.write(`${value.toString(8).padStart(width - 1, '0')}\0`, at, 'latin1');

/** Octal where it fits, else GNU's number in base 256. */
function size(head: Buffer, at: number, value: number): void {
  if (value < 8 ** 11) {
    octal(head, at, 12, value);
    return;
  }
  head[at] = 0x80;
  head.writeBigUInt64BE(BigInt(value), at + 4);
}

function padded(bytes: Buffer): Buffer {
  const rest = bytes.length % BLOCK;
  return rest === 0 ? bytes : Buffer.concat([bytes, Buffer.alloc(BLOCK - rest)]);
}
