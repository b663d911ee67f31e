// SPDX-License-Identifier: MIT
/** What a process is started with: its environment, descriptors, limits, folder. */
import {DRY, dry, type Lab, meet, put} from './stage.js';

const RUN = ['run', '--tree', 'none', '-t', 'clear_refs', '-p', 'x86_64'];
const NONE = 'your input: There is no kernel source at `none`';

meet([
  {
    name: 'XDG_* that are relative: the tree that it stands in is left alone',
    cwd: 'linux',
    env: () => ({XDG_CACHE_HOME: 'c', XDG_STATE_HOME: './s', XDG_RUNTIME_DIR: '../linux/r', TMPDIR: 't'}),
    args: () => ['list', 'suites'],
    code: 0,
    says: 'clear_refs  (x86_64, arm64)',
  },
  {
    name: 'HOME that is empty, of a user whom no list knows',
    only: 'user',
    env: () => ({HOME: ''}),
    args: () => RUN,
    says: 'host or kverdict: HOME is not set to an absolute path, and user ME has no home folder',
  },
  {
    name: 'TMPDIR with a line break',
    plant: (lab) => void put(lab, 'tm\np/x', ''),
    env: (lab) => ({TMPDIR: lab.at('tm\np')}),
    args: () => dry('linux'),
    says: 'host or kverdict: The folder of a dry run `ROOT/tm',
  },
  {
    name: 'TMPDIR that is not there',
    env: (lab) => ({TMPDIR: lab.at('gone')}),
    args: () => dry('linux'),
    says: "host or kverdict: Cannot make a folder for a dry run: ENOENT: no such file or directory, mkdtemp 'ROOT/gone/kverdict-dry-X'",
  },
  {
    name: 'a cache whose name has a line break',
    env: (lab) => ({XDG_CACHE_HOME: lab.at('ca\nche')}),
    args: () => RUN,
    says: 'host or kverdict: The cache `ROOT/ca',
  },
  {
    name: 'standard input is closed',
    first: 'exec 0<&-',
    args: () => ['verify', '-', ...dry('linux').slice(2)],
    says: 'your input: `-` is empty (0 bytes)',
  },
  {
    name: 'standard output is closed',
    first: 'exec 1>&-',
    args: () => dry('linux'),
    code: 0,
    says: '',
  },
  {
    name: 'standard output is full',
    first: 'exec 1>/dev/full',
    args: () => dry('linux'),
    code: 0,
    says: '',
  },
  {
    name: 'standard error is closed',
    first: 'exec 2>&-',
    args: () => dry('linux'),
    code: 0,
    says: DRY,
  },
  {
    name: 'all three are closed',
    first: 'exec 0<&- 1>&- 2>&-',
    args: () => dry('linux'),
    code: 0,
    says: '',
  },
  {
    name: 'few descriptors',
    first: 'ulimit -n 200',
    args: () => dry('linux'),
    code: 0,
    says: DRY,
  },
  {
    name: 'fewer descriptors than files that are loaded: no verdict',
    first: 'ulimit -n 48',
    args: () => dry('linux'),
    says: /^host or kverdict: Its own files cannot be loaded: "/,
  },
  {
    name: 'no file may have more than 4 KiB',
    first: 'ulimit -f 8',
    args: () => dry('linux'),
    code: 0,
    says: DRY,
  },
  {
    name: 'the folder that it stands in is gone',
    plant: (lab) => void put(lab, 'x', ''),
    first: 'mkdir -p tmp/gone && cd tmp/gone && rmdir ../gone',
    args: () => dry('linux'),
    says: 'your input: There is no kernel source at `linux`',
  },
  {
    name: 'no programs at all',
    env: () => ({PATH: '/nowhere'}),
    args: () => dry('linux'),
    says: 'host or kverdict: Cannot start `env`: spawn env ENOENT',
  },
  {
    name: 'the owner of a run that is alive, and of one in another folder, in the environment',
    env: (lab) => ({KVERDICT_OWNER: `1-1@${lab.at('run/kverdict')}`}),
    args: () => RUN,
    says: NONE,
  },
  {
    name: 'a number of a user who called sudo',
    foreign: true,
    plant: (lab) => void lab.give('tmp'),
    env: () => ({SUDO_UID: '64343', XDG_RUNTIME_DIR: undefined}),
    args: () => RUN,
    says: 'host or kverdict: The folder for sockets `ROOT/tmp/kverdict-ME` is not safe: `ROOT/tmp` belongs to user OTHER, who may exchange what is in it',
  },
  {
    name: 'all that git takes from the environment',
    env: (lab: Lab) => ({
      ...{GIT_DIR: lab.at('victim'), GIT_WORK_TREE: lab.at('victim'), GIT_INDEX_FILE: lab.at('victim/index')},
      ...{GIT_EXTERNAL_DIFF: lab.evil, GIT_SSH_COMMAND: lab.evil, GIT_ASKPASS: lab.evil, GIT_PAGER: lab.evil},
      ...{GIT_CONFIG_COUNT: '1', GIT_CONFIG_KEY_0: 'core.fsmonitor', GIT_CONFIG_VALUE_0: lab.evil},
      ...{GIT_TRACE: lab.at('PWNED'), GIT_TRACE2: lab.at('PWNED'), GIT_TEMPLATE_DIR: lab.at('victim')},
      ...{GIT_OBJECT_DIRECTORY: lab.at('victim'), GIT_CONFIG_GLOBAL: lab.at('victim/thesis.txt'), PAGER: lab.evil},
      ...{GIT_CONFIG_PARAMETERS: `'core.fsmonitor=${lab.evil}'`, EDITOR: lab.evil, VISUAL: lab.evil},
    }),
    args: () => dry('linux'),
    code: 0,
    says: DRY,
  },
]);
