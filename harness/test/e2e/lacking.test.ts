// SPDX-License-Identifier: MIT
/** Symbols that a tree has by another name, or not at all: what runs, what does not, and that every surface says why. */
import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import t from 'tap';
import {FORMATS} from '../../../reports/format.js';
import {matchExactly} from '../match-exactly.js';
import {makeProject} from './own-project.js';
import {Stage} from './support.js';

const stage = await new Stage().seed();
t.teardown(() => stage.remove());
t.setTimeout(300_000);

// The toy's conf keeps what it does not know, but for these.
stage.main = makeProject(join(stage.folder, 'project'), {
  base: 'CONFIG_NO_SUCH_ONE=y # was: CONFIG_NO_SUCH_1\nCONFIG_NO_SUCH_BASE=y\n',
  mm: 'CONFIG_NO_SUCH_TWO=y # was: CONFIG_NO_SUCH_2B, CONFIG_NO_SUCH_2A\n',
  extra: 'CONFIG_NO_SUCH_THREE=y # was: CONFIG_NO_SUCH_3\nCONFIG_NO_SUCH_FOUR=y\n',
});
const suites = join(stage.folder, 'suites');
const suite = (kconfig: string): string =>
  `summary: s\nprofiles: [x86_64]\nkconfig: [${kconfig}]\nguest: {vcpus: 1, memory: 128}\n` +
  'tests:\n  - {name: steady, run: toy-steady, timeout: 0.1}\n  - {name: race, run: toy-race, timeout: 0.1, racy: true}\n';
stage.write('../suites/plain/suite.yaml', suite('mm')).write('../suites/extra/suite.yaml', suite('mm, extra'));
const places = [
  ...['--tree', stage.tree, '--qemu', stage.qemu, '--suites', suites, '--out', stage.out],
  ...['-t', 'plain', '-t', 'extra', '--runs', '1'],
];

/** Sets the symbols that the toy knows beside its own. */
const shipped = stage.read('Kconfig');
const knows = (...names: string[]): void => {
  const entries = names.map((name) => `\nconfig NO_SUCH_${name}\n\tbool "${name}"\n`);
  stage.write('Kconfig', `${shipped}${entries.join('')}`);
};
const report = (file: string): string => readFileSync(join(stage.out, file), 'utf8');
const flat = (text: string): string => text.replaceAll(/\s+/g, ' ');
/** `suite profile`: passed results, skips. */
const counts = (): Record<string, [passed: number, skipped: number]> => {
  const all: Record<string, [number, number]> = {};
  for (const {profile, suite: name, patched} of stage.results().comparisons) {
    const [passed, skipped] = all[`${name} ${profile}`] ?? [0, 0];
    all[`${name} ${profile}`] = [passed + Number(patched.pass > 0), skipped + Number(patched.skip > 0)];
  }
  return all;
};
const ALL_PASS = {'plain x86_64': [2, 0], 'extra x86_64': [2, 0]};
const EXTRA_SKIPS = {'plain x86_64': [2, 0], 'extra x86_64': [0, 2]};
const at = (name: string): string => {
  const text = readFileSync(join(stage.folder, `project/vm-images/kconfig/${name}.config`), 'utf8');
  return String(text.split('\n').findIndex((line) => line.startsWith('CONFIG_NO_SUCH_')) + 1);
};
const [BASE, MM] = [at('base'), at('mm')];

knows('1', '2A', '3', 'FOUR', 'BASE');
stage.commit('by their former names');
const OLD = stage.git('rev-parse', 'HEAD');

