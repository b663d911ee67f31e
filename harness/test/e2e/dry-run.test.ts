// SPDX-License-Identifier: MIT
/** `--dry-run` changes nothing at all: cache, state, runtime, the run's folder and the tree, before and after. */
import {execFileSync} from 'node:child_process';
import {createHash} from 'node:crypto';
import {lstatSync, mkdirSync, readdirSync, readFileSync, readlinkSync, symlinkSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import t, {type Test} from 'tap';
import {processIdentity} from '../../lib/process-owner.js';
import {Stage} from './support.js';

const stage = await new Stage().seed();
t.teardown(() => stage.remove());
t.setTimeout(300_000);

/** git sets the time of an object that it would write again, also of one that it reaches by alternates. */
const OBJECT = /^linux\/\.git\/objects\//;

/** Every name below with its type, mode, time and content. */
function listing(folder: string): string[] {
  const names = readdirSync(folder, {recursive: true, encoding: 'utf8'}).sort();
  // ccache makes its folder in XDG_RUNTIME_DIR whenever it is started, also to ask whether it works.
  return names
    .filter((name) => !/^ccache-tmp/.test(name))
    .map((name) => {
      const path = join(folder, name);
      const stat = lstatSync(path);
      const content = stat.isFile() ? readFileSync(path, 'latin1') : stat.isSymbolicLink() ? readlinkSync(path) : '';
      const hash = createHash('sha256').update(content).digest('hex').slice(0, 12);
      return `${name} ${stat.mode.toString(8)} ${OBJECT.test(name) ? '' : stat.mtimeMs} ${hash}`;
    });
}

async function unchanged(t: Test, ...args: string[]): Promise<string> {
  const before = listing(stage.folder);
  const {code, stdout, stderr} = await stage.run(args);
  t.equal(code, 0, stderr);
  t.same(listing(stage.folder), before, args.join(' '));
  return stdout;
}

t.test('on a computer where nothing was ever run, and on one where something was', async (t) => {
  const series = stage.patch('mm: dry', () => stage.scenario('test toy-race fail'));
  const commands = await unchanged(t, 'verify', series, ...stage.common(), '--dry-run');
  const gitDir = join(stage.env.XDG_CACHE_HOME, 'kverdict/trees/linux-');
  t.ok(commands.includes(`git --git-dir=${gitDir}`), 'lines name the places where a run has them');
  await unchanged(t, 'clean', '--dry-run');

  await stage.run(['run', ...stage.common(), '-p', 'x86_64']);
  const archive = join(stage.folder, 'linux.tar');
  execFileSync('tar', ['-cf', archive, '--exclude=.git', '-C', stage.folder, 'linux']);
  const imported = stage.places().with(1, archive);
  // What a sweep would take.
  const {XDG_CACHE_HOME: cache, XDG_RUNTIME_DIR: runtime} = stage.env;
  const dead = `${processIdentity()?.split('-')[0]}-1`;
  mkdirSync(join(runtime, 'kverdict', dead), {recursive: true});
  const torn = join(cache, 'kverdict/tmp', `${dead}-x-abcdef`);
  mkdirSync(torn, {recursive: true});
  writeFileSync(join(torn, '.kverdict'), 'kverdict temporary\n');
  symlinkSync('/etc', join(cache, 'kverdict/link'));
  for (const args of [
    ['verify', series, ...stage.common()],
    ['run', ...stage.common()],
    ['run', ...imported, '-t', 'toy'],
    ['clean'],
    ['clean', 'runs', 'trees'],
  ]) {
    await unchanged(t, ...args, '--dry-run');
  }
});
