// SPDX-License-Identifier: MIT
/** Two attempts never have the same processes, CPUs, addresses, offsets, times: what they print is the same report. */
import {readdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import t from 'tap';
import {scanConsole} from '../../klog/scan.js';
import {resolvePaths} from '../../lib/paths.js';
import {randomOf, renumber} from './renumber.js';

const folder = join(resolvePaths().project, 'harness/test/fixtures/klog');
const ATTEMPTS = 10;

const said = (text: string): object[] =>
  scanConsole(text).splats.map(({kind, identity, corrupted, fatal, times}) => ({
    kind,
    identity,
    corrupted,
    fatal,
    times,
  }));

for (const name of readdirSync(folder).sort()) {
  const console = readFileSync(join(folder, name, 'console.log'), 'utf8');
  const once = said(console);
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    const again = renumber(console, randomOf(attempt));
    if (!t.same(said(again), once, `${name}, attempt ${attempt}`)) {
      t.comment(again);
      break;
    }
  }
}

t.test('another attempt is another text', async (t) => {
  const console = readFileSync(join(folder, 'warning-as-6-19-in-a-module', 'console.log'), 'utf8');
  const again = renumber(console, randomOf(3));
  for (const word of ['31.2', 'CPU#1', 'toy/412', 'PID: 412', '+0x1d/0x90', 'toy.c:77']) {
    t.ok(console.includes(word), `it has ${word}`);
    t.notOk(again.includes(word), `and then not: ${word}`);
  }
});
