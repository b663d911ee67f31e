// SPDX-License-Identifier: MIT
import {existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync} from 'node:fs';
import {basename, join} from 'node:path';
import t from 'tap';
import {readNeeded} from '../../image/elf.js';
import type {ArchName} from '../../kernel/kernel-build.js';
import {compileSuites} from '../../suite/compile.js';
import {expandTests} from '../../suite/expand.js';
import {pushPrograms} from '../../suite/guest-setup.js';
import {LIBRARIES, targetSuite} from '../../suite/target-suite.js';
import {times} from '../fakes/scale.js';
import {TOY_SELFTESTS} from '../fakes/toy-selftests.js';
import {fakeGuest} from './fake-guest.js';
import {testContext} from './support.js';

const host: ArchName = process.arch === 'arm64' ? 'arm64' : 'x86_64';

t.test('a target as the tree installs it; what does not build is listed and the rest is there', async (t) => {
  const folder = t.testdir({tree: {tools: {testing: {selftests: TOY_SELFTESTS}}}});
  const suite = targetSuite('toy');
  const request = {
    suites: [suite, targetSuite('none')],
    arch: host,
    sourceDir: join(folder, 'tree'),
    outDir: join(folder, 'out'),
    variables: {},
    treeHash: 'abc',
    installHeaders: async () => '/hdr/include',
  };
  const ctx = testContext(folder);
  const all = await compileSuites(ctx, request);
  const compiled = all.get('kselftest/toy');
  const root = compiled?.directory ?? '';
  t.same(readdirSync(root).sort(), ['kselftest-list.txt', 'run_kselftest.sh', 'toy']);
  t.match(compiled?.missing, [
    {program: 'broken', reason: /broken\.c:3:.*not_declared/, blame: 'kernel', extra: undefined},
  ]);
  t.same(
    compiled?.tests?.map(({name, timeout}) => [name, timeout]),
    [
      ['steady', 9],
      ['broken', 9],
      ['script.sh', 9],
    ],
  );
  const ran = await ctx.exec.run(join(root, 'toy/steady'), []);
  t.match(ran.stdout, /own flags kept/, "the makefile's own CFLAGS");
  t.match(ran.stdout, /-isystem \/hdr\/include/);
  t.notOk(existsSync(join(folder, 'tree/tools/testing/selftests/toy/steady')), 'the tree was only read');

  const empty = all.get('kselftest/none');
  t.notOk(existsSync(join(root, 'toy/broken')), 'what the tree broke has no stand-in');
  t.same([empty?.tests, empty?.missing], [[], []], 'a target without a test here is not a failure');
});

t.test('a tree that would install its headers itself must not: that is in the source', async (t) => {
  const Makefile = `install: khdr\n${TOY_SELFTESTS.Makefile}\nkhdr:\n\ttouch ../../../usr/installed\n`;
  const tree = {usr: {}, tools: {testing: {selftests: {...TOY_SELFTESTS, Makefile}}}};
  const folder = t.testdir({tree, hdr: {}});
  const request = {
    ...{suites: [targetSuite('toy')], arch: host, sourceDir: join(folder, 'tree'), outDir: join(folder, 'out')},
    ...{variables: {}, installHeaders: async () => join(folder, 'hdr')},
  };
  const compiled = (await compileSuites(testContext(folder), request)).get('kselftest/toy');
  t.match(compiled?.tests?.[0], {name: 'steady'});
  t.same(readdirSync(join(folder, 'tree/usr')), []);
  t.notMatch(readFileSync(join(folder, 'out/toy.installed.log'), 'utf8'), /touch .*usr/, 'nor anywhere else');
});

t.test('make that does not get as far as that is told, and is nobody’s green', async (t) => {
  const broken = {Makefile: '$(error this tree needs a newer make)\n'};
  const folder = t.testdir({tree: {tools: {testing: {selftests: broken}}}});
  const request = {
    ...{suites: [targetSuite('toy')], arch: host, sourceDir: join(folder, 'tree'), outDir: join(folder, 'out')},
    ...{variables: {}, installHeaders: async () => '/hdr/include'},
  };
  const compiled = (await compileSuites(testContext(folder), request)).get('kselftest/toy');
  t.match(compiled?.missing, [
    {program: 'make', reason: /make exited 2: .*this tree needs a newer make/, blame: 'kernel'},
  ]);
  t.match(compiled?.tests, [{name: 'make'}]);
});

t.test('a program that is no test is told, and is no failure of a test', async (t) => {
  const toy = {
    ...TOY_SELFTESTS.toy,
    Makefile: TOY_SELFTESTS.toy.Makefile.replace('$(programs) script', 'steady script'),
  };
  const folder = t.testdir({tree: {tools: {testing: {selftests: {...TOY_SELFTESTS, toy}}}}});
  const suite = targetSuite('toy');
  const request = {
    ...{suites: [suite], arch: host, sourceDir: join(folder, 'tree'), outDir: join(folder, 'out')},
    ...{variables: {}, installHeaders: async () => '/hdr/include'},
  };
  const compiled = (await compileSuites(testContext(folder), request)).get(suite.name);
  t.match(compiled?.missing, [{program: 'broken', extra: true}]);
  const options = {arch: host, selection: [], missing: compiled?.missing ?? [], scale: times(1)};
  const tests = await expandTests(fakeGuest({}), {...suite, tests: compiled?.tests ?? []}, options);
  t.match(
    tests.map(({name, notRun}) => [name, notRun]),
    [
      ['steady', undefined],
      ['script.sh', undefined],
      ['broken', {status: 'skip', reason: /`broken` was not built: broken\.c:3/}],
    ],
  );
});

