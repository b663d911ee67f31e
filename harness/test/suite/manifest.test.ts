// SPDX-License-Identifier: MIT
import {cpSync, mkdirSync, readdirSync} from 'node:fs';
import {join} from 'node:path';
import t from 'tap';
import {loadProfiles} from '../../machine/load-profiles.js';
import {loadSuites, programNames} from '../../suite/manifest.js';
import {testContext} from '../fakes/test-context.js';
import {userErrorOf} from '../fakes/user-error.js';
import {matchExactly} from '../match-exactly.js';
import {FIXTURES, SUITES} from './support.js';

t.test('defaults are filled in', async (t) => {
  const demo = loadSuites([join(FIXTURES, 'good')]).get('demo');
  t.match(demo?.guest, {vcpus: 2, memory: 256, tools: false, cmdline: '', setup: ['echo one', 'echo two']});
  matchExactly(t, demo?.tests[0], {
    name: 'hello',
    reader: 'ktap',
    racy: false,
    arches: ['x86_64', 'arm64'],
    skipWithout: {},
  });
  t.same(demo?.programs[0], {kind: 'own', name: 'hello', sources: ['hello.c'], libs: []});
  t.equal(demo?.tests[2]?.list, './hello -l');
});

t.test('every mistake of a file is told at once, with its line', async (t) => {
  const message = userErrorOf(() => loadSuites([join(FIXTURES, 'bad')]));
  for (const part of [
    'suite.yaml:3: profiles',
    'suite.yaml:4: colour: unknown key',
    ':9: guest.vcpus',
    ':13: tests.0.timeout',
  ]) {
    t.ok(message.includes(part), `${part} in: ${message}`);
  }
});

t.test('what a schema cannot say', async (t) => {
  const message = userErrorOf(() => loadSuites([join(FIXTURES, 'rules')]));
  t.match(message, /two tests are called `one`/);
  t.match(message, /tests\.one: `list` and a `\{\}` in `run` belong together/);
  t.match(message, /there is no source `gone\.c`/);
  t.match(message, /`formerly` is about `older`, which is not among the programs/);
});

t.test('what trees differ in', async (t) => {
  const manifest = (symbol: string): string =>
    ['summary: s', 'profiles: [x86_64]', 'guest: {}', 'programs:']
      .concat('  - {kselftest: mm, programs: [a], formerly: {a: b}, optional: 7.1 and newer}')
      .concat(`tests: [{name: a, run: ./a, timeout: 1, skipWithout: {${symbol}: why}}]`)
      .join('\n');
  const folder = t.testdir({
    good: {one: {'suite.yaml': manifest('CONFIG_X')}},
    bad: {one: {'suite.yaml': manifest('arm64')}},
  });
  const suite = loadSuites([join(folder, 'good')]).get('one');
  t.match(suite?.programs, [{names: ['a'], formerly: {a: 'b'}, optional: '7.1 and newer'}]);
  t.same(suite?.tests[0]?.skipWithout, {CONFIG_X: 'why'});
  t.match(
    userErrorOf(() => loadSuites([join(folder, 'bad')])),
    /suite\.yaml:6: .*CONFIG_NAME/,
  );
});

t.test('a module is made by its Kbuild', async (t) => {
  const manifest = (sources: string): string =>
    ['summary: s', 'profiles: [x86_64]', 'guest: {}', 'programs:', `  - {module: w, sources: [${sources}]}`]
      .concat('tests: [{name: a, run: ./a, timeout: 1}]')
      .join('\n');
  const folder = t.testdir({
    good: {one: {'suite.yaml': manifest('Kbuild, w.c'), Kbuild: '', 'w.c': ''}},
    bad: {one: {'suite.yaml': manifest('w.c'), 'w.c': ''}},
    gone: {one: {'suite.yaml': manifest('Kbuild, w.c'), Kbuild: ''}},
  });
  const suite = loadSuites([join(folder, 'good')]).get('one');
  t.same(suite?.programs, [{kind: 'module', name: 'w', sources: ['Kbuild', 'w.c']}]);
  t.same(suite && programNames(suite), ['w.ko']);
  t.match(
    userErrorOf(() => loadSuites([join(folder, 'bad')])),
    /suite\.yaml:5: .*Kbuild/,
  );
  t.match(
    userErrorOf(() => loadSuites([join(folder, 'gone')])),
    /there is no source `w\.c`/,
  );
});

t.test('a name that is there twice names both folders', async (t) => {
  const folder = t.testdir();
  mkdirSync(join(folder, 'mine'));
  cpSync(join(FIXTURES, 'good'), join(folder, 'mine'), {recursive: true});
  const message = userErrorOf(() => loadSuites([join(FIXTURES, 'good'), join(folder, 'mine')]));
  t.match(message, /Two suites are called `demo`: .*fixtures.*demo and .*mine.*demo/);
});

t.test('a directory that is not there', async (t) => {
  t.match(
    userErrorOf(() => loadSuites(['/nowhere'])),
    /Cannot read the suites in `\/nowhere`/,
  );
});

t.test("the project's own suites are whole", async (t) => {
  const suites = loadSuites([SUITES]);
  t.same([...suites.keys()].sort(), readdirSync(SUITES).sort(), 'each folder is one');
  const profiles = loadProfiles(testContext());
  for (const suite of suites.values()) {
    t.ok(suite.programs.length > 0, `${suite.name} has programs`);
    t.ok(
      suite.profiles.every((name) => profiles.has(name)),
      `${suite.name} names machines that are there`,
    );
  }
});
