// SPDX-License-Identifier: MIT
import {appendFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import t from 'tap';
import {BootWatch} from '../../machine/boot-watch.js';

const PANIC = '[    1.500000] Kernel panic - not syncing: Fatal exception\r\n';

t.test('a panic is seen however its bytes arrive', async (t) => {
  const file = join(t.testdir(), 'console');
  const watch = new BootWatch(file);
  t.notOk(watch.panicked, 'no file yet');
  for (const byte of `[    1.0] fine\r\n${PANIC}`) {
    appendFileSync(file, byte);
    watch.look();
  }
  t.ok(watch.panicked);
  t.ok(watch.panicked, 'and stays seen');
});

t.test('a line without an end costs no memory', async (t) => {
  const file = join(t.testdir(), 'console');
  const watch = new BootWatch(file);
  for (let i = 0; i < 20; i++) {
    appendFileSync(file, 'x'.repeat(1024 * 1024));
    watch.look();
    t.notOk(watch.panicked);
  }
});

t.test('only a line that was not there before is progress', async (t) => {
  const file = join(t.testdir(), 'console');
  const watch = new BootWatch(file);
  const after = (text: string): boolean => {
    appendFileSync(file, text);
    return watch.look();
  };
  t.equal(watch.look(), false, 'no file yet');
  t.equal(watch.printed, false);
  t.equal(after('[    0.000000] Linux ver'), false, 'half a line');
  t.equal(watch.printed, true);
  t.equal(after('sion 6.12\n'), true);
  t.equal(after('[    0.100000] pid_max: default\n'), true);
  t.equal(after('[   21.000000] rcu: INFO: rcu_sched stall on CPU 1 (t=2100 jiffies) at 0xffff8880deadbeef\n'), true);
  t.equal(after('[   42.000000] rcu: INFO: rcu_sched stall on CPU 0 (t=4200 jiffies) at 0xffff8880cafecafe\n'), false);
  t.equal(after('\n\r\n   \n'), false, 'empty ones are none');
  t.equal(watch.alive, false);
  t.equal(after('[   43.000000] Run /init as init process\n'), true);
  t.equal(watch.alive, true);
});

t.test('what prints ever new lines has an end', async (t) => {
  const file = join(t.testdir(), 'console');
  const watch = new BootWatch(file);
  const letters = (value: number): string => [...String(value)].map((digit) => 'abcdefghij'[Number(digit)]).join('');
  for (let part = 0; part < 5; part++) {
    const lines = Array.from({length: 5000}, (_, index) => letters(part * 5000 + index));
    writeFileSync(file, `${lines.join('\n')}\n`, {flag: 'a'});
    t.equal(watch.look(), part < 4, `${part * 5000} lines before`);
  }
});

t.test('so has what prints ever new lines of some length', async (t) => {
  const file = join(t.testdir(), 'console');
  const watch = new BootWatch(file);
  const line = (letter: string): string => `${letter.repeat(300 * 1024)}\n`;
  const seen = ['g', 'h', 'i', 'j', 'k', 'l', 'm', 'n'].map((letter) => {
    writeFileSync(file, line(letter), {flag: 'a'});
    return watch.look();
  });
  t.same(seen, [true, true, true, true, true, true, false, false], 'two megabytes are no boot');
  t.equal(watch.panicked, false);
  writeFileSync(file, PANIC, {flag: 'a'});
  watch.look();
  t.equal(watch.panicked, true, 'it is read on');
});

t.test('lines that are long and ever new are not kept as they are', async (t) => {
  const file = join(t.testdir(), 'console');
  const watch = new BootWatch(file);
  const letters = (value: number): string => [...String(value)].map((digit) => 'abcdefghij'[Number(digit)]).join('');
  const before = process.memoryUsage.rss();
  for (let part = 0; part < 100; part++) {
    // A character of two bytes, here and there.
    const lines = Array.from({length: 30}, (_, at) => `${letters(part * 30 + at)} ${'ā'.repeat(16_000)}\n`);
    writeFileSync(file, lines.join(''), {flag: 'a'});
    watch.look();
  }
  const grown = (process.memoryUsage.rss() - before) / 2 ** 20;
  t.ok(grown < 60, `${Math.round(grown)} MiB more for 100 MiB`);
});