t.test(
  'what cannot be static is linked dynamically, with its libraries beside it; what lacks a header is named',
  async (t) => {
    const toy = {
      ...TOY_SELFTESTS.toy,
      Makefile: TOY_SELFTESTS.toy.Makefile.replaceAll('steady broken', 'steady clash wants')
        .replace('-o $@', '-o $@ -Wl,--no-as-needed -lm')
        .replace('in $(programs) script', 'in clash script'),
      // As timers/valid-adjtimex does: libc.a has the same function in a file that the program needs as well.
      'clash.c': [
        '#define _GNU_SOURCE',
        '#include <stdio.h>',
        '#include <time.h>',
        '#include <sys/timex.h>',
        'int clock_adjtime(clockid_t id, struct timex *tx) { return id + tx->modes; }',
        'int main(void) { struct timex tx = {0}; puts("clash runs"); return adjtimex(&tx) < 0; }',
        '',
      ].join('\n'),
      'wants.c': '#include <kverdict-no-such-library.h>\nint main(void) { return 0; }\n',
    };
    const folder = t.testdir({tree: {tools: {testing: {selftests: {...TOY_SELFTESTS, toy}}}}});
    const suite = targetSuite('toy');
    const libraries = join(folder, 'libraries');
    mkdirSync(join(libraries, 'include'), {recursive: true});
    const request = {
      ...{suites: [suite], arch: host, sourceDir: join(folder, 'tree'), outDir: join(folder, 'out')},
      ...{variables: {}, installHeaders: async () => '/hdr/include'},
      libraries: async () => ({identity: '1', include: join(libraries, 'include'), lib: join(libraries, 'lib')}),
    };
    const ctx = testContext(folder);
    const compiled = (await compileSuites(ctx, request)).get(suite.name);
    t.match(compiled?.missing, [
      {program: 'wants', blame: 'infra', extra: true, reason: /no header kverdict-no-such-library\.h: wants\.c:1:/},
    ]);
    t.equal(compiled?.missing.length, 1);
    const root = compiled?.directory ?? '';
    const needed = (name: string) => readNeeded(name, readFileSync(join(root, 'toy', name))).needed;
    t.same(needed('steady'), [], 'static');
    t.ok(needed('clash').includes('libm.so.6'), 'not static');
    t.same(readdirSync(join(root, LIBRARIES)), ['libm.so.6'], 'libc is in the guest');
    t.equal((await ctx.exec.run(join(root, 'toy/clash'), [])).stdout, 'clash runs\n');

    const stood = await ctx.exec.run(join(root, 'toy/wants'), []);
    t.match(stood, {exitCode: 4, stdout: /wants was not built: this host has no header kverdict-no-such-library\.h/});
    const guest = fakeGuest({});
    await pushPrograms(guest, suite, root);
    t.strictSame(
      guest.pushed
        .map(([local, to]) => [basename(local), to])
        .filter(([name]) => name?.includes('.so') || name === 'toy'),
      [
        ['libm.so.6', '/usr/lib'],
        ['toy', '/suites/kselftest-toy'],
      ],
    );

    writeFileSync(join(libraries, 'include/kverdict-no-such-library.h'), '');
    t.same((await compileSuites(ctx, request)).get(suite.name)?.missing, [], 'a header of the libraries is found');
  },
);

t.test('what is whole is kept by the hash of the tree', async (t) => {
  const {'broken.c': _, ...toy} = TOY_SELFTESTS.toy;
  const whole = {...TOY_SELFTESTS, toy: {...toy, Makefile: toy.Makefile.replace(' broken', '')}};
  const folder = t.testdir({tree: {tools: {testing: {selftests: whole}}}});
  const ctx = testContext(folder);
  const compile = async (treeHash: string) => {
    const request = {
      ...{suites: [targetSuite('toy')], arch: host, sourceDir: join(folder, 'tree'), outDir: join(folder, 'out')},
      ...{variables: {}, treeHash, installHeaders: async () => '/hdr/include'},
    };
    const before = ctx.events.length;
    const compiled = (await compileSuites(ctx, request)).get('kselftest/toy');
    t.same(
      compiled?.tests?.map(({name}) => name),
      ['steady', 'script.sh'],
    );
    t.match(readFileSync(join(compiled?.directory ?? '', 'toy/script.sh'), 'utf8'), /^#!/);
    return ctx.events
      .slice(before)
      .some((event) => event.type === 'command' && event.line.includes('KSFT_INSTALL_PATH'));
  };
  t.equal(await compile('one'), true);
  t.equal(await compile('one'), false, 'from the store');
  t.equal(await compile('two'), true, 'another tree');
});
