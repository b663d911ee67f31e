// SPDX-License-Identifier: MIT
/** The suite's own lines around uffd-unit-tests: the same names from the text of 6.4 and from the KTAP of 7.3. */
import {spawnSync} from 'node:child_process';
import {join} from 'node:path';
import t from 'tap';
import {createReader} from '../../ktap/reader.js';
import {resolvePaths} from '../../lib/paths.js';
import {loadSuites} from '../../suite/manifest.js';

const suite = loadSuites([join(resolvePaths().project, 'selftests/suites')]).get('userfaultfd');
const api = suite?.tests.find(({name}) => name === 'api');

function read(printed: readonly string[]): [string, string, string | undefined][] {
  const run = (api?.run ?? '').replace('./uffd-unit-tests', 'cat');
  const {stdout} = spawnSync('sh', ['-c', run], {input: `${printed.join('\n')}\n`, encoding: 'utf8'});
  const reader = createReader('ktap');
  for (const line of stdout.trimEnd().split('\n')) reader.line(line);
  return reader.end({code: 0}).results.map(({path, status, reason}) => [path.join('/'), status, reason]);
}

t.test('both languages give the same names, statuses and reasons', async (t) => {
  const text = [
    'Testing UFFDIO_API (with syscall)... done',
    'Testing UFFDIO_API (with /dev/userfaultfd)... skipped [reason: cannot open it]',
    'Testing zeropage on anon... done',
  ];
  const ktap = [
    'TAP version 13',
    '1..70',
    'ok 1 UFFDIO_API (with syscall)',
    'ok 2 # SKIP UFFDIO_API (with /dev/userfaultfd) (cannot open it)',
    'ok 3 zeropage on anon',
  ];
  t.same(read(text), [
    ['UFFDIO_API (with syscall)', 'pass', undefined],
    ['UFFDIO_API (with /dev/userfaultfd)', 'skip', 'skipped [reason: cannot open it]'],
  ]);
  t.same(read(ktap), read(text));
});

t.test('a failure, and one that never came', async (t) => {
  const failed = ['TAP version 13', '1..70', '# failed reason: [should fail]', 'not ok 1 UFFDIO_API (with syscall)'];
  t.same(read([...failed, 'ok 2 UFFDIO_API (with /dev/userfaultfd)', 'ok 3 zeropage on anon']), [
    ['UFFDIO_API (with syscall)', 'fail', undefined],
    ['UFFDIO_API (with /dev/userfaultfd)', 'pass', undefined],
  ]);
  t.same(
    read(['TAP version 13', '1..70', 'ok 1 UFFDIO_API (with syscall)']).map(([name, status]) => [name, status]),
    [
      ['UFFDIO_API (with syscall)', 'pass'],
      ['missing #2', 'missing'],
    ],
  );
});
