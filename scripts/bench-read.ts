// SPDX-License-Identifier: MIT
/**
 * How fast output is read, beside `wc -l` and `grep -c` on the same file. Each reader runs in a process of its own, as
 * a stream through the same functions as a guest's output, so that its peak memory is its own.
 */
import {spawn, spawnSync} from 'node:child_process';
import {closeSync, createReadStream, mkdtempSync, openSync, rmSync, statSync, writeSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {ConsoleScanner} from '../harness/klog/scan.js';
import {createLineFeeder} from '../harness/ktap/line-feeder.js';
import {createReader} from '../harness/ktap/reader.js';

const BYTES = 100_000_000;
/** What a chunk of a pipe holds. */
const CHUNK = 64 * 1024;

export interface ReadFigure {
  what: 'ktap' | 'console';
  seconds: number;
  /** Times the time of `wc -l`, of `grep -c`. */
  overWc: number;
  overGrep: number;
  peakMiB: number;
  detail: string;
}

/** Measures both kinds in one go; about 20 s. */
export async function readFigures(): Promise<ReadFigure[]> {
  const folder = mkdtempSync(join(tmpdir(), 'kverdict-bench-'));
  try {
    const figures: ReadFigure[] = [];
    for (const what of ['ktap', 'console'] as const) {
      const file = join(folder, what);
      write(file, what === 'ktap' ? ktapLines() : consoleLines());
      const wc = time('wc', ['-l', file]);
      const grep = time('grep', ['-c', what === 'ktap' ? '^not ok' : 'Call Trace:', file]);
      const {seconds, peakMiB, found} = await inOwnProcess(what, file);
      const size = (statSync(file).size / 1e6).toFixed(0);
      const detail = `${size} MB in ${seconds.toFixed(2)} s, ${found} found; wc -l ${wc.toFixed(3)} s, grep -c ${grep.toFixed(3)} s`;
      figures.push({what, seconds, overWc: seconds / wc, overGrep: seconds / grep, peakMiB, detail});
    }
    return figures;
  } finally {
    rmSync(folder, {recursive: true, force: true});
  }
}

/** Best of three: the file is in the page cache then. */
function time(program: string, args: string[]): number {
  const runs = [1, 2, 3].map(() => {
    const started = performance.now();
    spawnSync(program, args, {stdio: 'ignore', env: {...process.env, LC_ALL: 'C'}});
    return (performance.now() - started) / 1000;
  });
  return Math.min(...runs);
}

async function inOwnProcess(what: string, file: string): Promise<{seconds: number; peakMiB: number; found: number}> {
  const child = spawn(process.execPath, [fileURLToPath(import.meta.url), what, file], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const code = await new Promise((resolve) => child.on('close', resolve));
  if (code !== 0) throw new Error(`reading ${file} as ${what} exited ${code}`);
  return JSON.parse(output) as {seconds: number; peakMiB: number; found: number};
}

/** The other end: reads the file and says what it cost. */
async function measure(what: string, file: string): Promise<void> {
  const started = performance.now();
  let found: number;
  if (what === 'ktap') {
    const reader = createReader('ktap');
    const feeder = createLineFeeder((text, end) => reader.line(text, end));
    for await (const chunk of createReadStream(file, {highWaterMark: CHUNK})) feeder.write(chunk as Buffer);
    feeder.end();
    found = reader.end({code: 0}).results.length;
  } else found = await scan(file);
  const seconds = (performance.now() - started) / 1000;
  console.log(JSON.stringify({seconds, peakMiB: process.resourceUsage().maxRSS / 1024, found}));
}

async function scan(file: string): Promise<number> {
  const scanner = new ConsoleScanner();
  for await (const text of createReadStream(file, {encoding: 'utf8', highWaterMark: CHUNK})) {
    scanner.write(text as string);
  }
  return scanner.end().splats.length;
}

function write(file: string, lines: Generator<string>): void {
  const fd = openSync(file, 'w');
  let batch = '';
  for (const line of lines) {
    batch += line;
    if (batch.length < CHUNK) continue;
    writeSync(fd, batch);
    batch = '';
  }
  writeSync(fd, batch);
  closeSync(fd);
}

/** Ten thousand results, each behind the words of a talkative test. */
function* ktapLines(): Generator<string> {
  yield 'KTAP version 1\n1..10000\n';
  const words = 130;
  for (let n = 1, bytes = 0; n <= 10_000 && bytes < BYTES; n++) {
    for (let i = 0; i < words; i++) {
      const line = `# ${n}: mapping 0x${(n * 4096 + i).toString(16)} length ${4096 * i} flags rw-p: ok so far, took ${i} ms\n`;
      bytes += line.length;
      yield line;
    }
    const line = `${n % 50 === 0 ? 'not ok' : 'ok'} ${n} case ${n}\n`;
    bytes += line.length;
    yield line;
  }
}

/** Driver chatter with a warning and its trace now and then. */
function* consoleLines(): Generator<string> {
  for (let n = 0, bytes = 0; bytes < BYTES; n++) {
    const at = `[${(n / 1000).toFixed(6).padStart(12)}]`;
    let text = `${at} pci 0000:00:${(n % 32).toString(16).padStart(2, '0')}.0: BAR ${n % 6}: assigned [mem 0x${n.toString(16)}]\n`;
    if (n % 20_000 === 0) {
      const frames = ['dump_stack_lvl', 'report_one', `caller_${n % 7}`, 'do_syscall_64'];
      text += `${at} WARNING: CPU: 1 PID: ${n % 999} at mm/memory.c:${100 + (n % 7)} caller_${n % 7}+0x10/0x20\n`;
      text += `${at} Call Trace:\n${frames.map((name) => `${at}  ${name}+0x1/0x2\n`).join('')}`;
      text += `${at} ---[ end trace 0000000000000000 ]---\n`;
    }
    bytes += text.length;
    yield text;
  }
}

const [kind, path] = process.argv.slice(2);
if (process.argv[1] === fileURLToPath(import.meta.url) && kind !== undefined && path !== undefined) {
  await measure(kind, path);
}
