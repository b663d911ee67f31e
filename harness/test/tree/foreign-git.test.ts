// SPDX-License-Identifier: MIT
/**
 * git repositories that would run something: by their configuration, their hooks, their attributes, their work tree,
 * or the environment. Whatever is read of them, no command of theirs may run: each would write `PWNED`.
 */
import {execFileSync} from 'node:child_process';
import {chmodSync, existsSync, readFileSync, rmSync, utimesSync} from 'node:fs';
import {join} from 'node:path';
import t from 'tap';
import {UserError} from '../../lib/errors.js';
import {readRange} from '../../series/range.js';
import {candidateBases} from '../../tree/candidates.js';
import {fetchBranch} from '../../tree/mirror.js';
import {openTree} from '../../tree/open-tree.js';
import {describeCommit, tryResolve} from '../../tree/resolve.js';
import {
  commitAll,
  git,
  type Lab,
  MEMORY_C,
  makeLab,
  series,
  write,
  writeRepository,
  writeSource,
} from './fake-linux.js';

/** The user `nobody` of Debian. */
const NOBODY = 65534;
const isRoot = process.geteuid?.() === 0;
const UNKNOWN = 'a'.repeat(40);

interface Trap {
  lab: Lab;
  /** The repository. */
  user: string;
  /** A program that writes PWNED. */
  evil: string;
}

/** What makes git run `evil`, which notes the word that it is given. */
function spring({user, evil}: Trap): void {
  const set = (key: string, word = key): void => void git(user, 'config', key, `${evil} ${word}`);
  for (const key of ['filter.evil.clean', 'filter.evil.smudge', 'diff.evil.textconv', 'diff.evil.command']) set(key);
  for (const key of ['merge.evil.driver', 'core.fsmonitor', 'diff.external', 'core.pager', 'pager.status']) set(key);
  for (const key of ['core.editor', 'gpg.program', 'core.askPass', 'core.sshCommand', 'core.gitProxy']) set(key);
  for (const verb of ['status', 'rev-parse', 'for-each-ref', 'describe']) {
    git(user, 'config', `alias.${verb}`, `!${evil} alias.${verb}`);
  }
  git(user, 'config', 'credential.helper', `!${evil} credential.helper`);
  git(user, 'config', 'log.showSignature', 'true');
  write(user, {'.git/info/attributes': '*.c filter=evil diff=evil\n*.h filter=more\n'});
  write(user, {'.git/more': `[filter "more"]\n\tclean = ${evil} include.path\n`});
  git(user, 'config', 'include.path', 'more');
  for (const hook of ['post-index-change', 'reference-transaction', 'post-checkout', 'post-commit']) {
    for (const folder of ['hooks', 'evil-hooks']) {
      write(user, {[`.git/${folder}/${hook}`]: `#!/bin/sh\nexec ${evil} ${folder}/${hook}\n`});
      chmodSync(join(user, '.git', folder, hook), 0o755);
    }
  }
  git(user, 'config', 'core.hooksPath', join(user, '.git/evil-hooks'));
}

/** A partial clone, whose server is asked for what is not there. */
function springPromisor({user, evil}: Trap, url: string): void {
  git(user, 'config', 'core.repositoryFormatVersion', '1');
  git(user, 'config', 'extensions.partialClone', 'origin');
  git(user, 'config', 'remote.origin.promisor', 'true');
  git(user, 'config', 'remote.origin.url', url);
  git(user, 'config', 'remote.origin.uploadpack', `${evil} uploadpack`);
}

function makeTrap(t: {teardown(f: () => void): void}): Trap {
  const lab = makeLab(t);
  // Others may have to reach it.
  chmodSync(lab.root, 0o755);
  const evil = join(lab.root, 'evil');
  write(lab.root, {evil: `#!/bin/sh\necho $1 >>${join(lab.root, 'PWNED')}\ncat\n`});
  chmodSync(evil, 0o755);
  return {lab, user: writeRepository(join(lab.root, 'linux')), evil};
}

/** A file whose time and content are not what the index says: git must read it to know. */
function edit(user: string): void {
  write(user, {'mm/memory.c': MEMORY_C.replace('0', '7')});
  utimesSync(join(user, 'mm/rmap.c'), new Date(), new Date());
}

/** All that is done with a tree before anything is built. */
async function readEverything({lab, user}: Trap): Promise<void> {
  const tree = await openTree(lab, {tree: user});
  for (const rev of [UNKNOWN, 'no-such', 'origin/master', 'HEAD']) await tryResolve(lab, tree, rev);
  const mail = {...series(), baseCommit: UNKNOWN};
  for await (const {candidate} of candidateBases(lab, tree, mail, undefined)) await tryResolve(lab, tree, candidate);
  await describeCommit(lab, tree, tree.head);
  await readRange(lab, 'HEAD~1..HEAD', tree);
}

/** What was run. */
const pwned = ({lab}: Trap): string[] => {
  const file = join(lab.root, 'PWNED');
  return existsSync(file) ? [...new Set(readFileSync(file, 'utf8').trim().split('\n'))].sort() : [];
};

