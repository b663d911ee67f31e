// SPDX-License-Identifier: MIT
import {spawnSync} from 'node:child_process';
import {chmodSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import t, {type Test as Tap} from 'tap';
import {targetSuite} from '../../suite/target-suite.js';

/** What the set-up may call. The shell finds nothing else, so that a new line of it cannot reach the host. */
const STUBS = {
  grep: '/bin/grep "$@"',
  cat: '/bin/cat "$@"',
  mkdir: ':',
  mount: 'echo mount "$@"; $MOUNT',
  mkswap: 'echo mkswap "$@" >&2',
  swapon: 'echo swapon "$@"',
};

/**
 * Runs the set-up lines on a make-believe guest: a folder stands for its root, and PATH holds stubs alone.
 *
 * @param guest.zram the size of its compressed disk; undefined: its kernel has none
 */
function setUp(
  t: Tap,
  guest: {fileSystems?: string; mounts?: string; mount?: string; zram?: string},
): {calls: string[]; code: number; zram?: string} {
  const root = t.testdir({
    bin: Object.fromEntries(Object.entries(STUBS).map(([name, body]) => [name, `#!/bin/sh\n${body}\n`])),
    proc: {filesystems: guest.fileSystems ?? '', mounts: guest.mounts ?? ''},
    ...(guest.zram === undefined ? {} : {sys: {block: {zram0: {disksize: guest.zram}}}}),
  });
  for (const name of Object.keys(STUBS)) chmodSync(join(root, 'bin', name), 0o755);
  const lines = targetSuite('mm').guest.setup.map((line) =>
    line.replaceAll(/\/(proc|sys)\/(?=filesystems|mounts|block)/g, `${root}/$1/`),
  );
  const script = lines.map((line) => `{ ${line}\n} || exit 9`).join('\n');
  const env = {PATH: join(root, 'bin'), MOUNT: guest.mount ?? 'true'};
  const {stdout, status} = spawnSync('/bin/sh', ['-c', script], {env, encoding: 'utf8'});
  const calls = stdout.split('\n').filter((line) => line !== '');
  if (status !== 0) return {calls: [], code: status ?? -1};
  const zram = guest.zram === undefined ? {} : {zram: readFileSync(join(root, 'sys/block/zram0/disksize'), 'utf8')};
  return {calls, code: 0, ...zram};
}

t.test("a target's guest is set up as a distribution's init does, with what the kernel has", async (t) => {
  t.same(setUp(t, {}), {calls: [], code: 0}, 'a kernel with nothing of it is no failure');
  const fileSystems = 'nodev\tdebugfs\nnodev\tcgroup2\nnodev\tmqueue\nnodev\tcgroup\n';
  const all = [
    'mount -t debugfs none /sys/kernel/debug',
    'mount -t cgroup2 none /sys/fs/cgroup',
    'mount -t mqueue none /dev/mqueue',
  ];
  t.same(setUp(t, {fileSystems}), {calls: all, code: 0});
  const mounts = 'debugfs /sys/kernel/debug debugfs rw 0 0\n';
  t.same(setUp(t, {fileSystems, mounts}), {calls: all.slice(1), code: 0}, 'once');
  t.equal(setUp(t, {fileSystems, mount: 'false'}).code, 9, 'what does not work is told');
});

t.test('a compressed disk that nobody uses yet becomes swap', async (t) => {
  t.same(setUp(t, {zram: '0\n'}), {calls: ['swapon /dev/zram0'], code: 0, zram: '256M\n'});
  t.same(setUp(t, {zram: '4096\n'}), {calls: [], code: 0, zram: '4096\n'}, 'one in use is left alone');
});
