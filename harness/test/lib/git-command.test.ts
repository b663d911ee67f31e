// SPDX-License-Identifier: MIT
import t from 'tap';
import {namesGit, noGit, ownGit, ownGitDir, theirGit, trustedGit} from '../../lib/git-command.js';

const OURS = ownGitDir({cache: '/c'}, 'trees', 'x', 'git');
const HOSTILE = {GIT_DIR: '/evil', GIT_SSH_COMMAND: 'evil', GIT_TRACE: '/t', GIT_EXEC_PATH: '/g', PATH: '/bin'};

/** Never called: each line is an error of the compiler. */
export function wrongUses(): void {
  // @ts-expect-error A path is not a repository of ours.
  ownGit(['status'], '/home/me/linux/.git');
  // @ts-expect-error Nor a folder of names.
  namesGit(['rev-parse', 'HEAD'], '/home/me/linux/.git');
  // @ts-expect-error Where names are looked up nothing is written.
  namesGit(['update-ref', 'HEAD', 'x'], OURS);
  // @ts-expect-error Names need no network.
  namesGit(['rev-parse', 'HEAD'], OURS, {network: true});
  // @ts-expect-error A user's repository is asked two questions, and no others.
  theirGit('status', []);
}

t.test('nothing of the environment reaches git but its own installation; servers only where they are meant', (t) => {
  const {command, args, env} = ownGit(['log'], OURS, {}, HOSTILE);
  t.equal(command, 'env');
  t.same(args.slice(0, 8), ['-u', 'GIT_DIR', '-u', 'GIT_SSH_COMMAND', '-u', 'GIT_TRACE', 'git', '--no-pager']);
  t.same(args.slice(-4), ['-c', 'protocol.allow=never', '--git-dir=/c/trees/x/git', 'log']);
  t.equal(env.GIT_NO_LAZY_FETCH, '1');
  t.equal(
    args.some((word) => word.startsWith('safe.directory')),
    false,
  );
  const fetch = ownGit(['fetch'], OURS, {network: true}, HOSTILE);
  t.same(fetch.args.slice(0, 5), ['-u', 'GIT_DIR', '-u', 'GIT_TRACE', 'git'], 'the ssh command of the user is kept');
  t.equal(fetch.args.includes('protocol.allow=never'), false);
  t.end();
});

t.test("what the user calls safe is asked of the user's configuration alone", (t) => {
  const asked = trustedGit({...HOSTILE, GIT_CONFIG_GLOBAL: '/home/me/.gitconfig'});
  const unset = ['-u', 'GIT_DIR', '-u', 'GIT_SSH_COMMAND', '-u', 'GIT_TRACE', 'GIT_DIR=/dev/null'];
  t.same(asked.args, [...unset, 'git', 'config', '--null', '--get-all', 'safe.directory']);
  const words = theirGit('work tree', ['/a b', '*'], {}).args;
  t.same(words.slice(-7), [
    ...['-c', 'safe.directory=/a b', '-c', 'safe.directory=*'],
    ...['rev-parse', '--path-format=absolute', '--show-toplevel'],
  ]);
  t.equal(noGit(['mailinfo'], '/c/tmp/x/w', {}).env.GIT_CEILING_DIRECTORIES, '/c/tmp/x');
  t.end();
});
