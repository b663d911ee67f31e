// SPDX-License-Identifier: MIT
/** Tarballs as no tar(1) would make them. */
import {execFileSync} from 'node:child_process';
import {readdirSync, statSync, symlinkSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {gzipSync} from 'node:zlib';
import {DRY, dry, type Lab, meet} from './stage.js';
import {type Entry, tarOf} from './tar.js';

const SOURCE: readonly Entry[] = [
  {name: 'linux/', type: '5', mode: 0o755},
  {name: 'linux/Makefile', text: 'VERSION = 6\nPATCHLEVEL = 12\nSUBLEVEL = 7\nEXTRAVERSION =\n'},
  {name: 'linux/Kbuild', text: '#\n'},
  {name: 'linux/Kconfig', text: 'mainmenu "x"\n'},
  {name: 'linux/mm/', type: '5', mode: 0o755},
  {name: 'linux/mm/rmap.c', text: 'int rmap;\n'},
];

/** `x.tar` of a source and these entries behind it. */
const archive = (lab: Lab, ...entries: Entry[]): void => writeFileSync(lab.at('x.tar'), tarOf([...SOURCE, ...entries]));
const cannot = (why: string): string => `your input: Cannot import \`x.tar\`: tar: ${why}`;
const holds = (what: string): string => `your input: The tarball \`x.tar\` holds ${what}`;

const NO_SOURCE =
  'your input: `x.tar` is not a Linux source tree: looked at its top for a Makefile with VERSION and PATCHLEVEL, for Kbuild and for Kconfig';

/** Every file of the imported source. */
function imported(lab: Lab): string[] {
  const trees = lab.at('home/.cache/kverdict/trees');
  return readdirSync(trees, {recursive: true, encoding: 'utf8'}).map((name) => join(trees, name));
}

/** Imports it for good: a dry run would leave nothing to look at. */
const IMPORT = ['run', '--tree', 'x.tar', '--rev', 'no-such', '-t', 'clear_refs', '-p', 'x86_64', '--out', 'out'];
const NO_REV = 'your input: `x.tar` has no commit `no-such`: fatal: Needed a single revision';

meet([
  {
    name: 'of one link to files of the user',
    plant: (lab) => writeFileSync(lab.at('x.tar'), tarOf([{name: 'linux', type: '2', link: lab.at('victim')}])),
    args: () => dry('x.tar'),
    says: holds('a link out of it: linux -> ROOT/victim'),
  },
  {
    name: 'a link, and a file that goes through it',
    plant: (lab) =>
      archive(
        lab,
        {name: 'linux/door', type: '2', link: lab.at('victim')},
        {name: 'linux/door/thesis.txt', text: 'evil'},
      ),
    args: () => dry('x.tar'),
    says: cannot('linux/door/thesis.txt: Cannot open: Not a directory'),
  },
  {
    name: 'a hard link to a file of the user, and bytes for it',
    plant: (lab) =>
      archive(
        lab,
        {name: 'linux/mm/hard.c', type: '1', link: lab.at('victim/thesis.txt')},
        {name: 'linux/mm/hard.c', text: 'evil'},
      ),
    args: () => dry('x.tar'),
    says: cannot("Removing leading `/' from hard link targets"),
  },
  {
    name: 'a hard link upwards',
    plant: (lab) => archive(lab, {name: 'linux/mm/hard.c', type: '1', link: '../../../../../../victim/thesis.txt'}),
    args: () => dry('x.tar'),
    says: cannot("Removing leading `../../../../../../' from hard link targets"),
  },
  {
    name: 'a link, and a hard link through it',
    plant: (lab) =>
      archive(
        lab,
        {name: 'linux/door', type: '2', link: lab.at('victim')},
        {name: 'linux/mm/hard.c', type: '1', link: 'linux/door/thesis.txt'},
      ),
    args: () => dry('x.tar'),
    says: cannot('linux/door/thesis.txt: Cannot stat: Not a directory'),
  },
  {
    name: 'a folder, then a link of its name, then a file in it',
    plant: (lab) =>
      archive(
        lab,
        {name: 'linux/twice/', type: '5', mode: 0o755},
        {name: 'linux/twice', type: '2', link: lab.at('victim')},
        {name: 'linux/twice/thesis.txt', text: 'evil'},
      ),
    args: () => dry('x.tar'),
    says: cannot('linux/twice/thesis.txt: Cannot open: Not a directory'),
  },
  {
    name: 'names that are absolute',
    plant: (lab) => archive(lab, {name: lab.at('victim/thesis.txt'), text: 'evil'}),
    args: () => dry('x.tar'),
    says: NO_SOURCE,
  },
  {
    name: 'names that lead upwards',
    plant: (lab) => archive(lab, {name: 'linux/../../../../../../victim/thesis.txt', text: 'evil'}),
    args: () => dry('x.tar'),
    says: cannot("Removing leading `linux/../../../../../../' from member names"),
  },
  {
    name: 'devices, for root, and what a user makes of them',
    plant: (lab) => archive(lab, {name: 'linux/mm/zero.c', type: '3', device: [1, 5]}),
    args: () => dry('x.tar'),
    says: holds('a device: mm/zero.c'),
    saysToUser: cannot('linux/mm/zero.c: Cannot mknod: Operation not permitted'),
  },
  {
    name: 'a FIFO',
    plant: (lab) => archive(lab, {name: 'linux/mm/fifo.c', type: '6'}),
    args: () => dry('x.tar'),
    says: holds('a FIFO: mm/fifo.c'),
  },
  {
    name: 'programs that run as their owner, and folders that all may write',
    plant: (lab) =>
      archive(
        lab,
        {name: 'linux/su', text: '#!/bin/sh\n', mode: 0o6777, owner: 0},
        {name: 'linux/open/', type: '5', mode: 0o1777},
        {name: 'linux/open/x', text: 'x', mode: 0o666},
      ),
    args: () => IMPORT,
    says: NO_REV,
    writes: ['out'],
    check: (t, lab) =>
      t.same(
        imported(lab).filter((file) => (statSync(file).mode & 0o7022) !== 0),
        [],
      ),
  },
  {
    name: 'a file of 8 TiB that is all holes',
    plant: (lab) => archive(lab, {name: 'linux/mm/huge.c', sparseBytes: 8 * 2 ** 40}),
    args: () => dry('x.tar'),
    says: holds('a file of more than 1024 MiB: it is no kernel source'),
  },
  {
    name: 'names with line breaks, escapes, blanks, dashes; the same name three times',
    plant: (lab) =>
      archive(
        lab,
        ...['linux/a\nb', 'linux/\u001b[2Jx', 'linux/ x ', 'linux/-rf', 'linux/$(touch PWNED)'].map((name) => ({
          name,
          text: 'x',
        })),
        ...['one', 'two', 'three'].map((text) => ({name: 'linux/mm/rmap.c', text})),
      ),
    args: () => IMPORT,
    says: NO_REV,
    writes: ['out'],
  },
  {
    name: 'a repository that would run something',
    plant: (lab) =>
      archive(
        lab,
        {name: 'linux/.git/', type: '5', mode: 0o755},
        {name: 'linux/.git/HEAD', text: 'ref: refs/heads/master\n'},
        {name: 'linux/.git/config', text: `[core]\n\tfsmonitor = ${lab.evil}\n\thooksPath = ${lab.root}\n`},
        {name: 'linux/.git/objects/', type: '5', mode: 0o755},
        {name: 'linux/.git/refs/', type: '5', mode: 0o755},
        {name: 'linux/.gitattributes', text: '* filter=lfs diff=lfs merge=lfs\n'},
      ),
    args: () => IMPORT,
    says: NO_REV,
    writes: ['out'],
  },
  {
    name: 'a tarball whose name is an option of tar, or a host',
    plant: (lab) => {
      writeFileSync(lab.at('host:x.tar'), tarOf(SOURCE));
    },
    args: () => dry('host:x.tar'),
    code: 0,
    says: DRY,
  },
  {
    name: 'TAR_OPTIONS of whoever called',
    plant: (lab) => archive(lab),
    env: (lab) => ({TAR_OPTIONS: `--to-command=${lab.evil} --absolute-names`}),
    args: () => dry('x.tar'),
    code: 0,
    says: DRY,
  },
  {
    name: 'a tarball that is a FIFO',
    plant: (lab) => void execFileSync('mkfifo', [lab.at('x.tar')]),
    args: () => dry('x.tar'),
    says: 'your input: `x.tar` is neither a directory nor a regular file',
  },
  {
    name: 'a tarball that is a device',
    plant: (lab) => symlinkSync('/dev/zero', lab.at('x.tar')),
    args: () => dry('x.tar'),
    says: 'your input: `x.tar` is neither a directory nor a tarball (.tar, .tar.gz, .tar.xz, .tar.zst, .tar.bz2)',
  },
  {
    name: 'one that is cut',
    plant: (lab) => writeFileSync(lab.at('x.tar.gz'), gzipSync(tarOf(SOURCE)).subarray(0, 200)),
    args: () => dry('x.tar.gz'),
    says: 'your input: Cannot import `x.tar.gz`: gzip: stdin: unexpected end of file',
  },
]);
