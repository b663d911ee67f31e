// SPDX-License-Identifier: MIT
import {readdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import t from 'tap';
import type {ArchName} from '../../kernel/kernel-build.js';
import {compileSuites} from '../../suite/compile.js';
import {loadSuites} from '../../suite/manifest.js';
import {withOwnFlags} from '../../suite/selftest-make.js';
import type {Program, Suite} from '../../suite/suite.js';
import {FIXTURES, testContext} from './support.js';

const demo = loadSuites([join(FIXTURES, 'good')]).get('demo') as Suite;
const host: ArchName = process.arch === 'arm64' ? 'arm64' : 'x86_64';
const WHY = '6.4 and newer';

/** Writes what a makefile would compile, and where it found the headers. */
const MAKEFILE = `all:
$(OUTPUT)/%: %.c
\tcat $< ../../../../usr/include/linux/demo.h > $@
ifndef KSFT_KHDR_INSTALL_DONE
$(error it would install headers into the source)
endif
`;

function treeOf(selftests: Record<string, Record<string, string>>) {
  const folders = Object.entries(selftests).map(([name, files]) => [name, {Makefile: MAKEFILE, ...files}]);
  return {usr: {Makefile: 'of the tree\n', include: {}}, tools: {testing: {selftests: Object.fromEntries(folders)}}};
}

async function compile(
  t: Pick<typeof import('tap').default, 'testdir'>,
  selftests: Record<string, Record<string, string>>,
  program: Omit<Extract<Program, {kind: 'kselftest'}>, 'kind'>,
  more: {treeKey?: string; hadBefore?: (path: string) => Promise<boolean>} = {},
  folder: string = t.testdir({tree: treeOf(selftests), hdr: {linux: {'demo.h': 'header\n'}}}),
) {
  const ctx = testContext(folder);
  const suite: Suite = {...demo, programs: [{kind: 'kselftest', ...program}]};
  const compiled = await compileSuites(ctx, {
    ...{suites: [suite], arch: host, variables: {}, ...more},
    sourceDir: join(folder, 'tree'),
    outDir: join(folder, 'out'),
    installHeaders: async () => join(folder, 'hdr'),
  });
  const {directory = '', missing = []} = compiled.get('demo') ?? {};
  return {folder, missing, built: readdirSync(directory).sort(), read: (name: string) => read(directory, name), ctx};
}

const read = (directory: string, name: string): string => readFileSync(join(directory, name), 'utf8');

t.test('a folder and a program that were called otherwise', async (t) => {
  const {built, missing, read, folder} = await compile(
    t,
    {vm: {'userfaultfd.c': 'old\n', 'gup_test.c': 'gup\n'}},
    {target: 'mm', names: ['gup_test', 'uffd-stress'], formerly: {'uffd-stress': 'userfaultfd'}},
  );
  t.same(missing, []);
  t.same(built, ['gup_test', 'uffd-stress'], 'in the guest it has one name');
  t.equal(read('uffd-stress'), 'old\nheader\n', "and is built with the tree's headers, where old makefiles look");
  t.same(readdirSync(join(folder, 'tree/usr/include')), [], 'the tree was only read');
});

t.test('the new name wins where a tree has both', async (t) => {
  const {read} = await compile(
    t,
    {mm: {'uffd-stress.c': 'new\n'}, vm: {'uffd-stress.c': 'old folder\n', 'userfaultfd.c': 'old\n'}},
    {target: 'mm', names: ['uffd-stress'], formerly: {'uffd-stress': 'userfaultfd'}},
  );
  t.equal(read('uffd-stress'), 'new\nheader\n');
});

t.test('what a tree does not have, and may lack, is absent; what does not build is not', async (t) => {
  const {built, missing} = await compile(
    t,
    {
      mm: {
        'one.c': '1\n',
        'two.c': '2\n',
        Makefile: `${MAKEFILE}$(OUTPUT)/two:\n\t@echo two.c:1:1: error: no; false\n`,
      },
    },
    {target: 'mm', names: ['one', 'two', 'three'], optional: WHY},
  );
  t.same(built, ['one']);
  t.match(missing, [
    {program: 'two', reason: /two\.c:1:1: error: no/, absent: undefined},
    {program: 'three', reason: `this tree has no \`three\` in its mm selftests (${WHY})`, absent: true},
  ]);
  const none = await compile(t, {}, {target: 'mm', names: ['one'], optional: WHY});
  t.match(none.missing, [{program: 'one', absent: true}], 'a tree without the whole folder');
  const needed = await compile(t, {mm: {}}, {target: 'mm', names: ['one']});
  t.match(needed.missing, [{program: 'one', reason: /No rule to make target/, absent: undefined}], 'not declared');
});

t.test('a program that the series takes away is no program that the tree never had', async (t) => {
  const asked: string[] = [];
  const hadBefore = async (path: string): Promise<boolean> => {
    asked.push(path);
    return path.endsWith('vm/one.c');
  };
  const {missing} = await compile(t, {vm: {}}, {target: 'mm', names: ['one', 'two'], optional: WHY}, {hadBefore});
  t.match(missing, [
    {program: 'one', reason: 'the series takes tools/testing/selftests/vm/one.c away', absent: undefined},
    {program: 'two', absent: true},
  ]);
  t.ok(asked.includes('tools/testing/selftests/mm/two.c'), 'by either name');
});

t.test('what is kept remembers what its tree lacks', async (t) => {
  const program = {target: 'mm', names: ['one', 'two'], optional: WHY};
  const first = await compile(t, {mm: {'one.c': '1\n'}}, program, {treeKey: 'k'});
  const again = await compile(t, {}, program, {treeKey: 'k'}, first.folder);
  t.same(again.missing, first.missing);
  t.same(again.built, ['one']);
  t.notOk(
    again.ctx.events.some((event) => event.type === 'command' && / -C /.test(event.line)),
    'nothing is made',
  );
  const taken = await compile(t, {}, program, {treeKey: 'k', hadBefore: async () => true}, first.folder);
  t.match(
    taken.missing,
    [{program: 'two', reason: /the series takes .*mm\/two\.c away/}],
    'but the series is asked about',
  );
  const {optional: _, ...needed} = program;
  const demanded = await compile(t, {mm: {'one.c': '1\n'}}, needed, {treeKey: 'k'}, first.folder);
  t.match(
    demanded.missing,
    [{program: 'two', reason: /No rule to make target/}],
    'nor is it enough for who needs both',
  );
});

t.test('flags of the person at the keyboard stay out', async (t) => {
  const before = process.env.CFLAGS;
  process.env.CFLAGS = '-O2';
  t.teardown(() => {
    delete process.env.CFLAGS;
    if (before !== undefined) process.env.CFLAGS = before;
  });
  const Makefile = 'CFLAGS += -of-its-own\n$(OUTPUT)/one: one.c\n\techo "$(CFLAGS)" > $@\n';
  const {read} = await compile(t, {mm: {Makefile, 'one.c': ''}}, {target: 'mm', names: ['one']});
  t.equal(read('one'), '-of-its-own\n');
  t.same(withOwnFlags(['make', 'all'], {PATH: '/bin'}), ['make', 'all']);
  t.same(withOwnFlags(['make', 'all'], {CFLAGS: '-O2', LDLIBS: ''}), [
    'env',
    '-u',
    'CFLAGS',
    '-u',
    'LDLIBS',
    'make',
    'all',
  ]);
});
