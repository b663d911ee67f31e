// SPDX-License-Identifier: MIT
/** Series of which a part is compiled, of which nothing is, and of which all is: what is said, and the exit codes. */
import {existsSync, readdirSync, readFileSync, rmSync} from 'node:fs';
import {join} from 'node:path';
import t from 'tap';
import {Stage} from './support.js';

const stage = await new Stage().seed();
t.teardown(() => stage.remove());
t.setTimeout(600_000);

/** Another kernel, that does nothing worse. */
const changeMemory = (): void => {
  stage.write('mm/memory.c', stage.read('mm/memory.c').replace('return 0;', 'return 2;'));
};
const FOO = 'int foo(void) { return 1; }\n';
/** One machine is enough, and quicker. */
const ONE = ['--profiles', 'x86_64'];
const report = (name: string): string => readFileSync(join(stage.out, name), 'utf8');
const flat = (text: string): string => text.replaceAll(/\s+/g, ' ');

t.test('a part is compiled', async (t) => {
  const series = stage.patch('mm, drivers: a part', () => {
    changeMemory();
    stage.write('drivers/net/foo.c', FOO);
    stage.write('arch/riscv/mm/fault.c', FOO);
    stage.write('tools/testing/selftests/net/foo.c', FOO);
    stage.write('Documentation/foo.rst', 'Foo\n');
    stage.write('drivers/net/Kconfig', 'config FOO\n');
  });
  const because =
    'good as far as compiled: 1 of 4 touched files; 2 results passed, and none got worse; ' +
    'not compiled or not run: arch/riscv/mm/fault.c, drivers/net/foo.c, tools/testing/selftests/net/foo.c';
  const lines = [
    'not compiled, source of riscv, of which no kernel was built: arch/riscv/mm/fault.c',
    'not compiled, in no kernel of this run (x86_64): drivers/net/foo.c',
    'not run, no chosen suite runs what is made of it: tools/testing/selftests/net/foo.c',
  ];
  const {code, stdout, stderr} = await stage.verify(series, ...ONE);
  t.equal(code, 125);
  t.ok(stderr.indexOf(lines[1] ?? '-') < stderr.indexOf('boot g1'), 'it is told before guests are waited for');
  t.ok(stderr.includes(lines[1] ?? '-'));
  const results = stage.results();
  t.equal(results.verdict, 'good-in-part');
  t.equal(results.because, because);
  t.same(
    results.coverage?.touched.map(({file, kind, arches, missed}) => [file, kind, arches, missed]),
    [
      ['arch/riscv/mm/fault.c', 'source', [], 'other-arch'],
      ['drivers/net/foo.c', 'source', [], 'no-kernel'],
      ['tools/testing/selftests/net/foo.c', 'tools', [], 'no-suite'],
      ['Documentation/foo.rst', 'prose', [], undefined],
      ['drivers/net/Kconfig', 'build', [], undefined],
      ['mm/memory.c', 'source', ['x86_64'], undefined],
    ],
  );
  t.same([results.coverage?.files, results.coverage?.compiled], [4, 1]);
  t.ok(flat(stdout).startsWith(`verdict: GOOD-IN-PART: ${because} `), stdout);
  for (const line of lines) {
    t.ok(flat(stdout).includes(line), line);
    for (const name of ['report.html', 'junit.xml', 'results.tap', 'reports/reply.eml', 'reports/kcidb.json']) {
      t.ok(report(name).includes(line), `${name}: ${line}`);
    }
    for (const name of ['reports/github-annotations.txt', 'reports/b4.json', 'reports/screen.txt']) {
      t.ok(flat(report(name)).includes(line), `${name}: ${line}`);
    }
  }
  t.ok(report('reports/patchwork.json').includes('"kverdict-compiled"'));

  const allowed = await stage.verify(series, ...ONE, '--allow-uncompiled');
  t.equal(allowed.code, 0);
  t.equal(stage.results().verdict, 'good-in-part', 'the verdict is the same, and all that is told');
  t.ok(flat(allowed.stdout).includes(lines[1] ?? ''));
});

