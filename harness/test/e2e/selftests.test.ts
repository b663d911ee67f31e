// SPDX-License-Identifier: MIT
/** What a series does to the selftests that are to judge it: seen by running base's own on base. */
import t from 'tap';
import {TOY_SELFTESTS} from '../fakes/toy-selftests.js';
import {type Ended, Stage} from './support.js';

const stage = await new Stage().seed();
t.teardown(() => stage.remove());
t.setTimeout(300_000);

const TOY = 'tools/testing/selftests/toy';

function plant(folder: string, entries: object): void {
  for (const [name, content] of Object.entries(entries)) {
    if (typeof content === 'string') stage.write(`${folder}/${name}`, content);
    else plant(`${folder}/${name}`, content);
  }
}

plant('tools/testing/selftests', TOY_SELFTESTS);
stage.write(
  'scenario/05-target.txt',
  'test ./steady pass\ntest ./script.sh pass\ntest ./fresh fail\ntest ./good pass\n',
);
stage.commit('selftests');

const verify = (series: string): Promise<Ended> =>
  stage.run([
    ...['verify', series, '--tree', stage.tree, '--qemu', stage.qemu, '--out', stage.out],
    ...['-p', 'x86_64', '-t', 'kselftest/toy', '--runs', '1'],
  ]);
const makefile = (from: string, to: string): void => {
  stage.write(`${TOY}/Makefile`, stage.read(`${TOY}/Makefile`).replaceAll(from, to));
};
const changes = (): [string, string][] =>
  stage.results().comparisons.map(({test, change}) => [test.split('/')[0] ?? '', change]);

t.test('a test that the series adds and that fails on both kernels is bad', async (t) => {
  const series = stage.patch('selftests: fresh', () => {
    makefile('programs := steady', 'programs := fresh steady');
    stage.write(`${TOY}/fresh.c`, 'int main(void)\n{\n\treturn 1;\n}\n');
  });
  const {code} = await verify(series);
  t.equal(code, 1);
  t.match(stage.results().findings[0], {
    kind: 'new-failure',
    severity: 'bad',
    title: /kselftest\/toy:fresh/,
    detail: /base's own selftests do not have it, and it fails on both kernels/,
  });
  t.same(
    changes().filter(([, change]) => change !== 'unchanged'),
    [
      ['fresh', 'new'],
      ['broken', 'still-failing'],
    ],
    'one that was broken before stays what it was',
  );
});

t.test('a test that the series adds and that passes is good', async (t) => {
  const series = stage.patch('selftests: good', () => {
    makefile('programs := steady', 'programs := good steady');
    stage.write(`${TOY}/good.c`, 'int main(void)\n{\n\treturn 0;\n}\n');
  });
  t.equal((await verify(series)).code, 0);
});

t.test('a test that the series takes away is gone', async (t) => {
  const series = stage.patch('selftests: no script', () => makefile('$(programs) script.sh; do', '$(programs); do'));
  const {code} = await verify(series);
  t.equal(code, 1);
  t.match(stage.results().findings[0], {
    kind: 'gone',
    title: /kselftest\/toy:script\.sh.*no result with the series, base gives one/,
    detail: "base's own selftests have it, those of the series do not",
  });
});

t.test('a program that is not built any more is bad, with the compiler in its words', async (t) => {
  const series = stage.patch('selftests: typo', () =>
    stage.write(`${TOY}/steady.c`, stage.read(`${TOY}/steady.c`).replace('return', 'retrun')),
  );
  const {code} = await verify(series);
  t.equal(code, 1);
  t.match(stage.results().findings[0], {
    kind: 'regressed',
    title: /kselftest\/toy:steady/,
    detail: /passes with base's own selftests, fails with those of the series: .*was not built/,
  });
});

t.test('guests are booted for selftests alone; without a difference base runs its own no second time', async (t) => {
  const series = stage.patch('selftests: explain', () =>
    stage.write(`${TOY}/steady.c`, `/* more */\n${stage.read(`${TOY}/steady.c`)}`),
  );
  const {code} = await verify(series);
  t.equal(code, 0);
  const {guests, changes: kernels} = stage.results();
  t.match(kernels, [{same: true, because: 'the series touches what the selftests are made from'}]);
  t.equal(guests.length, 2);
});
