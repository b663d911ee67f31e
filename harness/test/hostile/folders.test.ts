// SPDX-License-Identifier: MIT
/** Home, cache, state, the folder for sockets and `--out`, as somebody hostile leaves them. */
import {execFileSync} from 'node:child_process';
import {chmodSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync} from 'node:fs';
import {dirname, join} from 'node:path';
import {type FolderKind, mark} from '../../lib/own-mark.js';
import {syntheticResults} from '../fakes/synthetic-results.js';
import {dry, type Lab, meet, put} from './stage.js';

const RUN = ['run', '--tree', 'linux', '-t', 'clear_refs', '-p', 'x86_64'];
const INFRA = 'host or kverdict: ';
const unsafe = (what: string, path: string, problem: string, at = path): string =>
  `${INFRA}${what} \`ROOT/${path}\` is not safe: \`ROOT/${at}\` ${problem}`;
const EXCHANGE = 'who may exchange what is in it';
const noRuntime = (): Record<string, undefined> => ({XDG_RUNTIME_DIR: undefined});

/** A link, its folder made. */
function link(lab: Lab, name: string, target: string): void {
  mkdirSync(dirname(lab.at(name)), {recursive: true, mode: 0o700});
  symlinkSync(target, lab.at(name));
}

function folder(lab: Lab, name: string, mode = 0o700): string {
  mkdirSync(lab.at(name), {recursive: true, mode: 0o700});
  chmodSync(lab.at(name), mode);
  return lab.at(name);
}

const marked = (lab: Lab, name: string, kind: FolderKind): void => mark(folder(lab, name), kind);

/** A run's folder with all that a report needs. */
function aRun(lab: Lab): void {
  marked(lab, 'out', 'run');
  put(lab, 'out/results.json', JSON.stringify(syntheticResults({verdict: 'good', subtests: 20})));
}

