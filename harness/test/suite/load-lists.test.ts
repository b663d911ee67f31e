// SPDX-License-Identifier: MIT
import {join} from 'node:path';
import t from 'tap';
import {resolvePaths} from '../../lib/paths.js';
import {loadLists} from '../../suite/load-lists.js';
import {matchExactly} from '../match-exactly.js';

const now = new Date('2026-11-21T12:00:00Z');
const entry = (changes: string): string => `splats:
  - pattern: '^WARNING at mm/a.c in f'
    reason: known since 6.1, and reported
    link: https://lore.kernel.org/x
    expires: '2027-01-31'
${changes}`;

t.test('our own lists can be read, today', async (t) => {
  const policy = loadLists([join(resolvePaths().project, 'selftests/lists')]);
  t.ok(policy.splats.some(({suites}) => suites?.includes('smmu_dma')));
  t.ok(policy.taints.some(({flags}) => flags.includes('O')));
});

t.test('an entry, and where it applies', async (t) => {
  const folder = t.testdir({'a.yaml': entry('    suites: [clear_refs]\n'), 'README.md': 'no list'});
  matchExactly(t, loadLists([folder], now), {
    splats: [{suites: ['clear_refs'], pattern: /^WARNING at mm\/a.c in f/}],
    taints: [],
  });
});

t.test('it is good on its last day, and an error from the next one on, with file and line', async (t) => {
  const folder = t.testdir({'a.yaml': entry('')});
  t.doesNotThrow(() => loadLists([folder], new Date('2027-01-31T23:00:00Z')));
  t.throws(() => loadLists([folder], new Date('2027-02-01T00:00:00Z')), {
    name: 'UserError',
    message: /a\.yaml:5: splats\.0\.expires: it expired before today \(2027-02-01\)/,
  });
});

const BAD: [string, string, RegExp][] = [
  ['no reason', entry('').replace(/ {4}reason.*\n/, ''), /a\.yaml:2: splats\.0\.reason: is missing/],
  ['a link that is none', entry('').replace('https://lore.kernel.org/x', 'somewhere'), /a\.yaml:4: .*Expected a URL/],
  ['no day', entry('').replace('2027-01-31', '2027-02-31x'), /a\.yaml:5: .*Expected a day/],
  ['a pattern that matches everything', entry('').replace('^WARNING at mm/a.c in f', '.*'), /a\.yaml:2: .*at least 8/],
  ['a pattern that is none', entry('').replace('^WARNING at mm/a.c in f', '(WARNING at mm'), /regular expression/],
  ['a key nobody knows', entry('    suite: x\n'), /a\.yaml:6: splats\.0\.suite: unknown key/],
  ['no YAML', 'splats: [', /a\.yaml:1: /],
  ['a flag that is none', 'taints:\n  - flags: Z\n', /a\.yaml:2: taints\.0\.flags: Expected letters/],
];

for (const [name, text, message] of BAD) {
  t.test(`${name}: an error`, async (t) => {
    t.throws(() => loadLists([t.testdir({'a.yaml': text})], now), {name: 'UserError', message});
  });
}

t.test('a folder that is not there, or has none, is no empty policy', async (t) => {
  t.throws(() => loadLists(['/nowhere/lists'], now), {message: /Cannot read the lists in `\/nowhere\/lists`/});
  t.throws(() => loadLists([t.testdir({})], now), {message: /There is no list/});
});
