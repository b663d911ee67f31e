// SPDX-License-Identifier: MIT
/** Every folder of fixtures/klog is a test; `KVERDICT_SNAP=1` rewrites what is expected, for review as a diff. */
import {readdirSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import t from 'tap';
import {MAX_SPLATS, scanConsole} from '../../klog/scan.js';
import {resolvePaths} from '../../lib/paths.js';

const folder = join(resolvePaths().project, 'harness/test/fixtures/klog');

for (const name of readdirSync(folder).sort()) {
  const file = join(folder, name, 'expected.json');
  const seen = scanConsole(readFileSync(join(folder, name, 'console.log'), 'utf8'));
  if (process.env.KVERDICT_SNAP === '1') writeFileSync(file, `${JSON.stringify(seen, null, 2)}\n`);
  t.same(JSON.parse(readFileSync(file, 'utf8')), JSON.parse(JSON.stringify(seen)), name);
}

t.test('the same splat has the same title whatever the serial line did to it', async (t) => {
  const console = readFileSync(join(folder, 'arm64-warn-in-a-function/console.log'), 'utf8');
  const titles = (text: string): string[] => scanConsole(text).splats.map(({title}) => title);
  t.equal(titles(console).length, 1);
  t.same(titles(console.replaceAll('\n', '\r\n')), titles(console), 'CR LF');
  t.same(titles(console.replace(/^\[ *[\d.]+\] /gm, '')), titles(console), 'no times');
  t.same(titles(console.replace(/CPU: \d PID: \d+/, 'CPU: 3 PID: 9')), titles(console), 'another CPU and process');
});

t.test('a console full of splats is bounded, and says so', async (t) => {
  const scan = scanConsole('WARNING: CPU: 0 PID: 1 at mm/a.c:1 f+0x1/0x2\n'.repeat(MAX_SPLATS + 7));
  t.equal(scan.splats.length, MAX_SPLATS);
  t.equal(scan.dropped, 7);
});
