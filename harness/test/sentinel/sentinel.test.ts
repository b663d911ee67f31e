// SPDX-License-Identifier: MIT
import t from 'tap';
import {appliesTo, onProfiles, type Sentinel, toRun} from '../../sentinel/sentinel.js';

const sentinel: Sentinel = {
  ...{name: 'one', directory: '/s/one', thread: 'a thread', summary: 'a bug', applies: ['6.12', '6.1.5']},
  expect: [
    {suite: 'race', test: 'writes/none is lost', profiles: ['x86_64', 'arm64'], change: 'regressed'},
    {finding: 'new-warning', file: 'mm/x.c', profiles: ['arm64-mte']},
  ],
  run: [{suite: 'other', profiles: ['x86_64']}],
};

t.test('a version stands for itself and its stable releases', (t) => {
  const rows: [string, boolean][] = [
    ['6.12', true],
    ['6.12.95', true],
    ['6.12.0-rc2', true],
    ['6.1.5', true],
    ['6.1.50', false],
    ['6.120', false],
    ['6.1', false],
  ];
  for (const [version, expected] of rows) t.equal(appliesTo(sentinel, version), expected, version);
  t.end();
});

t.test('only what is named is run, on the pairs that are named', (t) => {
  t.strictSame(toRun(sentinel), {
    tests: ['race:writes/none is lost', 'other'],
    only: [
      {profile: 'x86_64', suite: 'race'},
      {profile: 'arm64', suite: 'race'},
      {profile: 'x86_64', suite: 'other'},
    ],
    profiles: ['x86_64', 'arm64', 'arm64-mte'],
  });
  t.end();
});

t.test('cut down to profiles', (t) => {
  t.equal(onProfiles(sentinel, []), sentinel);
  t.match(toRun(onProfiles(sentinel, ['arm64'])), {
    tests: ['race:writes/none is lost'],
    only: [{profile: 'arm64', suite: 'race'}],
    profiles: ['arm64'],
  });
  t.strictSame(toRun(onProfiles(sentinel, ['arm64-mte'])), {tests: [], only: [], profiles: ['arm64-mte']});
  t.strictSame(toRun(onProfiles(sentinel, ['sparc'])).profiles, []);
  t.end();
});
