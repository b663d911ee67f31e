// SPDX-License-Identifier: MIT
/** Selftests whose makefiles are out to get whoever reads what they install. */
import {existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import t, {type Test} from 'tap';
import type {ArchName} from '../../kernel/kernel-build.js';
import {compileSuites} from '../../suite/compile.js';
import {targetSuite} from '../../suite/target-suite.js';
import {TOY_SELFTESTS} from '../fakes/toy-selftests.js';
import {testContext} from './support.js';

const host: ArchName = process.arch === 'arm64' ? 'arm64' : 'x86_64';

/** The toy's target with one more command at the end of its install; `HOME` is a folder of the user's. */
async function installed(t: Test, command: string, more: Record<string, string> = {}) {
  const home = t.testdir({secret: 'of the user', tree: {}, bin: {}});
  const toy = {...TOY_SELFTESTS.toy, ...more};
  const lines = TOY_SELFTESTS.toy.Makefile.replaceAll('steady broken', 'steady').split('\n');
  const at = lines.findIndex((line) => line.includes('rsync'));
  lines.splice(at + 1, 0, `\t${command.replaceAll('HOME', home)}`);
  const Makefile = TOY_SELFTESTS.Makefile.replace('run_kselftest.sh $(K', 'run_kselftest.sh $(K');
  const tree = join(home, 'tree/tools/testing/selftests');
  write(tree, {...TOY_SELFTESTS, Makefile, toy: {...toy, Makefile: lines.join('\n')}});
  const compiled = await compileSuites(testContext(home), {
    ...{suites: [targetSuite('toy')], arch: host, sourceDir: join(home, 'tree'), outDir: join(home, 'out')},
    ...{variables: {}, treeHash: 'abc', installHeaders: async () => '/hdr/include'},
  });
  const {missing = [], tests = [], directory = ''} = compiled.get('kselftest/toy') ?? {};
  t.equal(readFileSync(join(home, 'secret'), 'utf8'), 'of the user');
  t.same(readdirSync(join(home, 'bin')), [], 'nothing was written outside');
  return {home, missing, tests, directory};
}

type Files = {[name: string]: string | Files};
function write(folder: string, files: Files): void {
  mkdirSync(folder, {recursive: true});
  for (const [name, content] of Object.entries(files)) {
    if (typeof content === 'string') writeFileSync(join(folder, name), content);
    else write(join(folder, name), content);
  }
}

const LIST = '$(dir $(DEST))kselftest-list.txt';
/** What is installed cannot be believed: one row that says so, and no test is run. */
const REFUSED: readonly [name: string, command: string, reason: RegExp][] = [
  [
    'a path in the list',
    `echo toy:../../../etc/hostname > ${LIST}`,
    /^kselftest-list\.txt names `\.\.\/\.\.\/\.\.\/etc\/hostname`, which is no name of one file$/,
  ],
  [
    'a FIFO for settings',
    'rm $(DEST)/settings; mkfifo $(DEST)/settings',
    /settings`, of the installed selftests, .* got a FIFO$/,
  ],
  [
    'a link out for settings',
    'ln -sf HOME/secret $(DEST)/settings',
    /settings`, of the installed selftests, .* got a link that leads out of its folder$/,
  ],
  ['a link for the folder of the target', 'rm -rf $(DEST); ln -s HOME/bin $(DEST)', /toy`, .* got a link to `.*bin`$/],
  [
    'more than a guest holds',
    'truncate -s 3G $(DEST)/huge',
    /^`make install` of the selftests left more than 2147483648 bytes$/,
  ],
];

for (const [name, command, reason] of REFUSED) {
  t.test(`${name}: the target is an error of the tree`, {timeout: 60_000}, async (t) => {
    const {missing, tests, directory} = await installed(t, command);
    t.equal(missing.length, 1);
    t.match(missing[0], {program: 'make', blame: 'kernel', reason});
    t.same(
      tests.map((test) => test.name),
      ['make'],
    );
    t.same(readdirSync(directory), [], 'nothing of it would be pushed');
  });
}

t.test('a test that is a FIFO or leads out is told in its own row; the others run', {timeout: 60_000}, async (t) => {
  const {tests, missing} = await installed(
    t,
    `rm $(DEST)/script.sh; mkfifo $(DEST)/script.sh; ln -s HOME/secret $(DEST)/out; echo toy:out > ${LIST}`,
  );
  t.same(missing, []);
  const runs = new Map(tests.map((test) => [test.name, test.run]));
  t.match(
    runs.get('script.sh'),
    /^echo 'Expected `.*script\.sh`, of the installed selftests, to be a regular file, got a FIFO'; exit 126$/,
  );
  t.match(runs.get('out'), /got a link that leads out of its folder'; exit 126$/);
  t.match(runs.get('steady'), /\nexec \.\/steady$/);
});

t.test('a link within the target is a file of it', async (t) => {
  const {tests} = await installed(t, `ln -s script.sh $(DEST)/again.sh; echo toy:again.sh > ${LIST}`);
  t.match(tests.find((test) => test.name === 'again.sh')?.run, /exec bash|exec \/bin\/sh|\.\/again\.sh$/);
});

t.test('a program that asks for a library by its path gets none', {timeout: 60_000}, async (t) => {
  // The proof of concept: `libraries/<path>` is a link into the user's folder, and what DT_NEEDED names is written to it.
  const evil = 'int evil(void)\n{\n\treturn 0;\n}\n';
  const steps = [
    'mkdir -p HOME/tree/lib; gcc -shared -fPIC evil.c -o HOME/tree/lib/evil.so',
    'gcc evil-main.c HOME/tree/lib/evil.so -o $(DEST)/asks',
    'mkdir -p $(dir $(DEST))libraries/$(dir HOME/tree/lib/evil.so)',
    'ln -s HOME/bin/written $(dir $(DEST))libraries/HOME/tree/lib/evil.so',
  ];
  const main = 'int evil(void);\nint main(void)\n{\n\treturn evil();\n}\n';
  const {missing, home, directory} = await installed(t, steps.join('; '), {'evil.c': evil, 'evil-main.c': main});
  t.match(missing, [
    {
      program: 'asks',
      reason: /^it asks for the library `\/[^`]*`, which is no name of one$/,
      blame: 'kernel',
      extra: true,
    },
  ]);
  t.notOk(existsSync(join(home, 'bin/written')));
  t.notOk(existsSync(join(directory, 'libraries')), 'and what make put where ours go is gone');
});
