// SPDX-License-Identifier: MIT
import {execFileSync} from 'node:child_process';
import t from 'tap';
import {targetSuite} from '../../suite/target-suite.js';

/** Runs the set-up lines on a guest that has these file systems, and these mounts. */
function setUp({fileSystems = '', mounts = '', mount = 'true'}): {calls: string[]; code: number} {
  const script = [
    'grep() { case "$3" in /proc/filesystems) f=$F;; *) f=$M;; esac; printf %s "$f" | command grep "$1" "$2"; }',
    'mkdir() { :; }',
    `mount() { echo "$@"; ${mount}; }`,
    ...targetSuite('mm').guest.setup.map((line) => `{ ${line}\n} || exit 9`),
  ].join('\n');
  const env = {PATH: process.env.PATH, F: fileSystems, M: mounts};
  try {
    const said = execFileSync('sh', ['-c', script], {env, encoding: 'utf8'});
    return {calls: said.split('\n').filter((line) => line !== ''), code: 0};
  } catch (error) {
    return {calls: [], code: (error as {status: number}).status};
  }
}

t.test("a target's guest is set up as a distribution's init does, with what the kernel has", async (t) => {
  t.same(setUp({}), {calls: [], code: 0}, 'a kernel with nothing of it is no failure');
  const fileSystems = 'nodev\tdebugfs\nnodev\tcgroup2\nnodev\tmqueue\nnodev\tcgroup\n';
  const all = ['-t debugfs none /sys/kernel/debug', '-t cgroup2 none /sys/fs/cgroup', '-t mqueue none /dev/mqueue'];
  t.same(setUp({fileSystems}), {calls: all, code: 0});
  const mounts = 'debugfs /sys/kernel/debug debugfs rw 0 0\n';
  t.same(setUp({fileSystems, mounts}), {calls: all.slice(1), code: 0}, 'once');
  t.equal(setUp({fileSystems, mount: 'false'}).code, 9, 'what does not work is told');
});
