// SPDX-License-Identifier: MIT
import {mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import t from 'tap';
import {UserError} from '../../lib/errors.js';
import {loadNightlyConfig} from '../../nightly/config.js';
import {matchExactly} from '../match-exactly.js';

const folder = realpathSync(mkdtempSync(join(tmpdir(), 'kv')));
t.teardown(() => rmSync(folder, {recursive: true, force: true}));
mkdirSync(join(folder, 'odd:name'));

const write = (text: string, name = 'mm.yaml'): string => {
  const file = join(folder, name);
  writeFileSync(file, text);
  return file;
};

t.test('defaults, what a tree says for itself, and places beside the file', (t) => {
  const config = loadNightlyConfig(
    write(`
trees:
  - url: https://git.example.org/linux.git
    branches: [master, linux-6.12.y]
  - url: ../linux
    branches: [mm/next]
    tests: [clear_refs:mlock]
    profiles: [arm64]
tests: [userfaultfd]
budget: 90m
runs: 80
suites: [suites, /srv/suites]
variables: {LLVM: "1"}
`),
  );
  t.match(config, {
    name: 'mm',
    file: join(folder, 'mm.yaml'),
    bisect: {confidence: 0.99, most: 10, firstParent: false},
  });
  t.same(config.watched, [
    {tree: 'https://git.example.org/linux.git', branch: 'master', tests: ['userfaultfd'], profiles: []},
    {tree: 'https://git.example.org/linux.git', branch: 'linux-6.12.y', tests: ['userfaultfd'], profiles: []},
    {tree: join(folder, '../linux'), branch: 'mm/next', tests: ['clear_refs:mlock'], profiles: ['arm64']},
  ]);
  matchExactly(t, config.request, {
    ...{budget: 5400, runs: 80, maxRuns: 80, alpha: 0.05, series: [], variables: {LLVM: '1'}},
    ...{suiteDirs: [join(folder, 'suites'), '/srv/suites'], commandLine: `kverdict nightly ${folder}/mm.yaml`},
  });
  t.equal(config.formats, undefined, 'all');
  t.end();
});

t.test('addresses are left alone, paths are not', (t) => {
  const rows: [string, string][] = [
    ['git@git.example.org:linux.git', 'git@git.example.org:linux.git'],
    ['host:linux', 'host:linux'],
    ['ssh://host/linux', 'ssh://host/linux'],
    ['/srv/linux', '/srv/linux'],
    ['./a:b', join(folder, 'a:b')],
    ['odd:name', join(folder, 'odd:name')],
  ];
  for (const [url, tree] of rows)
    t.equal(loadNightlyConfig(write(`trees: [{url: "${url}", branches: [a]}]`)).watched[0]?.tree, tree, url);
  t.end();
});

t.test('bisect: on, off, and with options of its own', (t) => {
  const trees = 'trees: [{url: a, branches: [b]}]\n';
  t.match(loadNightlyConfig(write(`${trees}bisect: true`)).bisect, {maxAttempts: 3000});
  t.equal(loadNightlyConfig(write(`${trees}bisect: false`)).bisect, undefined);
  t.match(loadNightlyConfig(write(`${trees}bisect: {most: 2}`)).bisect, {most: 2, confidence: 0.99});
  t.end();
});

t.test('all problems at once, each with its line', (t) => {
  const said = (text: string, name?: string): string => {
    try {
      loadNightlyConfig(write(text, name));
      return '';
    } catch (error) {
      t.ok(error instanceof UserError);
      return (error as Error).message;
    }
  };
  const file = `${folder}/mm.yaml`;
  const all = said(
    'trees:\n  - url: a\n    branches: []\n    tset: [x]\nalpha: 1\nformats: [pdf]\nbudget: soon\n',
  ).split('\n');
  t.equal(all.length, 5, all.join('\n'));
  t.ok(all[0]?.startsWith(`${file}:3: trees.0.branches: `), all.join('\n'));
  t.equal(all[1], `${file}:4: trees.0.tset: unknown key`);
  t.match(all[2], /:5: alpha: .*got `1`$/);
  t.match(all[3], /:6: formats\.0: .*got `"pdf"`$/);
  t.match(all[4], /:7: budget: Expected a time such as 90s, 30m or 2h, got `"soon"`$/);
  const branch = (name: string): string => said(`trees: [{url: a, branches: [${JSON.stringify(name)}]}]`);
  for (const name of ['-x', 'a..b', 'a b', 'a:b', '/a', 'a/', 'a.lock', 'a~1', '@{u}a@{', ''])
    t.match(branch(name), /trees\.0\.branches\.0: Expected a branch's name/, name);
  for (const name of ['master', 'for-6.13/mm', 'a@b', 'ünï']) t.equal(branch(name), '', name);
  t.match(said('trees: [{url: "--upload-pack=x", branches: [a]}]'), /trees\.0\.url: Expected an address/);
  t.match(said('trees: [{url: a, branches: [b, b]}]'), `${file}: branch \`b\` of ${folder}/a is there twice`);
  t.match(said('trees: [{url: a, branches: [b]}]', 'a b.yaml'), /name `a b` cannot be a nightly's/);
  t.throws(() => loadNightlyConfig(join(folder, 'none.yaml')), {constructor: UserError, message: /Cannot read/});
  t.end();
});

t.test('what verify has as options a nightly has as keys', (t) => {
  const {request} = loadNightlyConfig(
    write(`
trees: [{url: ../linux, branches: [master]}]
see: 0.1
selftestsFrom: base
force: true
dumpGuest: true
overrideTimeout: 300
`),
  );
  const {runs, maxRuns, selftestsFrom, force, dumpGuest, overrideTimeout} = request;
  t.same(
    {runs, maxRuns, selftestsFrom, force, dumpGuest, overrideTimeout},
    {runs: 29, maxRuns: 123, selftestsFrom: 'base', force: true, dumpGuest: true, overrideTimeout: 300},
  );
  t.throws(
    () => loadNightlyConfig(write('trees: [{url: ../linux, branches: [master]}]\nsee: 0.1\nmaxRuns: 30\n')),
    /mm\.yaml:2: see: Expected no `runs` and `maxRuns` beside it/,
  );
  t.end();
});
