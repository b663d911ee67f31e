// SPDX-License-Identifier: MIT
/** What did not run is never green, also where there is no base, and others passed. */
import {mkdirSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import t from 'tap';
import {matchExactly} from '../match-exactly.js';
import {type Ended, Stage} from './support.js';

const stage = await new Stage().seed();
t.teardown(() => stage.remove());
t.setTimeout(300_000);
const suites = join(stage.folder, 'suites');

function suite(name: string, tests: object[], setup: string[] = []): void {
  mkdirSync(join(suites, name), {recursive: true});
  const manifest = {summary: name, profiles: ['x86_64'], guest: {setup}, tests};
  writeFileSync(join(suites, name, 'suite.yaml'), JSON.stringify(manifest));
}

suite('sound', [{name: 'steady', run: './toy-steady', timeout: 5}]);
suite('lost', [{name: 'steady', run: './toy-steady', timeout: 5}], ['prepare the guest']);
suite('listed', [
  {name: 'steady', run: './toy-steady', timeout: 5},
  {name: 'unit', list: './list-units', run: './toy-unit {}', timeout: 5},
]);
stage.scenario('test prepare exit\nlist list-units fine ../../etc');
stage.commit('a guest that ends in its set-up, and names that are paths');

const run = (...names: string[]): Promise<Ended> =>
  stage.run([
    ...['run', '--tree', stage.tree, '--qemu', stage.qemu, '--suites', suites, '--out', stage.out],
    ...names.flatMap((name) => ['-t', name]),
  ]);

t.test('a guest that goes away in the set-up of a suite', async (t) => {
  const {code, stdout} = await run('sound', 'lost');
  t.equal(code, 1);
  t.match(stdout, /^verdict: BAD: x86_64 lost:\[boot\]: fails \(failed 1\/1\)\n/);
  t.match(stdout.replaceAll(/\s+/g, ' '), /QEMU exited: in the set-up: QEMU exited 0/);
  t.match(
    stage.results().guests.find(({ended}) => ended !== 'ok'),
    {ended: 'lost', detail: /^in the set-up: /},
  );
});

t.test('a test whose names cannot be listed', async (t) => {
  const {code, stdout} = await run('listed');
  t.equal(code, 125);
  t.match(
    stdout.replaceAll(/\s+/g, ' '),
    /^verdict: INCONCLUSIVE: x86_64 listed:unit: it was not run: `\.\/list-units` gave `\.\.\/\.\.\/etc`, which cannot be/,
  );
  const {comparisons, findings} = stage.results();
  matchExactly(
    t,
    comparisons.map(({test, change}) => [test, change]),
    [
      ['steady/toy-steady', 'new'],
      ['unit', 'inconclusive'],
    ],
  );
  t.match(findings, [{severity: 'warning', title: /listed:unit: it was not run: /}]);
});
