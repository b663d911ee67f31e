// SPDX-License-Identifier: MIT
import {join} from 'node:path';
import t from 'tap';
import {createKtapReader} from '../../ktap/parse.js';
import {ownCommand} from '../../suite/compile-own.js';
import {loadSuites} from '../../suite/manifest.js';
import type {Program, Suite} from '../../suite/suite.js';
import {PROJECT, SUITES, testContext} from './support.js';

const ours = loadSuites([SUITES]);
const include = join(PROJECT, 'selftests/include');
const host = process.arch === 'arm64' ? 'arm64' : 'x86_64';

const ownPrograms = (suite: Suite): Extract<Program, {kind: 'own'}>[] =>
  suite.programs.flatMap((program) => (program.kind === 'own' ? [program] : []));

for (const name of ['kvm_mte', 'kvm_stage2']) {
  t.test(`${name}: no warning from the compiler for arm64`, async (t) => {
    const folder = t.testdir();
    const ctx = testContext(folder);
    const suite = ours.get(name) as Suite;
    const [compiler = ''] = ownCommand({arch: 'arm64', variables: {}}, suite, ownPrograms(suite)[0] as never, include);
    const found = await ctx.exec.run('sh', ['-c', `command -v ${compiler}`]);
    if (found.exitCode !== 0) {
      t.pass(`no ${compiler} here`, {skip: 'install the cross compiler'});
      return;
    }
    for (const program of ownPrograms(suite)) {
      const [cc = '', ...args] = ownCommand({arch: 'arm64', variables: {}}, suite, program, include);
      const built = await ctx.exec.run(cc, [...args, '-Werror', '-o', join(folder, program.name)], {
        cwd: suite.directory,
      });
      t.equal(built.exitCode, 0, `${program.name}: ${built.stderr}`);
    }
  });
}

t.test('secpagetables: the status of what it runs, and the growth of page tables', async (t) => {
  const folder = t.testdir();
  const ctx = testContext(folder);
  const suite = ours.get('kvm_stage2') as Suite;
  const program = ownPrograms(suite).find((each) => each.name === 'secpagetables') as never;
  const [cc = '', ...args] = ownCommand({arch: host, variables: {}}, suite, program, include);
  const file = join(folder, 'secpagetables');
  await ctx.exec.runOk(cc, [...args, '-Werror', '-o', file], {cwd: suite.directory});

  const run = async (script: string) => {
    const ran = await ctx.exec.run(file, ['sh', '-c', script]);
    const reader = createKtapReader();
    for (const line of ran.stdout.trimEnd().split('\n')) reader.line(line);
    const report = reader.end({code: ran.exitCode});
    t.same(report.problems, [], ran.stdout);
    return {ran, statuses: report.results.map(({status}) => status)};
  };
  const passed = await run('echo ok 1 not mine; echo oops >&2');
  t.equal(passed.statuses[0], 'pass');
  t.match(passed.statuses[1], /^(pass|skip)$/, 'there may be no secondary page tables here');
  t.match(passed.ran.stdout, /^# ok 1 not mine\n# oops$/m, 'what it prints is a note, never a result');

  const failed = await run('exit 254');
  t.equal(failed.statuses[0], 'fail');
  t.match(failed.ran.stdout, /^# it ended with exit 254$/m);
  t.equal(failed.ran.exitCode, 1);

  t.match((await run('kill -9 $$')).ran.stdout, /^# it ended with signal 9\nnot ok 1 the test passes$/m);
  t.same((await run('exit 4')).statuses, ['skip', 'skip']);
  t.equal((await ctx.exec.run(file, [])).exitCode, 2);
});