t.test('three symbols by their former names: they are on, everything runs, and it is told', async (t) => {
  const {code, stdout} = await stage.run(['run', ...places]);
  t.equal(code, 0, stdout);
  t.same(counts(), ALL_PASS);
  for (const build of stage.results().builds) {
    matchExactly(t, build, {
      renamedSymbols: [
        {symbol: 'CONFIG_NO_SUCH_ONE', as: 'CONFIG_NO_SUCH_1', askedBy: [`base.config:${BASE}`]},
        {symbol: 'CONFIG_NO_SUCH_THREE', as: 'CONFIG_NO_SUCH_3', askedBy: ['extra.config:1']},
        {symbol: 'CONFIG_NO_SUCH_TWO', as: 'CONFIG_NO_SUCH_2A', askedBy: [`mm.config:${MM}`]},
      ],
    });
    t.notOk('missingSymbols' in build);
  }
  const said = `CONFIG_NO_SUCH_ONE is CONFIG_NO_SUCH_1 (base.config:${BASE}) in this tree`;
  for (const file of ['reports/screen.txt', 'report.html', 'results.tap']) {
    t.ok(flat(report(file)).includes(said), file);
  }
});

t.test('a tree without the fourth, and without one that every guest asks for', async (t) => {
  knows('ONE', 'TWO', 'THREE');
  stage.commit('renamed, and two are gone');
  const {code, stdout, stderr} = await stage.run(['run', ...places]);
  t.equal(code, 0, stdout);
  t.same(counts(), EXTRA_SKIPS);
  const {untestable, because, guests} = stage.results();
  const why = {
    where: 'tree',
    symbols: ['CONFIG_NO_SUCH_FOUR'],
    reason: 'it has no CONFIG_NO_SUCH_FOUR (extra.config:2)',
  };
  t.same(untestable, [{profile: 'x86_64', arch: 'x86_64', suite: 'extra', ...why}]);
  t.equal(because, '2 results passed, 2 never ran, and none failed; not testable on this tree: extra on x86_64');
  t.ok(
    guests.every(({ended}) => ended === 'ok'),
    'the boots are the proof that guests do without the other one',
  );
  const lines = [
    'not testable on this tree: extra on x86_64: it has no CONFIG_NO_SUCH_FOUR (extra.config:2)',
    `no CONFIG_NO_SUCH_BASE (base.config:${Number(BASE) + 1}) in this tree: guests boot without it`,
  ];
  for (const line of lines) {
    t.ok(flat(report('reports/screen.txt')).includes(line), `the screen: ${line}`);
    t.ok(flat(report('report.html')).includes(line), `the page: ${line}`);
  }
  t.ok(flat(stderr).includes(lines[0] ?? ''), 'and before anybody waits for guests');
});

t.test('only what cannot be tested was asked for: nothing is green, nothing is booted', async (t) => {
  const only = places.filter((word, index) => word !== 'plain' && places[index + 1] !== 'plain');
  const {code} = await stage.run(['run', ...only]);
  t.equal(code, 125);
  const {because, guests} = stage.results();
  t.equal(
    because,
    'no test passed on the patched side: not testable on this tree: extra on x86_64: it has no CONFIG_NO_SUCH_FOUR (extra.config:2)',
  );
  t.same(guests, []);
});

