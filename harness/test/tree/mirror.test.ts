// SPDX-License-Identifier: MIT
import {execFileSync} from 'node:child_process';
import {existsSync, mkdirSync, readdirSync, rmSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import t from 'tap';
import {InfraError, UserError} from '../../lib/errors.js';
import {askTip, ensureCommit, fetchBranch} from '../../tree/mirror.js';
import {testContext} from '../fakes/test-context.js';

const ctx = testContext();
t.teardown(() => ctx.remove());
const url = join(ctx.folder, 'theirs');
mkdirSync(url);
const git = (...args: string[]): string =>
  execFileSync('git', ['-C', url, '-c', 'user.name=T', '-c', 'user.email=t@localhost', ...args], {
    encoding: 'utf8',
  }).trim();
const commit = (text: string): string => {
  writeFileSync(join(url, 'file'), text);
  git('add', '-A');
  git('commit', '-q', '-m', text);
  return git('rev-parse', 'HEAD');
};
git('init', '-q', '-b', 'master');
const first = commit('one');

t.test('its tip can be asked for before anything is fetched', async (t) => {
  t.equal(await askTip(ctx, {url, branch: 'master'}), first);
  t.notOk(existsSync(join(ctx.paths.cache, 'mirrors')), 'and nothing is written');
  await t.rejects(askTip(ctx, {url, branch: 'none'}), {constructor: UserError, message: /no branch `none`/});
});

t.test('fetched, followed, and followed where it was rebased; what was there stays', async (t) => {
  const fetched = await fetchBranch(ctx, {url, branch: 'master'});
  t.equal(fetched.tip, first);
  t.match(fetched.path, /mirrors\/theirs-[0-9a-f]{10}\.git$/);
  const second = commit('two');
  t.equal((await fetchBranch(ctx, {url, branch: 'master'})).tip, second);
  git('reset', '-q', '--hard', first);
  const rebased = commit('two, again');
  t.equal((await fetchBranch(ctx, {url, branch: 'master'})).tip, rebased);
  t.equal(await ensureCommit(ctx, {url, commit: second}), true, 'no branch holds it');
  t.equal(await ensureCommit(ctx, {url, commit: '0'.repeat(40)}), false);
});

t.test('a commit that our copy has lost is asked for', async (t) => {
  git('config', 'uploadpack.allowAnySHA1InWant', 'true');
  rmSync(join(ctx.paths.cache, 'mirrors'), {recursive: true});
  await fetchBranch(ctx, {url, branch: 'master'});
  git('branch', 'side', first);
  git('checkout', '-q', 'side');
  const hidden = commit('hidden');
  git('checkout', '-q', 'master');
  git('branch', '-q', '-D', 'side');
  t.equal(await ensureCommit(ctx, {url, commit: hidden}), true);
});

t.test('locks of a fetch that was killed are no obstacle', async (t) => {
  const {path} = await fetchBranch(ctx, {url, branch: 'master'});
  for (const name of ['HEAD.lock', 'packed-refs.lock', 'refs/heads/master.lock']) writeFileSync(join(path, name), '');
  const tip = commit('three');
  t.equal((await fetchBranch(ctx, {url, branch: 'master'})).tip, tip);
  t.same(
    readdirSync(path, {recursive: true, encoding: 'utf8'}).filter((name) => name.endsWith('.lock')),
    [],
  );
});

t.test('what cannot be fetched: whose fault, and in git’s own words', async (t) => {
  await t.rejects(fetchBranch(ctx, {url, branch: 'none'}), {
    constructor: UserError,
    message: `${url} has no branch \`none\``,
  });
  const gone = join(ctx.folder, 'gone');
  await t.rejects(fetchBranch(ctx, {url: gone, branch: 'master'}), {
    constructor: InfraError,
    message: /^Cannot fetch master of .*gone: .*(not appear to be a git repository|does not exist)/,
  });
});
