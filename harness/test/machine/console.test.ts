// SPDX-License-Identifier: MIT
import {appendFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import t from 'tap';
import {CHUNK_BYTES, ConsoleTail, cleanConsole, consoleEnd, findDeath, readConsole} from '../../machine/console.js';

const PANIC = '[    1.500000] Kernel panic - not syncing: Fatal exception\r\n';

t.test('nothing is called nothing', async (t) => {
  const file = join(t.testdir({empty: '', blank: '\r\n\r\n'}), 'empty');
  t.equal(readConsole(file), '<empty console>');
  t.equal(readConsole(file.replace('empty', 'blank')), '<empty console>');
  t.equal(consoleEnd(`${file}-not-there`), '<empty console>');
});

t.test('text comes without colours, carriage returns and control bytes', async (t) => {
  t.equal(cleanConsole(Buffer.from('\u001b[31mred\u001b[0m a\0b\r\nc\rd\xff', 'latin1')), 'red a\ufffdb\nc\nd\ufffd');
});

t.test('a huge console keeps its start and its end, and says what is left out', async (t) => {
  const file = join(t.testdir(), 'console');
  writeFileSync(file, 'FIRST\n');
  for (let i = 0; i < 12; i++) appendFileSync(file, 'x'.repeat(1024 * 1024));
  appendFileSync(file, '\nLAST\n');
  const text = readConsole(file);
  t.match(text, /^FIRST\n/);
  t.match(text, /\nLAST\n$/);
  t.match(text, /<\d{7} bytes of the console are left out here: see .*console>/);
  t.ok(text.length < 5 * 1024 * 1024);
});

t.test("the kernel's own words for its death", async (t) => {
  t.equal(findDeath('all is well\n'), undefined);
  t.equal(
    findDeath(`[    1.0] BUG: kernel NULL pointer\n${cleanConsole(Buffer.from(PANIC))}`),
    'Kernel panic - not syncing: Fatal exception',
  );
  t.equal(
    findDeath('[    1.234567][  T12] BUG: unable to handle page fault\n[ 2.0] x\n'),
    'BUG: unable to handle page fault',
  );
  t.equal(
    findDeath('[    3.000000] Internal error: Oops: 0000000096000005 [#1] SMP\n'),
    'Internal error: Oops: 0000000096000005 [#1] SMP',
  );
});

t.test('a console that grows as fast as it is read has an end', async (t) => {
  const file = join(t.testdir({console: 'x'.repeat(1024 * 1024)}), 'console');
  const tail = new ConsoleTail(file);
  let read = 0;
  const grow = (text: string): void => {
    read += text.length;
    if (read < 64 * 1024 * 1024) appendFileSync(file, text);
  };
  tail.read(grow);
  t.equal(read, 1024 * 1024);
  await tail.readInTurns(grow);
  t.equal(read, 2 * 1024 * 1024, 'the rest is for the next call');
});

t.test('others have their turn while a large one is read', async (t) => {
  const file = join(t.testdir({console: 'x'.repeat(5 * CHUNK_BYTES)}), 'console');
  let [pieces, turns] = [0, 0];
  const timer = setInterval(() => turns++, 1);
  await new ConsoleTail(file).readInTurns(() => {
    pieces++;
    for (const end = performance.now() + 5; performance.now() < end; );
  });
  clearInterval(timer);
  t.equal(pieces, 5);
  t.ok(turns >= 3, `${turns} turns`);
});
