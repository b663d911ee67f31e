// SPDX-License-Identifier: MIT
/** A process of its own that reads one large thing from others, and says how much memory that took at most. */
import {closeSync, mkdtempSync, openSync, rmSync, writeSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import type {Channel, ExecOptions, Ssh} from '../../guest/ssh.js';
import {SshGuest} from '../../guest/ssh-guest.js';
import {readBuildLog} from '../../kernel/read-log.js';
import {ConsoleScanner} from '../../klog/scan.js';
import {messageOf} from '../../lib/errors.js';
import {ConsoleTail, readConsole} from '../../machine/console.js';
import type {Machine} from '../../machine/qemu.js';
import {readSeries} from '../../series/read-series.js';
import {testContext} from './test-context.js';

const [, , what = '', megabytes = '1'] = process.argv;
const bytes = Number(megabytes) * 1e6;
const folder = mkdtempSync(join(tmpdir(), 'kverdict-large-'));
const file = join(folder, 'large');
const ctx = testContext();

function fill(head: string, line: string): void {
  const piece = Buffer.from(line.repeat(10_000));
  const fd = openSync(file, 'w');
  for (let at = writeSync(fd, head); at < bytes; at += piece.length) writeSync(fd, piece);
  closeSync(fd);
}

const WORK: Readonly<Record<string, () => unknown>> = {
  log: () => {
    fill('', "mm/a.c:1:2: warning: unused variable 'x' [-Wunused-variable]\n");
    return readBuildLog(file, 0, {sourceDir: '/src', objectDir: '/O'});
  },
  console: () => {
    fill('', '[    1.000000] a line that says nothing at all\n');
    const scanner = new ConsoleScanner();
    readConsole(file);
    new ConsoleTail(file).read((text) => scanner.write(text));
    return scanner.end();
  },
  mail: () => {
    const lines = Math.ceil(bytes / 40);
    const diff = `diff --git a/a b/a\nnew file mode 100644\n--- /dev/null\n+++ b/a\n@@ -0,0 +1,${lines} @@\n`;
    const from = 'From 1234567890123456789012345678901234567890 Mon Sep 17 00:00:00 2001\nFrom: A <a@b>\n';
    fill(`${from}Subject: [PATCH] x\n\ntext\n---\n${diff}`, `+${'ä'.repeat(19)}\n`);
    return readSeries(ctx, [file], {tree: undefined, stdin: () => Promise.reject(new Error('none')), cwd: folder});
  },
  push: () => {
    const channel = {ended: Promise.resolve({code: 2}), write: async () => {}, endInput: () => {}, close: () => {}};
    const exec = async (_line: string, {onOutput}: ExecOptions): Promise<Channel> => {
      for (let at = 0; at < bytes; at += 65_536) onOutput?.(Buffer.alloc(65_536, 'x'));
      return channel as unknown as Channel;
    };
    const machine = {running: true, exited: new Promise(() => {}), consoleFile: file} as unknown as Machine;
    return new SshGuest(ctx, 'g1', machine, {open: true, exec} as unknown as Ssh, {wall: 1, given: 1}).push(
      '/etc/hostname',
      '/tmp',
    );
  },
};

let said = '';
try {
  await WORK[what]?.();
} catch (error) {
  said = messageOf(error).slice(0, 200);
} finally {
  rmSync(folder, {recursive: true, force: true});
  ctx.remove();
}
console.log(JSON.stringify({said, peakMiB: process.resourceUsage().maxRSS / 1024}));
