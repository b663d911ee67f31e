// SPDX-License-Identifier: MIT
import {existsSync, readdirSync, readFileSync, statSync} from 'node:fs';
import {join} from 'node:path';
import t from 'tap';
import type {ArchName} from '../../kernel/kernel-build.js';
import {createKtapReader} from '../../ktap/parse.js';
import {compileSuites} from '../../suite/compile.js';
import {ownCommand} from '../../suite/compile-own.js';
import {loadSuites} from '../../suite/manifest.js';
import type {Suite} from '../../suite/suite.js';
import {FIXTURES, PROJECT, SUITES, testContext} from './support.js';

const ours = loadSuites([SUITES]);
const demo = loadSuites([join(FIXTURES, 'good')]).get('demo') as Suite;
const host: ArchName = process.arch === 'arm64' ? 'arm64' : 'x86_64';
const noTree = {sourceDir: '/nowhere', variables: {}, installHeaders: () => Promise.reject(new Error('not asked for'))};

t.test('a program that does not build is missing, in the words of the compiler', async (t) => {
  const folder = t.testdir();
  const ctx = testContext(folder);
  const request = {...noTree, suites: [demo], arch: host, outDir: join(folder, 'out')} as const;
  const compiled = (await compileSuites(ctx, request)).get('demo');
  t.same(readdirSync(compiled?.directory ?? ''), ['hello']);
  t.match(compiled?.missing, [
    {program: 'broken', reason: /broken\.c:4:.*error: .not_declared. undeclared/, blame: 'infra'},
  ]);

  const before = ctx.events.filter(({type}) => type === 'command').length;
  await compileSuites(ctx, request);
  const again = ctx.events.filter((event) => event.type === 'command').slice(before);
  t.notOk(
    again.some((event) => 'line' in event && event.line.includes('hello.c')),
    'what was built is not built again',
  );
  t.ok(
    again.some((event) => 'line' in event && event.line.includes('broken.c')),
    'what was not is tried again',
  );
  t.same(readdirSync(join(folder, 'out')), ['demo'], 'nothing else is left');
});

t.test('the words of make choose the compiler', async (t) => {
  const program = demo.programs[0] as Extract<Suite['programs'][0], {kind: 'own'}>;
  const words = (arch: 'x86_64' | 'arm64', variables: Record<string, string>) =>
    ownCommand({arch, variables}, demo, program, 'inc');
  t.equal(words('arm64', {CROSS_COMPILE: 'my-'})[0], 'my-gcc');
  t.same(words('x86_64', {CC: 'ccache gcc-13'}).slice(0, 2), ['ccache', 'gcc-13']);
  const foreign = host === 'arm64' ? 'x86_64' : 'arm64';
  t.match(words(foreign, {LLVM: '1'}).slice(0, 2), ['clang', /^--target=\w+-linux-gnu$/]);
});

/** One that builds and one that does not, in one makefile. */
const bothPrograms: Suite = {
  ...(ours.get('userfaultfd') as Suite),
  programs: [{kind: 'kselftest', target: 'mm', names: ['uffd-unit-tests', 'uffd-stress']}],
};

t.test('a tree without that selftest', async (t) => {
  const folder = t.testdir({tree: {}});
  const suites = [bothPrograms];
  const request = {
    ...noTree,
    sourceDir: join(folder, 'tree'),
    installHeaders: async () => '/hdr/include',
    suites,
    arch: host,
    outDir: join(folder, 'out'),
  } as const;
  const compiled = (await compileSuites(testContext(folder), request)).get('userfaultfd');
  const reason = 'this tree has no tools/testing/selftests/mm';
  t.match(compiled?.missing, [
    {program: 'uffd-stress', reason, blame: 'kernel'},
    {program: 'uffd-unit-tests', reason, blame: 'kernel'},
  ]);
});

