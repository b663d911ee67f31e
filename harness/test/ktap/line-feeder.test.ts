// SPDX-License-Identifier: MIT
import t from 'tap';
import {createLineFeeder} from '../../ktap/line-feeder.js';

function feed(chunks: Uint8Array[], max?: number): string[] {
  const lines: string[] = [];
  const feeder = createLineFeeder((text, {terminated, cut}) => {
    lines.push(`${text}${cut > 0 ? ` [-${cut}]` : ''}${terminated ? '' : ' [open]'}`);
  }, max);
  for (const chunk of chunks) feeder.write(chunk);
  feeder.end();
  return lines;
}

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

t.test('lines do not depend on where the chunks end', async (t) => {
  const all = bytes('ok 1 größe\r\n\nok 2 😀\nnot terminated');
  const whole = feed([all]);
  t.same(whole, ['ok 1 größe', '', 'ok 2 😀', 'not terminated [open]']);
  for (let at = 0; at <= all.length; at++) t.same(feed([all.subarray(0, at), all.subarray(at)]), whole, `cut at ${at}`);
});

t.test('bytes that are no UTF-8 are kept as U+FFFD', async (t) => {
  t.same(feed([new Uint8Array([0x6f, 0x6b, 0x20, 0xff, 0xc3, 0x0a])]), ['ok \ufffd\ufffd']);
});

t.test('a line of any length needs no more than the limit', async (t) => {
  t.same(feed([bytes('abcdef\nxy\n')], 4), ['abcd [-2]', 'xy']);
  t.same(
    feed(
      Array.from({length: 1000}, () => bytes('0123456789')),
      10,
    ),
    ['0123456789 [-9990] [open]'],
  );
});

t.test('no output, no line', async (t) => t.same(feed([]), []));
