// SPDX-License-Identifier: MIT
/** A command starts in folders that are safe, or not at all; and what lies behind a link of somebody else stays. */
import {
  chmodSync,
  chownSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import t from 'tap';
import {withContext} from '../../cli/with-context.js';
import {messageOf} from '../../lib/errors.js';

const NOBODY = 65534;
const isRoot = process.geteuid?.() === 0;
const top = mkdtempSync(join(tmpdir(), 'kverdict-ctx-'));
const before = {...process.env};
t.teardown(() => {
  process.env = before;
  rmSync(top, {recursive: true, force: true});
});
delete process.env.XDG_RUNTIME_DIR;
Object.assign(process.env, {TMPDIR: join(top, 'tmp'), XDG_CACHE_HOME: join(top, 'c'), XDG_STATE_HOME: join(top, 's')});
const runtime = join(top, 'tmp', `kverdict-${process.getuid?.()}`);

/** Names that a sweep took for those of dead processes. */
const PHOTOS = ['2026-08 holiday', '20261121-143500-4711', '32767-1'];
const photos = join(top, 'photos');
t.beforeEach(() => {
  rmSync(join(top, 'tmp'), {recursive: true, force: true});
  mkdirSync(join(top, 'tmp'));
  chmodSync(join(top, 'tmp'), 0o1777);
  for (const name of PHOTOS) {
    mkdirSync(join(photos, name), {recursive: true});
    writeFileSync(join(photos, name, 'photo'), 'mine');
  }
});

/** What the command's start said; `begun`: it went on. */
const start = (folders?: 'touch' | 'look' | 'copy'): Promise<string> =>
  withContext({jsonl: false, quiet: true, ...(folders === undefined ? {} : {folders})}, async () => 'begun').catch(
    messageOf,
  );
const photosLeft = (): string[] => readdirSync(photos, {recursive: true, encoding: 'utf8'}).sort();
const all = PHOTOS.flatMap((name) => [name, `${name}/photo`]).sort();

t.test('the folder for sockets is a link', async (t) => {
  symlinkSync(photos, runtime);
  t.equal(await start(), `The folder for sockets \`${runtime}\` is not safe: \`${runtime}\` is a symbolic link`);
  t.same(photosLeft(), all);
});

t.test('it can be written by others', async (t) => {
  mkdirSync(runtime);
  chmodSync(runtime, 0o777);
  t.match(await start(), /can be written by others \(mode 0777\)$/);
});

t.test('it is a folder with things of the user: used, and not swept', async (t) => {
  mkdirSync(runtime, {mode: 0o700});
  for (const name of PHOTOS) mkdirSync(join(runtime, name, 'photo'), {recursive: true});
  t.equal(await start(), 'begun');
  t.same(readdirSync(runtime, {recursive: true, encoding: 'utf8'}).sort(), all);
});

t.test(
  'cache, state or sockets belong to another user, or lie below a folder that does',
  {skip: !isRoot},
  async (t) => {
    mkdirSync(runtime);
    chownSync(runtime, NOBODY, NOBODY);
    t.match(await start(), new RegExp(`belongs to user ${NOBODY}$`));
    rmSync(runtime, {recursive: true});
    for (const [variable, what] of [
      ['XDG_CACHE_HOME', 'The cache'],
      ['XDG_STATE_HOME', 'The state'],
    ] as const) {
      const kept = process.env[variable];
      const theirs = mkdtempSync(join(top, 'theirs-'));
      chownSync(theirs, NOBODY, NOBODY);
      process.env[variable] = join(theirs, 'x');
      const said = `${what} \`${theirs}/x/kverdict\` is not safe: \`${theirs}\` belongs to user ${NOBODY}, who may exchange what is in it`;
      t.equal(await start(), said);
      t.same(readdirSync(theirs), [], 'nothing is made there');
      process.env[variable] = kept;
    }
  },
);

t.test('a dry run copies from, and to, no folder that others can write in', {skip: !isRoot}, async (t) => {
  const kept = process.env.XDG_CACHE_HOME;
  t.teardown(() => {
    process.env.XDG_CACHE_HOME = kept;
  });
  const theirs = mkdtempSync(join(top, 'theirs-'));
  process.env.XDG_CACHE_HOME = theirs;
  mkdirSync(join(theirs, 'kverdict/mirrors/x.git/objects'), {recursive: true});
  chownSync(join(theirs, 'kverdict'), NOBODY, NOBODY);
  // git of the copy would run what this says.
  writeFileSync(join(theirs, 'kverdict/mirrors/x.git/config'), '[core]\n\tfsmonitor = evil\n');
  t.equal(
    await start('copy'),
    `The cache \`${theirs}/kverdict\` is not safe: \`${theirs}/kverdict\` belongs to user ${NOBODY}`,
  );
  process.env.XDG_CACHE_HOME = kept;
  chmodSync(join(top, 'tmp'), 0o777);
  process.env.XDG_RUNTIME_DIR = join(top, 'r');
  t.match(await start('copy'), /^The folder of a dry run `.*` is not safe: `.*\/tmp` can be written by others/);
  delete process.env.XDG_RUNTIME_DIR;
  t.same(readdirSync(join(top, 'tmp')), []);
});

t.test('who only looks, or works in a copy, makes nothing', async (t) => {
  for (const folder of ['c', 's']) rmSync(join(top, folder), {recursive: true, force: true});
  for (const folders of ['look', 'copy'] as const) {
    t.equal(await start(folders), 'begun');
    t.same(
      readdirSync(top).sort(),
      ['photos', 'tmp', ...readdirSync(top).filter((name) => /^theirs-/.test(name))].sort(),
    );
    t.same(readdirSync(join(top, 'tmp')), [], 'and the copy is gone');
  }
  symlinkSync(photos, runtime);
  t.equal(await start('look'), 'begun', 'doctor can say what is wrong');
  t.ok(lstatSync(runtime).isSymbolicLink());
  t.same(photosLeft(), all);
});