t.test("a kselftest is built by the tree's makefile, beside the tree", async (t) => {
  const makefile = [
    'all:',
    '$(OUTPUT)/%: %.c ../kselftest.h',
    '\ttouch local_config.h',
    '\tcat local_config.h $< ../kselftest.h > $@',
    '\techo "$(KHDR_INCLUDES) $(LDFLAGS)" >> $@',
    '$(OUTPUT)/uffd-stress:',
    '\t@echo uffd-stress.c:7:1: error: no such thing >&2; false',
  ];
  const mm = {Makefile: `${makefile.join('\n')}\n`, 'uffd-unit-tests.c': 'unit\n', 'uffd-stress.c': 'stress\n'};
  const folder = t.testdir({tree: {include: {}, tools: {testing: {selftests: {'kselftest.h': 'header\n', mm}}}}});
  const suites = [bothPrograms];
  const request = {
    ...noTree,
    ...{suites, arch: host, sourceDir: join(folder, 'tree'), outDir: join(folder, 'out')},
    installHeaders: async () => '/hdr/include',
  } as const;
  const compiled = (await compileSuites(testContext(folder), request)).get('userfaultfd');
  t.match(compiled?.missing, [{program: 'uffd-stress', reason: /uffd-stress\.c:7:1: error: no such thing/}]);
  const built = join(compiled?.directory ?? '', 'uffd-unit-tests');
  t.ok(statSync(built).size > 0);
  t.equal(readFileSync(built, 'utf8'), 'unit\nheader\n-isystem /hdr/include -static\n');
  t.notOk(existsSync(join(folder, 'tree/tools/testing/selftests/mm/local_config.h')), 'the tree was only read');
});

t.test('a folder below arm64 is built through the makefile that sets its flags', async (t) => {
  const parent = [
    'CFLAGS := -from-the-parent',
    'export CFLAGS',
    'all:',
    '\t@for DIR in $(ARM64_SUBTARGETS); do \\',
    '\t\tmkdir -p $(OUTPUT)/$$DIR; make OUTPUT=$(OUTPUT)/$$DIR -C $$DIR $@; \\',
    '\tdone',
  ];
  const own = [
    'CFLAGS += -of-its-own',
    'all: $(OUTPUT)/check_one $(OUTPUT)/check_two',
    '$(OUTPUT)/check_one: check_one.c',
    '\techo "$(CFLAGS) $(ARCH) $(LDFLAGS)" > $@',
    '$(OUTPUT)/check_two:',
    '\t@echo check_two.c:3:1: error: no tags >&2; false',
  ];
  const mte = {Makefile: `${own.join('\n')}\n`, 'check_one.c': 'one\n'};
  const bti = {Makefile: 'all:\n\ttouch $(OUTPUT)/not-asked-for\n'};
  const arm64 = {Makefile: `${parent.join('\n')}\n`, mte, bti};
  const folder = t.testdir({tree: {tools: {testing: {selftests: {arm64}}}}});
  const suite: Suite = {
    ...demo,
    name: 'mte',
    programs: [{kind: 'kselftest', target: 'arm64/mte', names: ['check_one', 'check_two']}],
  };
  const request = {
    ...noTree,
    ...{suites: [suite], arch: host, sourceDir: join(folder, 'tree'), outDir: join(folder, 'out')},
    installHeaders: async () => '/hdr/include',
  } as const;
  const compiled = (await compileSuites(testContext(folder), request)).get('mte');
  t.match(compiled?.missing, [{program: 'check_two', reason: 'check_two.c:3:1: error: no tags'}]);
  t.same(readdirSync(compiled?.directory ?? ''), ['check_one']);
  const word = host === 'arm64' ? 'arm64' : 'x86_64';
  t.equal(
    readFileSync(join(compiled?.directory ?? '', 'check_one'), 'utf8'),
    `-from-the-parent -of-its-own ${word} -static\n`,
  );
});

