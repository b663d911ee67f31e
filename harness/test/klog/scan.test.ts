// SPDX-License-Identifier: MIT
/** Every folder of fixtures/klog is a test; `KVERDICT_SNAP=1` rewrites what is expected, for review as a diff. */
import {readdirSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import t from 'tap';
import {type ConsoleScan, ConsoleScanner, MAX_SPLATS, scanConsole} from '../../klog/scan.js';
import {resolvePaths} from '../../lib/paths.js';

const folder = join(resolvePaths().project, 'harness/test/fixtures/klog');
const read = (name: string): string => readFileSync(join(folder, name, 'console.log'), 'utf8');

/** Without the report's own text, which the log has. */
function inShort({splats, panics, empty, dropped}: ConsoleScan): object {
  return {
    ...(empty ? {empty} : {}),
    ...(dropped > 0 ? {dropped} : {}),
    panics,
    splats: splats.map(({line, lastLine, frames, report: _, ...rest}) => ({
      ...rest,
      lines: `${line}-${lastLine}`,
      frames: frames.map(({name, module}) => (module === undefined ? name : `${name} [${module}]`)).join(' '),
    })),
  };
}

for (const name of readdirSync(folder).sort()) {
  const file = join(folder, name, 'expected.json');
  const seen = inShort(scanConsole(read(name)));
  if (process.env.KVERDICT_SNAP === '1') writeFileSync(file, `${JSON.stringify(seen, null, 2)}\n`);
  t.same(JSON.parse(readFileSync(file, 'utf8')), JSON.parse(JSON.stringify(seen)), name);
}

const identities = (text: string): string[] => scanConsole(text).splats.map(({identity}) => identity);

t.test('the same splat has the same identity whatever the serial line did to it', async (t) => {
  const console = read('arm64-warn-in-a-function');
  t.equal(identities(console).length, 1);
  t.same(identities(console.replaceAll('\n', '\r\n')), identities(console), 'CR LF');
  t.same(identities(console.replace(/^\[ *[\d.]+\] /gm, '')), identities(console), 'no times');
  t.same(
    identities(console.replace(/CPU: \d PID: \d+/, 'CPU: 3 PID: 9')),
    identities(console),
    'another CPU and process',
  );
});

t.test('and whatever another build made of its functions', async (t) => {
  const console = read('x86-64-general-protection-fault');
  t.equal(identities(console).length, 1);
  t.same(identities(console.replaceAll('.isra.0', '.constprop.1.cold')), identities(console), 'copies of a function');
  t.same(identities(console.replace(/\+0x[0-9a-f]+\/0x[0-9a-f]+/g, '+0x1/0x777')), identities(console), 'offsets');
  t.same(identities(console.replace('0xdead000000000108', '0xdead0000000001f0')), identities(console), 'addresses');
  t.notSame(identities(console.replaceAll('unlink_entry', 'link_entry')), identities(console), 'another function');
});

t.test('the same in pieces of any size', async (t) => {
  const console = read('x86-64-kernel-bug-under-a-test-then-panic');
  const whole = scanConsole(console);
  for (const size of [1, 7, 1000]) {
    const scanner = new ConsoleScanner();
    for (let at = 0; at < console.length; at += size) scanner.write(console.slice(at, at + size));
    t.same(scanner.end(), whole, `${size} characters`);
  }
});

t.test('lines are counted from where the console was left', async (t) => {
  const scanner = new ConsoleScanner(100);
  scanner.write(read('arm64-warn-in-a-function'));
  t.equal(scanner.end().splats[0]?.line, 100 + (scanConsole(read('arm64-warn-in-a-function')).splats[0]?.line ?? 0));
});

t.test('a report that is still being printed can be waited for', async (t) => {
  const scanner = new ConsoleScanner();
  scanner.write('[    1.000000] WARNING: CPU: 0 PID: 1 at mm/a.c:1 f+0x1/0x2\n');
  t.equal(scanner.open, true);
  scanner.write('Call Trace:\n g+0x1/0x2\n---[ end trace 0000000000000000 ]---\n');
  t.equal(scanner.open, false);
});

t.test('a console full of splats is bounded, and says so', async (t) => {
  const one = (n: number): string => `WARNING: CPU: 0 PID: 1 at mm/a.c:1 f${n}+0x1/0x2\n`;
  const scan = scanConsole(Array.from({length: MAX_SPLATS + 7}, (_, n) => one(n)).join(''));
  t.equal(scan.splats.length, MAX_SPLATS);
  t.equal(scan.dropped, 7);
});

t.test('a line without an end takes no memory, and the next one is read', async (t) => {
  const scanner = new ConsoleScanner();
  for (let n = 0; n < 1000; n++) scanner.write('x'.repeat(100_000));
  scanner.write('\nBUG: workqueue lockup - pool cpus=1\n');
  t.match(scanner.end(), {splats: [{title: 'workqueue lockup', line: 2}]});
});
