// SPDX-License-Identifier: MIT
/** Kernel trees that would have git run something, or read, write or wait for something else. */
import {execFileSync} from 'node:child_process';
import {chmodSync, mkdirSync, renameSync, rmSync, symlinkSync, truncateSync, utimesSync, writeFileSync} from 'node:fs';
import {commitAll, git, write, writeRepository, writeSource} from '../tree/fake-linux.js';
import {DRY, dry, type Lab, meet, put} from './stage.js';

const foreign = (where: string): string =>
  `your input: The git repository \`ROOT/${where}\` belongs to another user: git runs what its configuration says`;

const NO_HEAD = 'your input: The git tree `linux` has no commit at HEAD';

/** Whatever git can be told to run, it is told to. */
function spring(lab: Lab, tree = 'linux'): void {
  const set = (key: string, value = `${lab.evil} ${key}`): void => void git(lab.at(tree), 'config', key, value);
  for (const name of ['clean', 'smudge', 'process']) set(`filter.evil.${name}`);
  for (const name of ['textconv', 'command']) set(`diff.evil.${name}`);
  for (const name of ['merge.evil.driver', 'diff.external', 'core.fsmonitor', 'core.editor', 'core.pager']) set(name);
  for (const name of ['core.sshCommand', 'core.gitProxy', 'core.askPass', 'gpg.program', 'gpg.ssh.program']) set(name);
  for (const name of ['pager.status', 'pager.rev-parse', 'sequence.editor', 'uploadpack.packObjectsHook']) set(name);
  for (const name of ['alias.rev-parse', 'alias.status', 'credential.helper']) set(name, `!${lab.evil} ${name}`);
  for (const name of ['credential.https://example.org.helper', 'browser.x.cmd']) set(name, `!${lab.evil} ${name}`);
  set('core.alternateRefsCommand');
  set('trace2.normalTarget', lab.at('PWNED'));
  set('core.attributesFile', put(lab, 'attributes', '* filter=evil diff=evil merge=evil\n'));
  set('log.showSignature', 'true');
  put(lab, `${tree}/.git/info/attributes`, '* filter=evil diff=evil merge=evil ident\n');
  put(lab, 'more', `[filter "more"]\n\tclean = ${lab.evil} include\n`);
  set('include.path', lab.at('more'));
  set(`includeIf.gitdir:${lab.root}/.path`, lab.at('more'));
  for (const hook of ['post-index-change', 'reference-transaction', 'post-checkout', 'fsmonitor-watchman', 'update']) {
    put(lab, `${tree}/.git/hooks/${hook}`, `#!/bin/sh\nexec ${lab.evil} ${hook}\n`, 0o755);
  }
  set('core.hooksPath', lab.at(tree, '.git/hooks'));
}

/** The index does not know them any more: git must read them to tell. */
function touch(lab: Lab, tree = 'linux'): void {
  write(lab.at(tree), {'mm/memory.c': 'int edited;\n'});
  utimesSync(lab.at(tree, 'kernel/fork.c'), new Date(), new Date());
}

/** Another repository of the user's, whose files and refs must stay. */
const victim = (lab: Lab): string => writeRepository(lab.at('victim/linux'));