t.test('our own repository is read, and nothing that it names is run', async (t) => {
  const trap = makeTrap(t);
  const {lab, user, evil} = trap;
  const sub = writeRepository(join(user, 'sub'));
  git(sub, 'config', 'core.fsmonitor', `${evil} submodule`);
  write(user, {'.gitattributes': '*.h filter=evil merge=evil\n', 'mm/mm.h': 'int two;\n'});
  commitAll(user, 'two');
  spring(trap);
  springPromisor(trap, user);
  edit(user);
  write(sub, {'mm/memory.c': 'int edited;\n'});
  rmSync(join(lab.root, 'PWNED'), {force: true});
  await readEverything(trap);
  t.same(pwned(trap), []);
  const changes = lab.notes().filter((note) => note.includes('what is not committed is not built'));
  t.same(changes, [`1 file differs from HEAD in ${user}: what is not committed is not built`]);
  springPromisor(trap, 'ssh://nowhere.invalid/x');
  await readEverything(trap);
  t.same(pwned(trap), []);
});

t.test('and nothing that the environment names', async (t) => {
  const trap = makeTrap(t);
  write(trap.user, {'mm/rmap.c': 'int two;\n'});
  commitAll(trap.user, 'two');
  edit(trap.user);
  const {evil, lab} = trap;
  const variables: Record<string, string> = {
    ...{GIT_DIR: join(lab.root, 'other'), GIT_WORK_TREE: lab.root, GIT_INDEX_FILE: join(lab.root, 'index')},
    ...{GIT_EXTERNAL_DIFF: evil, GIT_PAGER: evil, PAGER: evil, GIT_EDITOR: evil, GIT_SSH_COMMAND: evil, GIT_SSH: evil},
    ...{GIT_ASKPASS: evil, GIT_PROXY_COMMAND: evil, GIT_TRACE: join(lab.root, 'PWNED')},
    ...{GIT_CONFIG_COUNT: '1', GIT_CONFIG_KEY_0: 'core.fsmonitor', GIT_CONFIG_VALUE_0: evil},
    ...{GIT_CONFIG_PARAMETERS: `'core.fsmonitor=${evil}'`, GIT_TEMPLATE_DIR: lab.root},
    ...{GIT_OBJECT_DIRECTORY: join(lab.root, 'objects'), GIT_ALTERNATE_OBJECT_DIRECTORIES: lab.root},
  };
  const before = {...process.env};
  t.teardown(() => {
    process.env = before;
  });
  Object.assign(process.env, variables);
  await readEverything(trap);
  t.same(pwned(trap), []);
  t.equal(existsSync(join(lab.root, 'index')), false);
});

t.test('a worktree whose .git is a file, and a core.worktree that leads elsewhere', async (t) => {
  const trap = makeTrap(t);
  const {lab, user} = trap;
  git(user, 'worktree', 'add', '-q', '-b', 'wt', join(lab.root, 'wt'));
  spring(trap);
  edit(join(lab.root, 'wt'));
  const tree = await openTree(lab, {tree: join(lab.root, 'wt')});
  t.equal(tree.head, git(user, 'rev-parse', 'wt'));
  const victim = writeSource(join(lab.root, 'victim'));
  git(user, 'config', 'core.worktree', victim);
  await openTree(lab, {tree: user}).catch((error: unknown) => t.ok(error instanceof UserError));
  t.same(pwned(trap), []);
});

t.test('a repository inside plain source is left out, also at the second look', async (t) => {
  const trap = makeTrap(t);
  const {lab, evil} = trap;
  const source = writeSource(join(lab.root, 'plain'));
  const nested = writeRepository(join(source, 'mm/nested'));
  git(nested, 'config', 'core.fsmonitor', `${evil} nested`);
  for (const _ of [1, 2]) {
    edit(nested);
    await openTree(lab, {tree: source});
    t.same(pwned(trap), []);
  }
  t.ok(lab.notes().includes(`1 git repositories inside \`${source}\` are left out`));
});

t.test('a repository of another user is refused as git does, with the way out', {skip: !isRoot}, async (t) => {
  const trap = makeTrap(t);
  const {lab, user} = trap;
  spring(trap);
  springPromisor(trap, user);
  edit(user);
  execFileSync('chown', ['-R', String(NOBODY), user]);
  const refused = {
    name: 'UserError',
    message: `The git repository \`${user}\` belongs to another user: git runs what its configuration says`,
    hint: `If you trust it: git config --global --add safe.directory ${user}. Else give --tree a copy of the source without its .git.`,
  };
  await t.rejects(openTree(lab, {tree: user}), refused);
  await t.rejects(openTree(lab, {tree: join(user, 'mm')}), refused);
  await t.rejects(fetchBranch(lab, {url: user, branch: 'master'}), refused);
  // Ours, but its branches and objects are theirs.
  write(lab.root, {'wt/.git': `gitdir: ${join(lab.root, 'link')}\n`, 'link/HEAD': 'ref: refs/heads/master\n'});
  write(lab.root, {'link/commondir': `${join(user, '.git')}\n`, 'link/gitdir': `${join(lab.root, 'wt/.git')}\n`});
  await t.rejects(openTree(lab, {tree: join(lab.root, 'wt')}), refused);

  const before = process.env.HOME;
  t.teardown(() => {
    process.env.HOME = before;
  });
  process.env.HOME = join(lab.root, 'home');
  write(process.env.HOME, {'.gitconfig': `[safe]\n\tdirectory = ${user}\n\tdirectory = ${join(user, '.git')}\n`});
  t.equal((await openTree(lab, {tree: user})).kernelVersion, '6.12.7', 'what the user calls safe is read');
  t.match((await fetchBranch(lab, {url: user, branch: 'master'})).tip, /^[0-9a-f]{40}$/);
  t.same(pwned(trap), [], 'and even then nothing of it is run');
});
