// SPDX-License-Identifier: MIT
/**
 * Set-ups that somebody hostile made, each met by the real program twice: by root, and by a user who is nobody special.
 * Whatever it says, what lies outside of its own folders is the same afterwards.
 */
import {execFileSync, spawn} from 'node:child_process';
import {chmodSync, lstatSync, mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {dirname, join} from 'node:path';
import t, {type Test} from 'tap';
import {write, writeRepository} from '../tree/fake-linux.js';
import {copyProgram} from './copy-program.js';
import {difference, snapshot} from './snapshot.js';

const me = process.geteuid?.() ?? 0;
/** Who runs kverdict, and who else is on the computer: users without a name. */
const USER = me === 0 ? 64_242 : me;
export const OTHER = 64_343;
/** Beside the user's own folders, what a run may change. */
const OURS = ['home/.cache', 'home/.local', 'run'];

export interface Lab {
  /** Everything of the case is below. */
  root: string;
  /** uid of who runs kverdict. */
  uid: number;
  /** A path in it. */
  at(...parts: string[]): string;
  /** From now on it is somebody else's, with all below. @returns the path */
  give(...parts: string[]): string;
  /** A program that notes that it was run. */
  evil: string;
}

export interface Setup {
  /** What is hostile, in a few words. */
  name: string;
  /**
   * Makes it, as root or as the user. There is already: `home`, `run` and `tmp`, `victim/thesis.txt`, a kernel tree
   * `linux` and a series for it `x.mbox`; `mark(lab.at('home/.cache/kverdict'), …)` makes a folder kverdict's.
   */
  plant?(lab: Lab): void;
  /** Of kverdict. */
  args(lab: Lab): string[];
  /** Default: 128, nothing was judged. */
  code?: number;
  /** The message's first line, without `kverdict: `; ROOT stands for the lab's folder, ME and OTHER for users. */
  says: string | RegExp;
  /** As `says`, where a user without rights is told otherwise. */
  saysToUser?: string;
  /** `undefined` takes a variable away. */
  env?(lab: Lab): Record<string, string | undefined>;
  /** Where it stands. Default: the lab's folder. */
  cwd?: string;
  /** A shell's words in front: `ulimit -n 40`. */
  first?: string;
  /** Not root, or nobody but root. */
  only?: 'user' | 'root';
  /** Files of other users are part of it: only root can make them. */
  foreign?: true;
  /** Beside its own folders, what a run may write. */
  writes?: readonly string[];
  /** That its own folders stay as they were, too. */
  strict?: true;
  /** More that must hold. */
  check?(t: Test, lab: Lab): void;
}

const top = mkdtempSync(join(tmpdir(), 'kvh-'));
chmodSync(top, 0o755);
t.teardown(() => rmSync(top, {recursive: true, force: true}));
// Each meeting is a second or two of CPU, on a host that may be busy.
t.setTimeout(600_000);
const main = copyProgram(join(top, 'program'));

/** One test a set-up, in which both users meet it. */
export function meet(setups: readonly Setup[]): void {
  const users = me === 0 ? [0, USER] : [USER];
  for (const setup of setups) {
    const met = users.filter((uid) => setup.only === undefined || (setup.only === 'root') === (uid === 0));
    const skip = met.length === 0 || (setup.foreign === true && me !== 0);
    t.test(setup.name, {skip, timeout: 300_000}, async (t) => {
      await Promise.all(met.map((uid) => meetAs(t, setup, uid)));
    });
  }
}

async function meetAs(t: Test, setup: Setup, uid: number): Promise<void> {
  const who = uid === 0 ? 'root' : 'a user';
  const {lab, given} = makeLab(uid);
  setup.plant?.(lab);
  hand(lab, given);
  const inside = setup.strict ? [] : [...OURS, ...(setup.writes ?? [])];
  const look = (): string[] => snapshot(lab.root, inside).filter((line) => !isFolderOf(inside, line));
  const before = look();
  const {code, said} = await run(setup, lab);
  const says = uid !== 0 && setup.saysToUser !== undefined ? setup.saysToUser : setup.says;
  if (typeof says === 'string') t.equal(said, says, `${who}: the message`);
  else t.match(said, says, `${who}: the message`);
  t.equal(code, setup.code ?? 128, `${who}: the exit code`);
  t.same(difference(before, look()), [], `${who}: nothing outside changed`);
  setup.check?.(t, lab);
  rmSync(lab.root, {recursive: true, force: true});
}

/** A folder of ours is made where it is not there; as anything else it is looked at. */
const isFolderOf = (inside: readonly string[], line: string): boolean =>
  inside.some((name) => line.startsWith(`${JSON.stringify(name)} 4`));

function makeLab(uid: number): {lab: Lab; given: string[]} {
  const root = mkdtempSync(join(top, 'l'));
  const at = (...parts: string[]): string => join(root, ...parts);
  const given: string[] = [];
  const give = (...parts: string[]): string => {
    given.push(at(...parts));
    return at(...parts);
  };
  for (const folder of ['home', 'run', 'victim', 'tmp']) mkdirSync(at(folder), {mode: 0o700});
  write(root, {'victim/thesis.txt': 'thesis\n', 'x.mbox': MAIL, evil: `#!/bin/sh\necho "$*" >>${at('PWNED')}\ncat\n`});
  for (const [path, mode] of [
    ['.', 0o755],
    ['tmp', 0o1777],
    ['evil', 0o755],
  ] as const)
    chmodSync(at(path), mode);
  writeRepository(at('linux'));
  return {lab: {root, uid, at, give, evil: at('evil')}, given};
}

/** All to who runs kverdict, and of that what was given away to somebody else. */
function hand({root, uid}: Lab, given: readonly string[]): void {
  if (me !== 0) return;
  if (uid !== 0) execFileSync('chown', ['-hR', `${uid}:${uid}`, root]);
  for (const path of given) execFileSync('chown', ['-hR', `${OTHER}:${OTHER}`, path]);
}

async function run(setup: Setup, lab: Lab): Promise<{code: number | null; said: string}> {
  const env: Record<string, string | undefined> = {
    ...{PATH: process.env.PATH, HOME: lab.at('home'), XDG_RUNTIME_DIR: lab.at('run'), TMPDIR: lab.at('tmp')},
    ...{NO_COLOR: '1', ...setup.env?.(lab)},
  };
  const words = [process.execPath, main, ...setup.args(lab)];
  const [command = '', ...rest] =
    setup.first === undefined ? words : ['/bin/sh', '-c', `${setup.first}; exec "$@"`, 'sh', ...words];
  const child = spawn(command, rest, {
    ...{env, cwd: lab.at(setup.cwd ?? '.'), stdio: ['ignore', 'pipe', 'pipe'] as const},
    ...(me === 0 && lab.uid !== 0 ? {uid: lab.uid, gid: lab.uid} : {}),
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
  const told = stderr.split('\n').find((line) => line.startsWith('kverdict: '));
  const line = told?.replace('kverdict: ', '') ?? stdout.split('\n')[0] ?? '';
  return {code, said: plainNames(line, lab)};
}

const plainNames = (line: string, {root, uid}: Lab): string =>
  line
    .replaceAll(root, 'ROOT')
    .replaceAll(/(kverdict-dry-)\w{6}/g, '$1X')
    .replaceAll(new RegExp(`\\b${OTHER}\\b`, 'g'), 'OTHER')
    .replaceAll(new RegExp(`(user |kverdict-)${uid}\\b`, 'g'), '$1ME');

/** Is there a file, whatever a link leads to? */
export const isThere = (path: string): boolean => lstatSync(path, {throwIfNoEntry: false}) !== undefined;

/** Puts a file below a lab. */
export function put(lab: Lab, name: string, text: string, mode = 0o644): string {
  mkdirSync(dirname(lab.at(name)), {recursive: true});
  writeFileSync(lab.at(name), text);
  chmodSync(lab.at(name), mode);
  return lab.at(name);
}

/** A dry run of the series on a tree: it reads all, and builds nothing. */
export const dry = (tree: string, ...more: string[]): string[] => [
  ...['verify', 'x.mbox', '--tree', tree, '-t', 'clear_refs', '-p', 'x86_64', '--dry-run', ...more],
];
/** What a dry run says first on stdout, when it goes well. */
export const DRY = '# a run has made its repository first, and applied the series in it';

const MAIL = [
  'From 1234567890123456789012345678901234567890 Mon Sep 17 00:00:00 2001',
  'From: A <a@b.example>',
  'Date: Mon, 2 Nov 2026 11:00:00 +0100',
  'Subject: [PATCH] mm: x',
  '',
  'text',
  '---',
  'diff --git a/mm/rmap.c b/mm/rmap.c',
  '--- a/mm/rmap.c',
  '+++ b/mm/rmap.c',
  '@@ -1 +1 @@',
  '-int rmap;',
  '+int other;',
  '-- ',
  '2.47.0',
  '',
].join('\n');
