// SPDX-License-Identifier: MIT
import t from 'tap';
import {resolvePaths} from '../../lib/paths.js';

const me = process.geteuid?.();

t.test('as the XDG specification has it', async (t) => {
  const {cache, state, runtime} = resolvePaths({
    ...{HOME: '/home/me', XDG_CACHE_HOME: '/c', XDG_STATE_HOME: '/s', XDG_RUNTIME_DIR: '/r'},
  });
  t.same([cache, state, runtime], ['/c/kverdict', '/s/kverdict', '/r/kverdict']);
  const usual = resolvePaths({HOME: '/home/me'});
  t.same([usual.cache, usual.state], ['/home/me/.cache/kverdict', '/home/me/.local/state/kverdict']);
});

t.test(
  'what is not absolute is as none: it would lead to where the user stands, into the tree that is tested',
  async (t) => {
    const env = {HOME: '/home/me', XDG_CACHE_HOME: 'c', XDG_STATE_HOME: './s', XDG_RUNTIME_DIR: '../r'};
    t.same(resolvePaths(env), resolvePaths({HOME: '/home/me'}));
    t.match(resolvePaths(env).runtime, new RegExp(`^/.*/kverdict-${me}$`));
    t.same(resolvePaths({HOME: ''}), resolvePaths({}), 'the home that the list of users has');
    t.same(resolvePaths({HOME: 'me'}), resolvePaths({}));
  },
);

t.test('a relative TMPDIR is none', async (t) => {
  const before = process.env.TMPDIR;
  t.teardown(() => {
    if (before === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = before;
  });
  process.env.TMPDIR = 'here';
  t.equal(resolvePaths({HOME: '/home/me'}).runtime, `/tmp/kverdict-${me}`);
});
