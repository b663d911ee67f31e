// SPDX-License-Identifier: MIT
/** `run --against`: two commits of a tree, whatever lies between them. */
import {existsSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import t from 'tap';
import {Stage} from './support.js';

const stage = await new Stage().seed();
t.teardown(() => stage.remove());
// Each test is a few runs of the program.
t.setTimeout(300_000);

const run = (...words: string[]) => stage.run(['run', ...stage.common(), '-p', 'x86_64', ...words]);

t.test('a commit against one that is no ancestor of it: as a series would be judged', async (t) => {
  stage.git('checkout', '-q', '-b', 'old');
  stage.write('README', 'rebased away\n');
  const old = stage.commit('docs: rebased away');
  stage.git('checkout', '-q', '-b', 'new', 'master');
  stage.write('README', 'one\n');
  stage.commit('docs: one');
  stage.scenario('test toy-race fail');
  const head = stage.commit('mm: be quick');
  const {code, stdout, stderr} = await run('--rev', 'new', '--against', 'old');
  t.equal(code, 1, stderr);
  t.match(stdout, /^verdict: BAD/);
  t.match(stdout, new RegExp(`^commits: ${old.slice(0, 12)} to ${head.slice(0, 12)} \\(2 commits\\)`, 'm'));
  const {series, base, comparisons, findings} = stage.results();
  t.match(base, {commit: old, how: '--against'});
  t.match(series, {
    history: {commit: head, commits: 2},
    patches: [
      {number: 1, subject: 'docs: one', files: ['README'], author: {name: 'Toy'}},
      {number: 2, subject: 'mm: be quick', files: ['scenario/05-test.txt']},
    ],
  });
  t.match(
    comparisons.find(({test}) => test === 'race/toy-race'),
    {change: 'regressed', base: {pass: 5}, patched: {fail: 5}},
  );
  t.match(findings[0]?.reproduce, new RegExp(`^kverdict run --tree .* --rev ${head} --against ${old} .*-t toy:race`));
  t.notOk(existsSync(join(stage.out, 'reports/reply.eml')), 'nobody sent it: there is nothing to reply to');
  const {checkouts} = JSON.parse(readFileSync(join(stage.out, 'reports/kcidb.json'), 'utf8')) as {
    checkouts: {git_commit_hash: string; patchset_hash: string}[];
  };
  t.same(
    checkouts.map(({git_commit_hash: hash, patchset_hash: patches}) => [hash, patches]),
    [
      [old, ''],
      [head, ''],
    ],
  );
});

t.test('one that changes nothing that runs needs no guest; a commit against itself is refused', async (t) => {
  stage.git('checkout', '-q', '-f', 'master');
  const words = await run('--rev', 'new~1', '--against', 'old');
  t.equal(words.code, 0, words.stderr);
  t.equal(stage.results().guests.length, 0);
  const same = await run('--rev', 'new', '--against', 'new');
  t.equal(same.code, 128);
  t.match(same.stderr, /`new` and `new` are the same commit/);
});
