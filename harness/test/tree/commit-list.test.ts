// SPDX-License-Identifier: MIT
import {join} from 'node:path';
import t from 'tap';
import {UserError} from '../../lib/errors.js';
import {factsOf, listCommits, subjectsOf} from '../../tree/commit-list.js';
import {openTree} from '../../tree/open-tree.js';
import {commitAll, git, makeLab, write, writeRepository} from './fake-linux.js';

t.test('candidates as git bisect has them: merges, first parents, a fork', async (t) => {
  const lab = makeLab(t);
  const top = join(lab.root, 'linux');
  writeRepository(top);
  const step = (name: string, branch?: string): string => {
    if (branch !== undefined) git(top, 'checkout', '-q', branch);
    write(top, {[`mm/${name}.c`]: `int ${name};\n`});
    return commitAll(top, `mm: ${name}`);
  };
  const good = git(top, 'rev-parse', 'HEAD');
  const a = step('a');
  git(top, 'checkout', '-q', '-b', 'side', good);
  const s = step('s');
  git(top, 'checkout', '-q', 'master');
  git(top, 'merge', '-q', '--no-ff', '-m', 'Merge side', 'side');
  const merge = git(top, 'rev-parse', 'HEAD');
  const bad = step('b');
  const other = step('o', 'side');
  const tree = await openTree(lab, {tree: top});
  const list = (from: string, to: string, firstParent = false) =>
    listCommits(lab, tree, {good: from, bad: to}, {firstParent});

  const all = await list(good, bad);
  t.equal(all.merges, 1);
  t.same(new Set(all.commits.map(({hash}) => hash)), new Set([a, s, merge, bad]));
  t.equal(all.commits.at(-1)?.hash, bad, 'the bad end is the last');
  const numbers = new Map(all.commits.map(({hash}, at) => [hash, at]));
  t.same(new Set(all.commits[numbers.get(merge) ?? -1]?.parents), new Set([numbers.get(a), numbers.get(s)]));
  for (const [at, {parents}] of all.commits.entries())
    t.ok(
      parents.every((above) => above < at),
      'parents first',
    );

  const first = await list(good, bad, true);
  t.same(first.commits, [
    {hash: a, parents: []},
    {hash: merge, parents: [0]},
    {hash: bad, parents: [1]},
  ]);

  const fork = await list(other, bad);
  t.equal(fork.good, s, 'where they parted');
  t.match(fork.notes[0], /is no ancestor of the bad commit/);
  await t.rejects(list(bad, good), {constructor: UserError, message: /nothing is between them/});
  await t.rejects(list(bad, bad), {constructor: UserError, message: /nothing is between/});

  t.match(await factsOf(lab, tree, s), {subject: 'mm: s', author: 'Una User <una@example.org>', files: ['mm/s.c']});
  t.same((await factsOf(lab, tree, merge)).files, ['mm/s.c'], 'what a merge brought');
  const subjects = await subjectsOf(lab, tree, [a, merge, good]);
  t.same(
    [...subjects],
    [
      [a, 'mm: a'],
      [merge, 'Merge side'],
      [good, 'Linux 6.12.7'],
    ],
  );
});
