// SPDX-License-Identifier: MIT
import {mkdirSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import t from 'tap';
import {Stage} from './support.js';

const stage = await new Stage().seed();
t.teardown(() => stage.remove());
t.setTimeout(300_000);

const suites = join(stage.folder, 'suites');
mkdirSync(join(suites, 'mod'), {recursive: true});
const suite = [
  'summary: A module and a test that wants it',
  'profiles: [x86_64]',
  'programs:',
  '  - module: watcher',
  '    sources: [Kbuild, watcher.c]',
  'guest: {vcpus: 1, memory: 128}',
  'tests:',
  '  - name: steady',
  '    run: toy-steady',
  '    timeout: 0.1',
];
writeFileSync(join(suites, 'mod/suite.yaml'), `${suite.join('\n')}\n`);
writeFileSync(join(suites, 'mod/Kbuild'), 'obj-m := watcher.o\n');
writeFileSync(
  join(suites, 'mod/watcher.c'),
  'extern int do_wp_page(int);\nint watch(void)\n{\n\treturn do_wp_page(1);\n}\n',
);

const verify = (series: string): ReturnType<Stage['run']> =>
  stage.run([
    'verify',
    series,
    ...['--tree', stage.tree, '--qemu', stage.qemu, '--suites', suites, '-t', 'mod', '--out', stage.out],
  ]);

t.test('each side has its module, and a side that is known builds none', async (t) => {
  const series = stage.patch('mm: a comment', () =>
    stage.write('mm/memory.c', `${stage.read('mm/memory.c')}\n/* more */\n`),
  );
  const first = await verify(series);
  t.equal(first.code, 0, first.stdout + first.stderr);
  t.match(first.stderr + first.stdout, /modules of mod for x86_64, base[\s\S]*modules of mod for x86_64, patched/);
  const again = await verify(series);
  t.equal(again.code, 0);
  t.notMatch(again.stderr + again.stdout, /check out/, 'kernels and modules are known: nobody looks at the source');
});

t.test(
  'a module that the series breaks is a finding, in the words of modpost, and no test of it is green',
  async (t) => {
    const series = stage.patch('mm: rename', () =>
      stage.write('mm/memory.c', stage.read('mm/memory.c').replace('do_wp_page', 'do_renamed_page')),
    );
    const {code, stdout} = await verify(series);
    t.equal(code, 1, stdout);
    const {comparisons, findings, guests} = stage.results();
    t.match(
      comparisons.find(({test}) => test === 'steady'),
      {patched: {pass: 0, skip: 0}},
    );
    t.ok(
      findings.some(
        ({severity, detail}) =>
          severity === 'bad' && /`watcher\.ko` was not built: .*"do_wp_page".*undefined/.test(detail ?? ''),
      ),
    );
    t.notOk(
      guests.some(({side}) => side === 'patched'),
      'no guest is booted for it',
    );
  },
);