t.test('doctor and a dry run say it in seconds', async (t) => {
  const doctor = await stage.run(['doctor', '--tree', stage.tree, '--suites', suites]);
  t.equal(doctor.code, 0);
  const lines = doctor.stdout.trim().split('\n');
  for (const line of [
    'note    suite extra: not testable on this tree: extra on x86_64: it has no CONFIG_NO_SUCH_FOUR (extra.config:2)',
    'ok      suite plain: testable on x86_64',
    `note    kconfig: no CONFIG_NO_SUCH_BASE (base.config:${Number(BASE) + 1}) in this tree: a boot shows whether guests do without it`,
    'note    suite soft_dirty: this tree has no soft-dirty in its mm selftests: soft-dirty skip',
  ]) {
    t.ok(lines.includes(line), `${line}\n${doctor.stdout}`);
  }
  const earlier = await stage.run(['doctor', '--tree', stage.tree, '--rev', OLD, '--suites', suites]);
  t.ok(earlier.stdout.includes('ok      suite extra: testable on x86_64'));
  t.ok(earlier.stdout.includes(`CONFIG_NO_SUCH_ONE is CONFIG_NO_SUCH_1 (base.config:${BASE}) in this tree`));
  const dry = await stage.run(['run', ...places, '-n']);
  t.match(dry.stdout, /^# not testable on this tree: extra on x86_64: it has no CONFIG_NO_SUCH_FOUR/m);
  t.notMatch(dry.stdout, /^# x86_64, extra/m);
  t.notMatch(dry.stdout, /CONFIG_NO_SUCH_FOUR=y/);
});

t.test('a harmless series on that tree is good, and every report says what was not tested', async (t) => {
  const series = stage.patch('mm: a number', () =>
    stage.write('mm/memory.c', `${stage.read('mm/memory.c')}\nint number(void)\n{\n\treturn 7;\n}\n`),
  );
  const {code, stdout} = await stage.run(['verify', series, ...places]);
  t.equal(code, 0, stdout);
  t.equal(stage.results().findings.length, 0);
  const line = 'extra on x86_64: it has no CONFIG_NO_SUCH_FOUR (extra.config:2)';
  for (const {name, file} of FORMATS) {
    const text = flat(report(file).replaceAll(/&#(\d+);/g, (_, sign) => String.fromCodePoint(Number(sign))));
    const words = {json: '"suite": "extra", "where": "tree"', kcidb: '"missing_symbols": [ "CONFIG_NO_SUCH_'};
    t.ok(text.includes(words[name as keyof typeof words] ?? line), name);
  }
});

t.test('a series that takes a symbol away is bad by that alone, and the rest is judged', async (t) => {
  stage.git('reset', '-q', '--hard', OLD);
  const series = stage.patch('toy: rename three, drop one', () => knows('ONE', 'TWO', 'THREE', 'BASE'));
  const {code, stdout} = await stage.run(['verify', series, ...places, '--force']);
  t.equal(code, 1, stdout);
  t.same(counts(), EXTRA_SKIPS);
  const {findings, untestable = [], builds} = stage.results();
  t.same(
    findings.map(({severity, kind, title}) => [severity, kind, title]),
    [
      [
        'bad',
        'symbol-gone',
        'x86_64: the series takes CONFIG_NO_SUCH_FOUR (extra.config:2) away: not testable with it: extra on x86_64',
      ],
    ],
  );
  t.same(
    [...new Set(untestable.map(({where, reason}) => `${where}: ${reason}`))],
    ['series: it takes CONFIG_NO_SUCH_FOUR (extra.config:2) away'],
  );
  t.ok(builds.every(({status}) => status === 'ok'));
  t.ok(
    flat(report('reports/screen.txt')).includes(
      `CONFIG_NO_SUCH_ONE is CONFIG_NO_SUCH_1 (base.config:${BASE}) in the tree of base`,
    ),
    'a series that renames is no finding',
  );
  t.match(report('reports/reply.eml'), 'kverdict noticed the following configuration symbols that are gone');
});

t.test('a series that brings the symbol: its suite is a skip on base, and runs with it', async (t) => {
  knows('1', '2A', '3', 'BASE');
  stage.commit('without the fourth');
  const series = stage.patch('toy: bring the fourth', () => knows('1', '2A', '3', 'BASE', 'FOUR'));
  const {code, stdout} = await stage.run(['verify', series, ...places, '--force']);
  t.equal(code, 0, stdout);
  const row = stage.results().comparisons.find((one) => one.suite === 'extra' && one.test === 'steady');
  t.match(row, {change: 'new', base: {skip: 1, pass: 0}, patched: {pass: 1}});
  t.ok(flat(stdout).includes('not testable on base: extra on x86_64: it has no CONFIG_NO_SUCH_FOUR'), stdout);
});