t.test('programs in a subfolder, and headers that the makefile generates', async (t) => {
  const makefile = [
    '$(OUTPUT)/aarch64/psci_test: $(abs_objdir)/tools/defs.h',
    '\tmkdir -p $(@D) && cat $< > $@',
    '$(abs_objdir)/tools/defs.h:',
    '\tcd $(abs_objdir)/tools && echo generated > defs.h',
  ];
  const kvm = {Makefile: `all:\n${makefile.join('\n')}\n`};
  const folder = t.testdir({tree: {include: {}, tools: {testing: {selftests: {kvm}}}}});
  const names = ['aarch64/psci_test', 'aarch64/gone'];
  const suite: Suite = {...bothPrograms, programs: [{kind: 'kselftest', target: 'kvm', names}]};
  const request = {
    ...noTree,
    ...{suites: [suite], arch: host, sourceDir: join(folder, 'tree'), outDir: join(folder, 'out')},
    installHeaders: async () => '/hdr/include',
  } as const;
  const compiled = (await compileSuites(testContext(folder), request)).get('userfaultfd');
  t.same(readdirSync(compiled?.directory ?? ''), ['psci_test'], 'it is called as in `run: ./psci_test`');
  t.equal(readFileSync(join(compiled?.directory ?? '', 'psci_test'), 'utf8'), 'generated\n');
  t.match(compiled?.missing, [{program: 'gone', reason: /No rule to make target .*aarch64\/gone/}]);
  t.same(readdirSync(join(folder, 'tree/tools')), ['testing'], 'the tree was only read');
});

/** What the program and its own first result count must be: [suite, index of the program, least number of results]. */
const RACES = [
  ['clear_refs', 0, 5],
  ['clear_refs', 1, 1],
  ['uffd_wp_race', 0, 5],
  ['uffd_wp_race', 1, 1],
] as const;

for (const [name, index, least] of RACES) {
  const suite = ours.get(name) as Suite;
  const program = suite.programs[index] as Extract<Suite['programs'][0], {kind: 'own'}>;
  t.test(`${name}, ${program.name}: no warning, and KTAP from a tiny run`, async (t) => {
    const folder = t.testdir();
    const ctx = testContext(folder);
    const [cc = '', ...args] = ownCommand(
      {arch: host, variables: {}},
      suite,
      program,
      join(PROJECT, 'selftests/include'),
    );
    const file = join(folder, program.name);
    await ctx.exec.runOk(cc, [...args, '-Werror', '-o', file], {cwd: suite.directory});
    const ran = await ctx.exec.run(file, ['--pages', '16', '--rounds', '2']);
    const reader = createKtapReader();
    for (const line of ran.stdout.trimEnd().split('\n')) reader.line(line);
    const report = reader.end({code: ran.exitCode});
    t.same(report.problems, [], ran.stdout);
    t.match(ran.stdout, /^KTAP version 1\n1\.\.\d\n/);
    t.ok(report.results.length >= least, ran.stdout);
    for (const {path, status, reason} of report.results) {
      t.ok(status === 'pass' || (status === 'skip' && reason), `${path.join('/')}: ${status} ${reason ?? ''}`);
    }
    t.equal((await ctx.exec.run(file, ['--pages', '0'])).exitCode, 2);
    t.equal((await ctx.exec.run(file, ['--pin', 'glue'])).exitCode, 2);
  });
}

for (const [index, name] of ['vmsplice_leak', 'pinned_page'].entries()) {
  t.test(`${name}: no warning, and KTAP from this kernel`, async (t) => {
    const folder = t.testdir();
    const ctx = testContext(folder);
    const suite = ours.get('gup_cow') as Suite;
    const program = suite.programs[index] as Extract<Suite['programs'][0], {kind: 'own'}>;
    t.equal(program.name, name);
    const include = join(PROJECT, 'selftests/include');
    const [cc = '', ...args] = ownCommand({arch: host, variables: {}}, suite, program, include);
    const file = join(folder, name);
    await ctx.exec.runOk(cc, [...args, '-Werror', '-o', file], {cwd: suite.directory});
    const ran = await ctx.exec.run(file, []);
    const reader = createKtapReader();
    for (const line of ran.stdout.trimEnd().split('\n')) reader.line(line);
    const report = reader.end({code: ran.exitCode});
    t.same(report.problems, [], ran.stdout);
    t.match(ran.stdout, /^KTAP version 1\n1\.\.\d+\n/);
    for (const {path, status, reason} of report.results) {
      t.ok(status === 'pass' || (status === 'skip' && reason), `${path.join('/')}: ${status} ${reason ?? ''}`);
    }
    t.equal(
      new Set(report.results.map(({path}) => path.join('/'))).size,
      report.results.length,
      'each name is its own',
    );
  });
}
