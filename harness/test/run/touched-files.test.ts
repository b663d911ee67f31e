// SPDX-License-Identifier: MIT
import {writeFileSync} from 'node:fs';
import {join} from 'node:path';
import t from 'tap';
import type {KernelBuild} from '../../kernel/kernel-build.js';
import type {Work} from '../../run/build-everything.js';
import type {Kernels} from '../../run/lab.js';
import {seeTouched} from '../../run/touched-files.js';
import {parseSelection} from '../../suite/select.js';
import type {Suite} from '../../suite/suite.js';
import {targetSuite} from '../../suite/target-suite.js';
import {commitAll, git, makeLab, write, writeRepository} from '../tree/fake-linux.js';

const suiteOf = (name: string, programs: unknown[], tests: unknown[] = []): Suite =>
  ({name, programs, tests}) as unknown as Suite;
const cow = suiteOf(
  'gup_cow',
  [{kind: 'kselftest', target: 'mm', names: ['gup_longterm', 'cow']}],
  [
    {name: 'all', run: './cow -v'},
    {name: 'gup', run: 'sh -c "./gup_longterm"'},
  ],
);
const own = suiteOf('clear_refs', [{kind: 'own', name: 'clear_refs', sources: ['clear_refs.c'], libs: []}]);
const SELFTESTS = 'tools/testing/selftests';

interface Stage {
  suites?: Suite[];
  words?: string[];
  from?: 'base';
  touched: string[];
}

function place(t: Parameters<typeof makeLab>[0], more: Stage) {
  const ctx = makeLab(t);
  const top = writeRepository(join(ctx.root, 'linux'));
  write(top, {
    [`${SELFTESTS}/mm/cow.c`]: 'int main(void) {}\n',
    [`${SELFTESTS}/mm/other.c`]: 'int main(int argc, char **argv) {}\n',
    [`${SELFTESTS}/mm/vm_util.c`]: 'int helper;\n',
  });
  const commit = commitAll(top, 'selftests');
  const suites = more.suites ?? [cow, own];
  const work = {
    plan: {
      arches: ['x86_64'],
      lanes: suites.map((suite) => ({profile: 'x86_64', suite})),
      selection: parseSelection(more.words ?? [], new Map(suites.map((suite) => [suite.name, suite]))),
    },
    touched: more.touched,
    request: {selftestsFrom: more.from ?? 'patched'},
    tree: {gitDir: git(top, 'rev-parse', '--absolute-git-dir')},
    sides: [{side: 'patched', name: 'patched', commit}],
  } as unknown as Work;
  const kernel = (side: string, list: string | undefined): [string, KernelBuild] => {
    const file = join(ctx.root, `${side}-sources`);
    if (list !== undefined) writeFileSync(file, list);
    return [`x86_64/${side}`, (list === undefined ? {} : {sources: file}) as KernelBuild];
  };
  return {ctx, work, kernel};
}

const FIRST = 'kverdict sources 1\n';

t.test('a file of the one side or of the other is compiled; what no list has is not', async (t) => {
  const touched = ['mm/added.c', 'mm/memory.c', 'mm/removed.c', 'mm/none.c', 'arch/riscv/x.c', 'mm/Makefile'];
  const {ctx, work, kernel} = place(t, {touched});
  const kernels: Kernels = new Map([
    kernel('base', `${FIRST}mm/memory.c\nmm/removed.c\n`),
    kernel('patched', `${FIRST}mm/added.c\nmm/memory.c\n`),
  ]);
  t.same(await seeTouched(ctx, work, kernels), {
    arches: ['x86_64'],
    files: [
      {file: 'mm/added.c', kind: 'source', arches: ['x86_64']},
      {file: 'mm/memory.c', kind: 'source', arches: ['x86_64']},
      {file: 'mm/removed.c', kind: 'source', arches: ['x86_64']},
      {file: 'mm/none.c', kind: 'source', arches: []},
      {file: 'arch/riscv/x.c', kind: 'source', arches: [], otherArch: 'riscv'},
      {file: 'mm/Makefile', kind: 'build', arches: []},
    ],
  });
});

t.test('a kernel that does not say what it was compiled from makes no file compiled', async (t) => {
  const {ctx, work, kernel} = place(t, {touched: ['mm/memory.c', 'mm/none.c']});
  for (const list of [undefined, 'another version\nmm/none.c\n']) {
    const seen = await seeTouched(
      ctx,
      work,
      new Map([kernel('base', `${FIRST}mm/memory.c\n`), kernel('patched', list)]),
    );
    t.same(seen?.files, [
      {file: 'mm/memory.c', kind: 'source', arches: ['x86_64']},
      {file: 'mm/none.c', kind: 'source', arches: [], untold: ['x86_64']},
    ]);
  }
  t.equal(await seeTouched(ctx, work, new Map()), undefined, 'no kernel was built');
});

t.test('a selftest, by the tests that run what is made of it', async (t) => {
  const names = ['mm/cow.c', 'mm/other.c', 'mm/vm_util.c', 'kselftest.h', 'net/x.c'];
  const touched = [...names.map((name) => `${SELFTESTS}/${name}`), 'tools/perf/x.c'];
  const of = async (suites: Suite[], words: string[]) => {
    const {ctx, work, kernel} = place(t, {touched, suites, words});
    const seen = await seeTouched(ctx, work, new Map([kernel('patched', FIRST)]));
    return seen?.files.map(({programs}) => programs);
  };
  const some = {suite: 'gup_cow', tests: [], strict: false};
  t.same(await of([cow, own], []), [
    [{suite: 'gup_cow', tests: ['all'], strict: true}],
    undefined,
    [some],
    [some],
    undefined,
    undefined,
  ]);
  const target = targetSuite('mm');
  const named = (name: string, strict: boolean) => ({suite: 'kselftest/mm', tests: [name, `${name}.c`], strict});
  t.same(
    (await of([target], ['kselftest/mm']))?.slice(0, 3),
    [[named('cow', false)], [named('other', false)], [named('vm_util', false)]],
    'all of a target was asked for',
  );
  t.same(
    (await of([target], ['kselftest/mm:cow']))?.slice(0, 3),
    [[named('cow', true)], [named('other', true)], [named('vm_util', false)]],
    'of one test alone another program is not known to have run',
  );
});

t.test("with base's selftests those of the series do not run", async (t) => {
  const {ctx, work, kernel} = place(t, {touched: [`${SELFTESTS}/mm/cow.c`], from: 'base'});
  const seen = await seeTouched(ctx, work, new Map([kernel('patched', FIRST)]));
  t.same(seen?.files, [{file: `${SELFTESTS}/mm/cow.c`, kind: 'tools', arches: []}]);
});
