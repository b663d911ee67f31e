// SPDX-License-Identifier: MIT
/** `-t kselftest/TARGET` on a toy tree that has selftests: real make, a fake machine. */
import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import t from 'tap';
import {TOY_SELFTESTS} from '../fakes/toy-selftests.js';
import {Stage} from './support.js';

const stage = await new Stage().seed();
t.teardown(() => stage.remove());
t.setTimeout(300_000);

function plant(folder: string, entries: object): void {
  for (const [name, content] of Object.entries(entries)) {
    if (typeof content === 'string') stage.write(`${folder}/${name}`, content);
    else plant(`${folder}/${name}`, content);
  }
}

plant('tools/testing/selftests', TOY_SELFTESTS);
stage.write('tools/testing/selftests/toy/config', 'CONFIG_NO_SUCH_MODULE=m\n');
stage.write('scenario/05-target.txt', 'test ./steady pass\ntest ./script.sh skip\n');
stage.commit('selftests');

const qemuLines = (): string =>
  readFileSync(join(stage.out, 'commands.log'), 'utf8')
    .split('\n')
    .filter((line) => / -initrd /.test(line))
    .join('\n');
const run = (...words: string[]) =>
  stage.run(['run', '--tree', stage.tree, '--qemu', stage.qemu, '--out', stage.out, '-p', 'x86_64', ...words]);

t.test('its tests are run, what did not build is an error, and its wishes are told', async (t) => {
  const {code, stdout} = await run('-t', 'kselftest/toy');
  t.equal(code, 1, stdout);
  const results = stage.results();
  t.same(
    results.comparisons.map(({suite, test, patched}) => [
      suite,
      test,
      Object.entries(patched).flatMap(([status, count]) => (count > 0 ? [status] : [])),
    ]),
    [
      ['kselftest/toy', 'steady/./steady', ['pass']],
      ['kselftest/toy', 'broken', ['fail']],
      ['kselftest/toy', 'script.sh/./script.sh', ['skip']],
    ],
  );
  t.match(stdout, /broken.* was not built: .*broken\.c:3:/s);
  t.match(qemuLines(), /-initrd \S*initrd-with-tools-\w+\.cpio/, 'bash and libc are there');
  t.match(results.builds, [{absentSymbols: ['CONFIG_NO_SUCH_MODULE']}]);
});

t.test('a suite that does not ask for the tools boots without them', async (t) => {
  const {code, stdout} = await stage.run(['run', ...stage.common(), '-p', 'x86_64']);
  t.equal(code, 0, stdout);
  t.match(qemuLines(), /-initrd \S*\/initrd\.cpio/);
  t.notMatch(qemuLines(), /with-tools/);
  t.notMatch((await stage.run(['run', ...stage.common(), '-n'])).stdout, /coreutils|with-tools/);
});

t.test('what does not exist', async (t) => {
  const target = await run('-t', 'kselftest/tyo');
  t.equal(target.code, 128);
  t.match(target.stderr, /has no tools\/testing\/selftests\/tyo\n.*Its TARGETS are: toy, none\./);
  const test = await run('-t', 'kselftest/toy:staedy');
  t.equal(test.code, 128);
  t.match(test.stderr, /no test of suite `kselftest\/toy` called `staedy`\n.*list: steady, broken, script\.sh\./);
});

t.test('a dry run and the list name it', async (t) => {
  const dry = await run('-t', 'kselftest/toy', '--dry-run');
  t.notMatch(dry.stdout, /NO_SUCH_MODULE/, 'what the tree does not have is not asked of it');
  t.match(dry.stdout, /env 'LDFLAGS=-static -L'.*C_INCLUDE_PATH=.* make .*TARGETS=toy .* install/);
  t.match(dry.stdout, /--include=bash-static,coreutils,\S+ .* "\$W\/tools-x86_64\.tar"/);
  t.match(dry.stdout, /-initrd "\$W"\/initrd-x86_64-with-tools\.cpio/);
  t.match(dry.stdout, /# x86_64, kselftest\/toy, only: each test that the makefiles of the target list/);
  t.match((await stage.run(['list', 'suites'])).stdout, /^kselftest\/TARGET /m);
});