meet([
  {
    name: 'a repository with everything that git can be told to run',
    plant: (lab) => {
      write(lab.at('linux'), {'.gitattributes': '*.c filter=evil diff=evil merge=evil\n'});
      const sub = writeRepository(lab.at('linux/sub'));
      git(sub, 'config', 'core.fsmonitor', `${lab.evil} submodule`);
      put(
        lab,
        'linux/.gitmodules',
        `[submodule "sub"]\n\tpath = sub\n\turl = ext::${lab.evil}\n\tupdate = !${lab.evil}\n`,
      );
      commitAll(lab.at('linux'), 'two');
      spring(lab);
      touch(lab);
      rmSync(lab.at('PWNED'), {force: true});
    },
    args: () => dry('linux'),
    code: 0,
    says: DRY,
  },
  {
    name: 'a bare repository with all of that, as a range',
    plant: (lab) => {
      git(lab.at('linux'), 'commit', '-q', '--allow-empty', '-m', 'two');
      git(lab.root, 'clone', '-q', '--bare', 'linux', 'bare.git');
      mkdirSync(lab.at('bare'));
      renameSync(lab.at('bare.git'), lab.at('bare/.git'));
      spring(lab, 'bare');
    },
    args: () => ['verify', 'HEAD~1..HEAD', '--tree', 'bare/.git', '-t', 'clear_refs', '-p', 'x86_64', '--dry-run'],
    code: 0,
    says: DRY,
  },
  {
    name: 'a repository of another user',
    foreign: true,
    plant: (lab) => {
      spring(lab);
      lab.give('linux');
    },
    args: () => dry('linux'),
    says: foreign('linux'),
  },
  {
    name: 'a .git that is a file, and leads to the repository of another user',
    foreign: true,
    plant: (lab) => {
      const theirs = writeRepository(lab.at('theirs'));
      spring(lab, 'theirs');
      chmodSync(theirs, 0o755);
      writeSource(lab.at('plain'));
      put(lab, 'plain/.git', `gitdir: ${theirs}/.git\n`);
      lab.give('theirs');
    },
    args: () => dry('plain'),
    says: foreign('plain'),
  },
  {
    // git itself takes it: the link is the user's own. Nothing of the repository is run.
    name: 'a .git that is a link to the repository of another user',
    foreign: true,
    plant: (lab) => {
      writeRepository(lab.at('theirs'));
      spring(lab, 'theirs');
      writeSource(lab.at('plain'));
      symlinkSync(lab.at('theirs/.git'), lab.at('plain/.git'));
      lab.give('theirs');
    },
    args: () => dry('plain'),
    code: 0,
    says: DRY,
  },
  {
    name: 'a work tree whose common folder is that of another user',
    foreign: true,
    plant: (lab) => {
      writeRepository(lab.at('theirs'));
      writeSource(lab.at('wt'));
      put(lab, 'wt/.git', `gitdir: ${lab.at('pointer')}\n`);
      put(lab, 'pointer/HEAD', 'ref: refs/heads/master\n');
      put(lab, 'pointer/commondir', `${lab.at('theirs/.git')}\n`);
      put(lab, 'pointer/gitdir', `${lab.at('wt/.git')}\n`);
      lab.give('theirs');
    },
    args: () => dry('wt'),
    says: foreign('theirs'),
  },
  {
    name: 'core.worktree leads to other files of the user',
    plant: (lab) => {
      const other = victim(lab);
      spring(lab);
      git(lab.at('linux'), 'config', 'core.worktree', other);
    },
    args: () => dry('linux'),
    code: 0,
    says: DRY,
  },
  {
    name: 'alternates with line breaks, quotes, comments, a way up and one to themselves',
    plant: (lab) => {
      victim(lab);
      const lines = [
        '# x',
        '../../../victim/linux/.git/objects',
        '"../ob\\njects"',
        lab.at('linux/.git/objects'),
        '/dev/zero',
        '',
      ];
      put(lab, 'linux/.git/objects/info/alternates', `${lines.join('\n')}\n`);
      put(lab, 'linux/.git/objects/info/commit-graph', 'CGPH garbage');
      put(lab, 'linux/.git/objects/pack/pack-1.idx', 'garbage');
      put(lab, 'linux/.git/info/grafts', 'garbage\n');
    },
    args: () => dry('linux'),
    code: 0,
    says: DRY,
  },
  {
    name: 'a HEAD that leads out of the repository',
    plant: (lab) => void put(lab, 'linux/.git/HEAD', 'ref: refs/heads/../../../../victim/thesis.txt\n'),
    args: () => dry('linux'),
    says: NO_HEAD,
  },
  {
    name: 'a HEAD that is a link to a file of the user',
    plant: (lab) => {
      rmSync(lab.at('linux/.git/HEAD'));
      symlinkSync(lab.at('victim/thesis.txt'), lab.at('linux/.git/HEAD'));
    },
    args: () => dry('linux'),
    code: 0,
    says: DRY,
  },
  {
    name: 'branches that are links to files of the user',
    plant: (lab) => {
      rmSync(lab.at('linux/.git/refs/heads/master'));
      symlinkSync(lab.at('victim/thesis.txt'), lab.at('linux/.git/refs/heads/master'));
      symlinkSync(lab.at('victim'), lab.at('linux/.git/refs/remotes'));
    },
    args: () => dry('linux'),
    says: NO_HEAD,
  },
  {
    name: 'an index that is a FIFO, and a list of shallow commits that is a link',
    plant: (lab) => {
      rmSync(lab.at('linux/.git/index'));
      execFileSync('mkfifo', [lab.at('linux/.git/index')]);
      symlinkSync(lab.at('victim/thesis.txt'), lab.at('linux/.git/shallow'));
    },
    args: () => dry('linux'),
    code: 0,
    says: DRY,
  },
  {
    name: 'an index larger than any',
    plant: (lab) => {
      rmSync(lab.at('linux/.git/index'));
      writeFileSync(lab.at('linux/.git/index'), '');
      truncateSync(lab.at('linux/.git/index'), 8 * 2 ** 30);
    },
    args: () => dry('linux'),
    code: 0,
    says: DRY,
  },
  {
    name: 'a format of repositories that git does not know',
    plant: (lab) => {
      git(lab.at('linux'), 'config', 'core.repositoryFormatVersion', '99');
    },
    args: () => dry('linux'),
    says: 'your input: git cannot read the repository of `ROOT/linux`: fatal: Expected git repo version <= 1, found 99',
  },
  {
    name: 'source without git: a repository in it, links out of it, a FIFO, names with line breaks',
    plant: (lab) => {
      const source = writeSource(lab.at('plain'));
      const nested = writeRepository(lab.at('plain/mm/nested'));
      git(nested, 'config', 'core.fsmonitor', `${lab.evil} nested`);
      symlinkSync(lab.at('victim/thesis.txt'), lab.at('plain/mm/out.c'));
      symlinkSync(lab.at('victim'), lab.at('plain/door'));
      execFileSync('mkfifo', [lab.at('plain/fifo')]);
      write(source, {'mm/a\nb.c': 'int x;\n', '-rf': 'int x;\n', '.gitattributes': '* filter=evil text eol=crlf\n'});
    },
    args: () => dry('plain'),
    code: 0,
    says: DRY,
  },
]);
