// SPDX-License-Identifier: MIT
/** What the kernel prints under a test that says ok: through the whole program, on fake machines. */
import {mkdirSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import t from 'tap';
import {Stage} from './support.js';

const stage = await new Stage().seed();
t.teardown(() => stage.remove());
t.setTimeout(300_000);
const x86 = ['--profiles', 'x86_64'];
const WARNING = 'WARNING at mm/toy.c in toy_fault <- handle_toy';

t.test('a series that makes the kernel warn under a test that passes is bad', async (t) => {
  const series = stage.patch('mm: warn', () => stage.scenario('test toy-steady warn'));
  const {code, stdout} = await stage.verify(series, ...x86);
  t.equal(code, 1, stdout);
  const {comparisons, splats, findings} = stage.results();
  const row = comparisons.find(({test}) => test === `steady/kernel: ${WARNING}`);
  t.match(row, {change: 'regressed', kernel: true, base: {pass: 5}, patched: {fail: 5}});
  t.match(
    comparisons.find(({test}) => test === 'steady'),
    {change: 'regressed'},
    'and the test is no pass',
  );
  t.match(splats, [
    {identity: WARNING, side: 'patched', times: 5, attempts: 5, frames: [{name: 'toy_fault'}, {name: 'handle_toy'}]},
  ]);
  const bad = findings.filter(({severity}) => severity === 'bad');
  t.equal(bad.length, 1, 'one finding');
  t.match(bad[0]?.detail, /the kernel printed: WARNING at mm\/toy\.c in toy_fault/);
});

t.test('the same warning on base is not the fault of the series', async (t) => {
  stage.scenario('test toy-steady warn');
  stage.commit('a base that warns');
  const series = stage.patch('mm: no change', () => stage.write('mm/note.txt', 'x\n'));
  const {stdout} = await stage.verify(series, ...x86, '--force');
  const {comparisons, findings} = stage.results();
  t.match(comparisons.find(({test}) => test === `steady/kernel: ${WARNING}`)?.change, 'still-failing');
  t.same(
    findings.filter(({severity}) => severity === 'bad'),
    [],
    stdout,
  );
});

t.test('a list allows it, here and until a day', async (t) => {
  const lists = join(stage.folder, 'lists');
  mkdirSync(lists);
  const write = (expires: string): void =>
    writeFileSync(
      join(lists, 'own.yaml'),
      `splats:
  - pattern: '^WARNING at mm/toy.c in toy_fault'
    suites: [toy]
    reason: the toy machine warns whenever it is asked to
    link: https://example.org/toy
    expires: '${expires}'
`,
    );
  const series = stage.patch('mm: another file', () => stage.write('mm/note.txt', 'y\n'));
  write('2099-01-01');
  const {code, stdout} = await stage.verify(series, ...x86, '--lists', lists, '--force');
  t.equal(code, 0, stdout);
  const allowed = stage.results().splats?.[0]?.allowed;
  t.match(allowed, {reason: /the toy machine/, expires: '2099-01-01'}, 'and results.json says by what');

  write('2020-01-01');
  const expired = await stage.verify(series, ...x86, '--lists', lists);
  t.equal(expired.code, 128);
  t.match(expired.stderr, /own\.yaml:6: splats\.0\.expires: it expired/);

  const unreadable = await stage.verify(series, ...x86, '--lists', join(stage.folder, 'nowhere'));
  t.equal(unreadable.code, 128);
  t.match(unreadable.stderr, /Cannot read the lists/);
});

t.test('a taint that nothing on the console explains is no pass', async (t) => {
  const series = stage.patch('mm: taint', () => stage.scenario('test toy-steady taint'));
  const {code} = await stage.verify(series, ...x86);
  t.equal(code, 1);
  const row = stage.results().comparisons.find(({test}) => test === 'steady/kernel: tainted W');
  t.match(row, {change: 'regressed', reason: /W \(the kernel warned\)/});
  t.notOk(readFileSync(join(stage.out, 'junit.xml'), 'utf8').includes('undefined'));
});

t.test('lockdep is off behind its first report: the next test gets another guest', async (t) => {
  const both = 'test toy-steady lockdep\ntest toy-race lockdep';
  const series = stage.patch('mm: locks', () => stage.scenario(both));
  const {code} = await stage.verify(series, ...x86);
  t.equal(code, 1);
  for (const test of ['steady', 'race']) {
    const name = `${test}/kernel: lockdep: possible circular locking dependency detected in toy_fault`;
    const row = stage.results().comparisons.find((one) => one.test === name);
    t.match(row, {change: 'regressed', patched: {pass: 0}}, test);
  }
});