meet([
  {
    name: 'the cache is a link to files of the user',
    plant: (lab) => link(lab, 'home/.cache/kverdict', lab.at('victim')),
    args: () => RUN,
    says: unsafe('The cache', 'home/.cache/kverdict', 'is a symbolic link'),
  },
  {
    name: 'the state is a link to files of the user',
    plant: (lab) => link(lab, 'home/.local/state/kverdict', lab.at('victim')),
    args: () => ['clean', 'runs'],
    says: unsafe('The state', 'home/.local/state/kverdict', 'is a symbolic link'),
  },
  {
    name: 'the cache is reached by a link of another user, in a folder as /tmp',
    foreign: true,
    plant: (lab) => {
      symlinkSync(lab.at('victim'), lab.at('tmp/c'));
      lab.give('tmp/c');
    },
    env: (lab) => ({XDG_CACHE_HOME: lab.at('tmp/c')}),
    args: () => RUN,
    says: unsafe('The cache', 'tmp/c/kverdict', 'is a link of user OTHER', 'tmp/c'),
  },
  {
    name: 'HOME is that of another user, as sudo keeps it',
    foreign: true,
    plant: (lab) => {
      folder(lab, 'theirs/.cache', 0o777);
      lab.give('theirs');
      chmodSync(lab.at('theirs'), 0o755);
    },
    env: (lab) => ({HOME: lab.at('theirs')}),
    args: () => RUN,
    says: unsafe(
      'The cache',
      'theirs/.cache/kverdict',
      `belongs to user OTHER, ${EXCHANGE}; \`ROOT/theirs/.cache\` belongs to user OTHER, ${EXCHANGE}`,
      'theirs',
    ),
  },
  {
    name: 'the cache is a folder of another user, and a dry run would copy what is in it',
    foreign: true,
    plant: (lab) => {
      put(lab, 'home/.cache/kverdict/mirrors/x.git/config', `[core]\n\tfsmonitor = ${lab.evil}\n`);
      folder(lab, 'home/.cache/kverdict/mirrors/x.git/objects');
      chmodSync(lab.give('home/.cache/kverdict'), 0o755);
    },
    args: () => dry('linux'),
    says: unsafe('The cache', 'home/.cache/kverdict', 'belongs to user OTHER'),
  },
  {
    name: 'the history is a database of another user',
    foreign: true,
    plant: (lab) => {
      put(lab, 'home/.local/state/kverdict/history.sqlite', '');
      chmodSync(lab.give('home/.local/state/kverdict'), 0o755);
    },
    args: () => ['serve', '--port', '0'],
    says: unsafe('The state', 'home/.local/state/kverdict', 'belongs to user OTHER'),
  },
  {
    name: 'the history is a link to a file of the user',
    plant: (lab) => link(lab, 'home/.local/state/kverdict/history.sqlite', lab.at('victim/thesis.txt')),
    args: () => ['serve', '--port', '0'],
    says: `${INFRA}\`ROOT/home/.local/state/kverdict/history.sqlite\` is a symbolic link, and what it leads to is not written to`,
  },
  {
    name: 'in /tmp the folder for sockets was made by another user',
    foreign: true,
    plant: (lab) => {
      folder(lab, `tmp/kverdict-${lab.uid}`, 0o777);
      lab.give(`tmp/kverdict-${lab.uid}`);
    },
    env: noRuntime,
    args: () => RUN,
    says: unsafe('The folder for sockets', 'tmp/kverdict-ME', 'belongs to user OTHER'),
  },
  {
    name: 'in /tmp it is a link to a folder with names like ours',
    plant: (lab) => {
      put(lab, 'victim/32767-1/gabcdef/qmp', 'mine');
      put(lab, 'victim/.kverdict', 'kverdict runtime\n');
      symlinkSync(lab.at('victim'), lab.at(`tmp/kverdict-${lab.uid}`));
    },
    env: noRuntime,
    args: () => ['clean', 'runs'],
    says: unsafe('The folder for sockets', 'tmp/kverdict-ME', 'is a symbolic link'),
  },
  {
    name: 'in /tmp everybody may write in it',
    plant: (lab) => void folder(lab, `tmp/kverdict-${lab.uid}`, 0o1777),
    env: noRuntime,
    args: () => RUN,
    says: unsafe('The folder for sockets', 'tmp/kverdict-ME', 'can be written by others (mode 01777)'),
  },
  {
    name: 'a /tmp that is not sticky: everybody may exchange what is in it',
    plant: (lab) => chmodSync(lab.at('tmp'), 0o777),
    env: noRuntime,
    args: () => RUN,
    says: unsafe(
      'The folder for sockets',
      'tmp/kverdict-ME',
      `can be written by others (mode 0777), ${EXCHANGE}`,
      'tmp',
    ),
  },
  {
    name: 'and a dry run makes no copy in it',
    plant: (lab) => chmodSync(lab.at('tmp'), 0o777),
    args: () => dry('linux'),
    strict: true,
    says: unsafe(
      'The folder of a dry run',
      'tmp/kverdict-dry-X',
      `can be written by others (mode 0777), ${EXCHANGE}`,
      'tmp',
    ),
  },
  {
    name: 'a folder above the cache can be written by everybody',
    plant: (lab) => void folder(lab, 'home/.cache', 0o777),
    args: () => RUN,
    says: unsafe(
      'The cache',
      'home/.cache/kverdict',
      `can be written by others (mode 0777), ${EXCHANGE}`,
      'home/.cache',
    ),
  },
  {
    name: 'a cache full of links under the names that kverdict gives: what they lead to is not cleaned',
    plant: (lab) => {
      for (const [root, kind] of [
        ['home/.cache/kverdict', 'cache'],
        ['home/.local/state/kverdict', 'state'],
      ] as const) {
        marked(lab, root, kind);
      }
      for (const name of ['store', 'trees', 'mirrors', 'images', 'ccache', 'tmp']) {
        put(lab, `victim/${name}/32767-1-x-abcdef/file`, 'mine');
        put(lab, `victim/${name}/linux-a1b2c3d4e5/src/file`, 'mine');
        link(lab, `home/.cache/kverdict/${name}`, lab.at('victim', name));
      }
      link(lab, 'home/.local/state/kverdict/runs', lab.at('victim'));
    },
    args: () => ['clean', ...['kernels', 'trees', 'mirrors', 'images', 'ccache', 'runs', 'probes']],
    code: 0,
    says: 'deleting ROOT/home/.cache/kverdict/store (0): built kernels and programs',
  },
  {
    name: '--out is a link',
    plant: (lab) => link(lab, 'out', lab.at('victim')),
    args: () => [...RUN, '--out', 'out'],
    says: unsafe("The run's folder", 'out', 'is a symbolic link'),
  },
  {
    name: '--out is a folder of the user with an events.jsonl of another program',
    plant: (lab) => void put(lab, 'victim/events.jsonl', '{"type":"note"}\n'),
    args: () => [...RUN, '--out', 'victim'],
    says: 'your input: `ROOT/victim` is not empty and holds no run of kverdict',
  },
  {
    name: '--out is a run, and its results are a link to a file of the user',
    plant: (lab) => {
      marked(lab, 'out', 'run');
      link(lab, 'out/results.json', lab.at('victim/thesis.txt'));
    },
    args: () => [...RUN, '--out', 'out'],
    says: 'your input: `ROOT/out/results.json` is in the way, and kverdict did not make it',
    writes: ['out'],
  },
  {
    name: '--out is a run, and a log deep in it is a link to a file of the user',
    plant: (lab) => {
      marked(lab, 'out', 'run');
      link(lab, 'out/builds/x86_64-only.log', lab.at('victim/thesis.txt'));
    },
    args: () => [...RUN, '--out', 'out'],
    says: 'your input: `ROOT/out/builds/x86_64-only.log` is in the way, and kverdict did not make it',
    writes: ['out'],
  },
  {
    name: '--out is the folder of another user',
    foreign: true,
    plant: (lab) => {
      marked(lab, 'theirs', 'run');
      chmodSync(lab.give('theirs'), 0o755);
    },
    args: () => [...RUN, '--out', 'theirs'],
    says: unsafe("The run's folder", 'theirs', 'belongs to user OTHER'),
  },
  {
    name: '--out is below a folder that everybody may write in',
    plant: (lab) => void folder(lab, 'open', 0o777),
    args: () => [...RUN, '--out', 'open/out'],
    says: unsafe("The run's folder", 'open/out', `can be written by others (mode 0777), ${EXCHANGE}`, 'open'),
  },
  {
    name: 'a report is written where a link has its name: what it leads to stays',
    plant: (lab) => {
      aRun(lab);
      for (const name of ['report.html', 'results.tap', 'report.html.new']) {
        link(lab, `public/${name}`, lab.at('victim/thesis.txt'));
      }
    },
    args: () => ['report', 'out', '--format', 'html,tap', '--out', 'public'],
    code: 0,
    says: 'ROOT/public/report.html',
    writes: ['public'],
    check: (t, lab) => t.match(readFileSync(lab.at('public/results.tap'), 'utf8'), /^TAP version 14/),
  },
  {
    name: "reports of a run that another user's folder is a link to",
    foreign: true,
    plant: (lab) => {
      aRun(lab);
      chmodSync(lab.give('out'), 0o755);
    },
    args: () => ['report', 'out', '--format', 'html,tap'],
    says: unsafe("The run's folder", 'out', 'belongs to user OTHER'),
  },
  {
    name: 'results that are a FIFO: not waited for',
    plant: (lab) => {
      marked(lab, 'out', 'run');
      execFileSync('mkfifo', [lab.at('out/results.json')]);
    },
    args: () => ['report', 'out'],
    says: 'your input: `out` holds no results of a run: Expected `ROOT/out/results.json`, results of a run, to be a regular file, got a FIFO',
  },
  {
    name: 'results that are a device without an end',
    plant: (lab) => {
      marked(lab, 'out', 'run');
      link(lab, 'out/results.json', '/dev/zero');
    },
    args: () => ['report', 'out'],
    says: 'your input: `out` holds no results of a run: Expected `/dev/zero`, results of a run, to be a regular file, got a device',
  },
  {
    name: 'a home in which nothing can be made: what only looks needs none',
    plant: (lab) => chmodSync(lab.at('home'), 0o500),
    args: () => ['list', 'suites'],
    code: 0,
    strict: true,
    says: 'clear_refs  (x86_64, arm64)',
  },
  {
    name: 'and what keeps something says so',
    only: 'user',
    plant: (lab) => chmodSync(lab.at('home'), 0o500),
    args: () => RUN,
    says: `${INFRA}Cannot make the cache \`ROOT/home/.cache/kverdict\`: EACCES: permission denied`,
    strict: true,
  },
  {
    name: 'umask 0: nothing that is made can be written by others',
    first: 'umask 0',
    args: () => [...RUN, '--tree', 'none', '--out', 'out'],
    says: 'your input: There is no kernel source at `none`',
    writes: ['out'],
    check: (t, lab) => {
      const places = ['home/.cache', 'home/.local', 'run', 'out'];
      const made = places.flatMap((place) => [
        place,
        ...readdirSync(lab.at(place), {recursive: true, encoding: 'utf8'}).map((name) => join(place, name)),
      ]);
      t.same(
        made.filter((name) => (statSync(lab.at(name)).mode & 0o022) !== 0),
        [],
      );
    },
  },
]);
