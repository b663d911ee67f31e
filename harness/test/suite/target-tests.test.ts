// SPDX-License-Identifier: MIT
import {chmodSync} from 'node:fs';
import {join} from 'node:path';
import t from 'tap';
import {NO_LIMIT_SECONDS, runCommand, settingsTimeout, testNames, testsOfTarget} from '../../suite/target-tests.js';

t.test('the list that make install wrote', async (t) => {
  const list = 'mm:run_vmtests.sh\nmm/x:other\ntimers:posix_timers\nmm:b\nmm:run_vmtests.sh\nmm:\n';
  t.same(testNames(list, 'mm'), ['run_vmtests.sh', 'b']);
  t.same(testNames(list, 'mm/x'), ['other']);
  t.same(testNames(list, 'm'), []);
});

t.test('settings: seconds, none, and what is not understood', async (t) => {
  t.equal(settingsTimeout(''), 45);
  t.equal(settingsTimeout('# slow\ntimeout=180\n'), 180);
  t.equal(settingsTimeout('timeout=0\n'), 0);
  t.equal(settingsTimeout('#timeout=9\ntimeout=soon\n'), 45);
});

t.test('tests of an installed target, and one for each file that was not built', async (t) => {
  const root = t.testdir({
    'kselftest-list.txt': 'toy:prog\ntoy:gone\ntoy:script.sh\n',
    toy: {settings: 'timeout=7\n', prog: '\u007fELF', 'script.sh': '#!/usr/bin/env bash\n', helper: 'x'},
  });
  chmodSync(join(root, 'toy/prog'), 0o755);
  const missing = ['gone', 'helper2'].map((program) => ({program, reason: 'r', blame: 'kernel'}) as const);
  const tests = testsOfTarget(root, 'toy', missing);
  t.same(
    tests.map(({name, timeout, wallTimeout, reader}) => [name, timeout, wallTimeout, reader]),
    ['prog', 'gone', 'script.sh', 'helper2'].map((name) => [name, 7, undefined, 'ktap-or-exit']),
  );
  const run = (name: string): string => tests.find((test) => test.name === name)?.run ?? '';
  t.match(run('prog'), /^export skip_rc=4 .* kselftest_timeout=7\nexec \.\/prog$/);
  for (const name of ['gone', 'helper2'])
    t.ok(run(name).split(/\s+/).includes(`./${name}`), 'how its absence is found');
  t.match(
    run('script.sh'),
    /command -v bash >\/dev\/null \|\| \{ echo .*no `bash`, by which script\.sh.* exit 127; \}/,
  );
  t.match(run('script.sh'), /\nexec \/usr\/bin\/env bash \.\/script\.sh$/, 'not executable: by what it names');
});

t.test('no limit in the tree is a limit here; no settings are the default', async (t) => {
  const root = t.testdir({'kselftest-list.txt': 'toy:a\n', toy: {settings: 'timeout=0\n', a: ''}});
  t.match(testsOfTarget(root, 'toy', []), [{wallTimeout: NO_LIMIT_SECONDS}]);
  t.match(testsOfTarget(t.testdir({'kselftest-list.txt': 'toy:a\n'}), 'toy', []), [{timeout: 45}]);
  t.same(testsOfTarget(t.testdir({}), 'toy', []), []);
});

t.test('how runner.sh starts a file', async (t) => {
  const last = (file: Partial<Parameters<typeof runCommand>[0]>): string =>
    runCommand({name: 'a', executable: false, runner: false, ...file}, 45)
      .split('\n')
      .at(-1) ?? '';
  t.equal(last({executable: true}), 'exec ./a');
  t.equal(last({executable: true, name: "it's"}), "exec './it'\\''s'");
  t.equal(last({runner: true, interpreter: '/bin/sh'}), 'exec ./ksft_runner.sh ./a');
  t.equal(last({interpreter: '/bin/sh -e'}), 'exec /bin/sh -e ./a');
  t.match(last({}), /echo 'a is not executable.*'; exit 126/);
});
