// SPDX-License-Identifier: MIT
/** The suite's own lines around programs of arm64/mte that skip without a reason: the CPU's features are the reason. */
import {spawnSync} from 'node:child_process';
import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import t from 'tap';
import {createReader} from '../../ktap/reader.js';
import {explainSkips} from '../../ktap/skip-reason.js';
import {resolvePaths} from '../../lib/paths.js';
import {loadSuites} from '../../suite/manifest.js';

const folder = mkdtempSync(join(tmpdir(), 'kv'));
t.teardown(() => rmSync(folder, {recursive: true, force: true}));
const suite = loadSuites([join(resolvePaths().project, 'selftests/suites')]).get('mte');

/** What the reader makes of a program that prints these lines and ends with this code, on a CPU with these features. */
function read(test: string, features: string, printed: readonly string[], code = 0): [string, string, string?][] {
  const program = /\.\/check_\w+/.exec(suite?.tests.find(({name}) => name === test)?.run ?? '')?.[0] ?? '';
  const cpuinfo = join(folder, 'cpuinfo');
  writeFileSync(cpuinfo, `processor\t: 0\nFeatures\t: ${features}\n\nprocessor\t: 1\nFeatures\t: ${features}\n`);
  const run = (suite?.tests.find(({name}) => name === test)?.run ?? '')
    .replace(program, `{ cat; (exit ${code}); }`)
    .replace('/proc/cpuinfo', cpuinfo);
  const done = spawnSync('bash', ['-c', run], {input: `${printed.join('\n')}\n`, encoding: 'utf8'});
  t.equal(done.status, code, 'the exit is that of the program');
  const reader = createReader('ktap');
  for (const line of done.stdout.trimEnd().split('\n')) reader.line(line);
  return explainSkips(reader.end({code})).results.map(({path, status, reason}) => [path.join('/'), status, reason]);
}

const MMAP = [
  'TAP version 13',
  '1..4',
  'ok 1 Check anonymous memory with private mapping, sync error mode, mmap memory and tag check on (without address tag [63:60])',
  'ok 2 # SKIP Check file memory with shared mapping, sync error mode, mmap memory and tag check on (without address tag [63:60] / store-only)',
  'ok 3 # SKIP Check file memory with shared mapping, sync error mode, mmap memory and tag check on (with address tag [63:60])',
  'not ok 4 Check clear PROT_MTE flags with private mapping, sync error mode, mmap memory and tag check on (without address tag [63:60])',
  '# Totals: pass:1 fail:1 xfail:0 xpass:0 skip:2 error:0',
];

t.test('mmap-options: what the CPU lacks is the reason', async (t) => {
  const seen = read('mmap-options', 'fp asimd mte mte3', MMAP, 1);
  t.same(
    seen.map(([name, status, reason]) => [name.replace(/ with .* and tag check on/, ''), status, reason]),
    [
      ['Check anonymous memory (without address tag [63:60])', 'pass', undefined],
      [
        'Check file memory (without address tag [63:60] / store-only)',
        'skip',
        'this CPU cannot check stores alone (mtestoreonly)',
      ],
      ['Check file memory (with address tag [63:60])', 'skip', 'this CPU does not report address tags (mtefar)'],
      ['Check clear PROT_MTE flags (without address tag [63:60])', 'fail', undefined],
    ],
  );
});

t.test('a CPU that has the feature is no reason', async (t) => {
  const seen = read('mmap-options', 'mte mtefar mtestoreonly', MMAP, 1);
  t.same(
    seen.map(([, status, reason]) => [status, reason]),
    [
      ['pass', undefined],
      ['skip', undefined],
      ['skip', undefined],
      ['fail', undefined],
    ],
  );
});

t.test('prctl: the same', async (t) => {
  const lines = ['TAP version 13', '1..3', 'ok 1 check_basic_read', 'ok 2 # SKIP SYNC+STONLY', 'ok 3 # SKIP SYNC'];
  t.same(read('prctl', 'mte mte3', lines), [
    ['check_basic_read', 'pass', undefined],
    ['SYNC+STONLY', 'skip', 'this CPU cannot check stores alone (mtestoreonly)'],
    ['SYNC', 'skip', undefined],
  ]);
  t.same(read('prctl', 'fp asimd', lines)[2], ['SYNC', 'skip', 'this CPU has no memory tags (mte)']);
});
