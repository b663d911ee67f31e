// SPDX-License-Identifier: MIT
import {mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import t from 'tap';
import {resolvePaths} from '../../lib/paths.js';
import {loadProfiles} from '../../machine/load-profiles.js';
import {loadSentinels} from '../../sentinel/load.js';
import {toRun} from '../../sentinel/sentinel.js';
import {loadSuites} from '../../suite/manifest.js';
import {parseSelection} from '../../suite/select.js';
import {userErrorOf} from '../fakes/user-error.js';
import {matchExactly} from '../match-exactly.js';

const folder = mkdtempSync(join(tmpdir(), 'kv'));
t.teardown(() => rmSync(folder, {recursive: true, force: true}));

function write(name: string, yaml: string, ...files: string[]): void {
  mkdirSync(join(folder, name), {recursive: true});
  writeFileSync(join(folder, name, 'sentinel.yaml'), yaml);
  for (const file of files) writeFileSync(join(folder, name, file), '');
}

const HEAD = 'thread: none\nsummary: a change\napplies: ["6.12"]\n';

t.test('our own: each names suites, tests and profiles that are there', (t) => {
  const paths = resolvePaths();
  const profiles = loadProfiles({paths});
  const suites = loadSuites([join(paths.project, 'selftests/suites')]);
  const all = loadSentinels([join(paths.project, 'selftests/sentinels')], []);
  t.ok(all.length >= 4);
  for (const sentinel of all) {
    const {tests, only} = toRun(sentinel);
    t.doesNotThrow(() => parseSelection(tests, suites), sentinel.name);
    for (const {profile} of only) t.ok(profiles.has(profile), `${sentinel.name}: ${profile}`);
  }
  t.end();
});

t.test('defaults; a finding; a reason why it is not seen', (t) => {
  write(
    'a',
    `${HEAD}unseen: nothing looks there\nexpect:\n  - {suite: s, profiles: [x86_64]}\n  - {finding: build-failed, profiles: [arm64]}\n`,
    '0001.patch',
  );
  matchExactly(t, loadSentinels([folder], []), [
    {
      ...{name: 'a', directory: join(folder, 'a'), unseen: 'nothing looks there', run: []},
      expect: [{suite: 's', profiles: ['x86_64'], change: 'regressed'}, {finding: 'build-failed'}],
    },
  ]);
  t.end();
});

t.test('every mistake of a file is told, with its line', (t) => {
  write(
    'b',
    `thread: none\nsummary: x\napplies: [v6.12]\nexpect:\n  - suite: s\n    profiles: []\n    changes: gone\n  - finding: a-smell\n    profiles: [x86_64]\n`,
    '0001.patch',
  );
  const message = userErrorOf(() => loadSentinels([folder], ['b']));
  for (const part of [
    'sentinel.yaml:3: applies.0: Expected a version',
    'sentinel.yaml:6: expect.0.profiles',
    'sentinel.yaml:7: expect.0.changes: unknown key',
    'sentinel.yaml:8: expect.1.finding',
  ]) {
    t.match(message, part);
  }
  t.end();
});

t.test('a control says what is to stay good, and is never unseen; a sentinel has a series', (t) => {
  write('c', `${HEAD}unseen: x\nexpect: []\n`);
  const message = userErrorOf(() => loadSentinels([folder], ['c']));
  for (const part of ['says in `run`', 'cannot be `unseen`', 'there is no *.patch']) t.match(message, part);
  t.end();
});

t.test('a name that is not there, one that is there twice, a folder that cannot be read', (t) => {
  t.match(
    userErrorOf(() => loadSentinels([folder], ['d'])),
    'There is no sentinel `d`',
  );
  t.match(
    userErrorOf(() => loadSentinels([folder, folder], [])),
    'Two sentinels are called `a`',
  );
  t.match(
    userErrorOf(() => loadSentinels([join(folder, 'none')], [])),
    'Cannot read the sentinels',
  );
  t.end();
});
