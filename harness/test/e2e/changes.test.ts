// SPDX-License-Identifier: MIT
/** What a series changed in the kernels, and which guests are booted for it. */
import {readdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import t from 'tap';
import {matchExactly} from '../match-exactly.js';
import {Stage} from './support.js';

const stage = await new Stage().seed();
t.teardown(() => stage.remove());
t.setTimeout(300_000);

const KBUILD = stage.read('Kbuild');

t.test('a series of comments boots no guest, also when it moves lines', async (t) => {
  const series = stage.patch('mm: explain', () =>
    stage.write('mm/memory.c', `/*\n * Longer.\n */\n${stage.read('mm/memory.c')}`),
  );
  const {code, stdout} = await stage.verify(series);
  t.equal(code, 0);
  t.match(stdout, /^verdict: GOOD: nothing that runs changed on arm64 and x86_64, so no test had to be run/);
  const {guests, comparisons, profiles, changes, findings} = stage.results();
  t.same([guests.length, comparisons.length], [0, 0]);
  matchExactly(t, changes, [
    {arch: 'arm64', same: true, lines: 0, notHeld: [], symbols: []},
    {arch: 'x86_64', same: true},
  ]);
  t.notOk(changes.some((change) => 'because' in change));
  t.match(profiles, [
    {name: 'arm64', skipped: 'nothing that runs changed on arm64'},
    {name: 'x86_64', skipped: 'nothing that runs changed on x86_64'},
  ]);
  t.match(findings, [
    {kind: 'unchanged', severity: 'info', title: /^arm64: .*no guest was booted on arm64/, reproduce: / --force/},
    {kind: 'unchanged', severity: 'info'},
  ]);
  t.match(readFileSync(join(stage.out, 'results.tap'), 'utf8'), /^ok 2 - unchanged: arm64: .* # SKIP arm64: nothing/m);
  t.match(readFileSync(join(stage.out, 'junit.xml'), 'utf8'), /unchanged 1: arm64: nothing that runs changed/);
  t.notMatch(readFileSync(join(stage.out, 'commands.log'), 'utf8'), /qemu-system/, 'QEMU was not even looked at');

  const forced = await stage.verify(series, '--force', '--profiles', 'x86_64');
  t.equal(forced.code, 0);
  matchExactly(t, stage.results(), {
    changes: [{same: true, because: '--force'}],
    findings: [],
  });
  t.same([...new Set(stage.results().comparisons.map(({change}) => change))], ['unchanged']);
  t.ok(stage.results().guests.length > 0);
});

t.test('a series about which the kernels say nothing is not good', async (t) => {
  const series = stage.patch('drivers: foo', () => stage.write('drivers/foo.c', 'int foo(void) { return 1; }\n'));
  const {code} = await stage.verify(series);
  t.equal(code, 125);
  matchExactly(t, stage.results(), {
    verdict: 'inconclusive',
    because: 'nothing that was touched can be judged: not compiled: drivers/foo.c',
    guests: [],
  });
  const header = stage.patch('include: explain', () =>
    stage.write('include/linux/toy.h', `/* more */\n${stage.read('include/linux/toy.h')}`),
  );
  t.equal((await stage.verify(header)).code, 0, 'a header is part of what includes it');
  const text = stage.patch('doc: foo', () => stage.write('Documentation/foo.rst', 'Foo\n'));
  t.equal((await stage.verify(text)).code, 0, 'and a text of none');
});

t.test('only the architecture that changed has guests', async (t) => {
  const series = stage.patch('arm64: more', () => {
    stage.write('Kbuild', `${KBUILD}ifeq ($(ARCH),arm64)\nobj-y += arch/arm64/more.o\nendif\n`);
    stage.write('arch/arm64/more.c', 'int more(void)\n{\n\treturn 5;\n}\n');
  });
  const {code, stdout} = await stage.verify(series);
  t.equal(code, 0);
  t.match(
    stage.results().because,
    /^2 results passed, and none got worse; not tested, as nothing that runs changed there: x86_64$/,
  );
  t.match(stdout, /^arm64: changed in the kernel: added more \(arch\/arm64\/more\.c\)$/m);
  const {guests, changes} = stage.results();
  t.same([...new Set(guests.map(({profile}) => profile))], ['arm64']);
  t.match(changes, [
    {
      arch: 'arm64',
      same: false,
      because: /^the kernel changed: /,
      symbols: [{change: 'added', kind: 'function', name: 'more', file: 'arch/arm64/more.c'}],
    },
    {arch: 'x86_64', same: true},
  ]);
});

t.test('suites that reach what changed come first, and none is left out', async (t) => {
  const suites = join(stage.folder, 'suites');
  for (const [name, reaches] of [
    ['early', '[kernel/]'],
    ['late', '[mm/memory.c]'],
  ] as const) {
    const text = `summary: s\nprofiles: [x86_64]\nreaches: ${reaches}\nguest: {}\ntests: [{name: steady, run: toy-steady, timeout: 1}]\n`;
    stage.write(join('../suites', name, 'suite.yaml'), text);
  }
  const order = async (series: string): Promise<string[]> => {
    const words = ['--suites', suites, '-t', 'early', '-t', 'late', '--jobs', '1', '--profiles', 'x86_64'];
    await stage.run(['verify', series, ...stage.places(), ...words]);
    return stage.results().comparisons.map(({suite}) => suite);
  };
  const change = (file: string): string =>
    stage.patch(`change ${file}`, () => stage.write(file, stage.read(file).replace('toy_pages(', '1 + toy_pages(')));
  t.same(await order(change('mm/memory.c')), ['late', 'early']);
  t.same(await order(change('kernel/fork.c')), ['early', 'late']);
  t.match(stage.results().changes, [{symbols: [{change: 'changed', name: 'copy_mm', file: 'kernel/fork.c'}]}]);
});

t.test('a kernel that was stored without hashes is compared all the same', async (t) => {
  const store = join(stage.folder, 'cache/kverdict/store/kernel');
  for (const entry of readdirSync(store)) {
    const manifest = join(store, entry, 'manifest.json');
    const {files} = JSON.parse(readFileSync(manifest, 'utf8')) as {files: {name: string}[]};
    writeFileSync(manifest, JSON.stringify({files: files.filter(({name}) => name !== 'symbols')}));
    rmSync(join(store, entry, 'symbols'));
  }
  const series = stage.patch('mm: two', () =>
    stage.write('mm/memory.c', stage.read('mm/memory.c').replace('return 0;', 'return 2;')),
  );
  const {code, stdout} = await stage.verify(series, '--profiles', 'x86_64');
  t.equal(code, 0);
  t.match(stdout, /^x86_64: which functions changed is not known: the base kernel was stored without/m);
  matchExactly(t, stage.results().changes, [{same: false, symbols: [], symbolsUnknown: /base kernel/}]);
  t.ok(stage.results().guests.length > 0);
});