t.test('the same from the store, also when the objects are gone or say nothing', async (t) => {
  const series = join(stage.folder, 'mm-drivers-a-part.mbox');
  const cache = join(stage.folder, 'cache/kverdict');
  const objects = (): string[] =>
    readdirSync(join(cache, 'trees')).flatMap((tree) =>
      readdirSync(join(cache, 'trees', tree))
        .filter((name) => /^O-/.test(name))
        .map((name) => join(cache, 'trees', tree, name)),
    );
  for (const path of objects()) rmSync(path, {recursive: true});
  const {code} = await stage.verify(series, ...ONE);
  t.equal(code, 125);
  t.same(
    stage.results().builds.map(({cached}) => cached),
    [true, true],
  );
  t.equal(stage.results().coverage?.compiled, 1);
  // As an earlier version stored them: each kernel is compiled once more, and then it is known.
  rmSync(join(cache, 'store/kernel-sources'), {recursive: true});
  const again = await stage.verify(series, ...ONE);
  t.equal(again.code, 125);
  t.match(again.stderr, /kernel, patched \([0-9a-f]{12}\) was stored without the list of files it is compiled from/);
  t.equal(stage.results().coverage?.compiled, 1);
  t.ok(existsSync(join(cache, 'store/kernel-sources')));
});

t.test('nothing is compiled', async (t) => {
  const series = stage.patch('drivers: nothing', () => stage.write('drivers/net/foo.c', FOO));
  const line = 'not compiled, in no kernel of this run (x86_64): drivers/net/foo.c';
  for (const more of [[], ['--allow-uncompiled'], ['--force']]) {
    const {code, stdout} = await stage.verify(series, ...ONE, ...more);
    t.equal(code, 125, more.join());
    t.equal(stage.results().verdict, 'inconclusive');
    t.equal(stage.results().because, 'nothing that was touched can be judged: not compiled: drivers/net/foo.c');
    t.ok(flat(stdout).includes(line));
  }
});

t.test('all is compiled: added, changed, removed, and headers', async (t) => {
  const series = stage.patch('mm: all', () => {
    stage.write('mm/more.c', 'int more(void) { return 5; }\n');
    stage.write('Kbuild', stage.read('Kbuild').replace('mm/userfaultfd.o', 'mm/more.o'));
    rmSync(join(stage.tree, 'mm/userfaultfd.c'));
    stage.write('include/linux/toy.h', `/* more */\n${stage.read('include/linux/toy.h')}`);
  });
  const {code, stdout} = await stage.verify(series, ...ONE);
  t.equal(code, 0);
  t.match(stdout, /^verdict: GOOD: 2 results passed, and none got worse\n/);
  t.notMatch(stdout, /not compiled/);
  t.same(
    stage.results().coverage?.touched.map(({file, arches}) => [file, arches]),
    [
      ['Kbuild', []],
      ['include/linux/toy.h', ['x86_64']],
      ['mm/more.c', ['x86_64']],
      ['mm/userfaultfd.c', ['x86_64']],
    ],
  );
});

t.test('bad stays bad, and a run against another commit is asked the same', async (t) => {
  const bad = stage.patch('mm, drivers: break', () => {
    stage.scenario('test toy-steady fail');
    stage.write('drivers/net/foo.c', FOO);
    changeMemory();
  });
  const {code, stdout} = await stage.verify(bad, ...ONE, '--allow-uncompiled');
  t.equal(code, 1);
  t.ok(flat(stdout).includes('not compiled, in no kernel of this run (x86_64): drivers/net/foo.c'));

  const base = stage.git('rev-parse', 'HEAD');
  stage.write('drivers/net/foo.c', FOO);
  changeMemory();
  stage.commit('drivers and mm');
  const against = await stage.run(['run', '--against', base, ...stage.common(), ...ONE]);
  stage.git('reset', '-q', '--hard', base);
  t.equal(against.code, 125);
  t.equal(stage.results().verdict, 'good-in-part');
});
