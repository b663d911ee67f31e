// SPDX-License-Identifier: MIT
/** The files of a folder that are patches: of a Maildir, of quilt's `series`, else by their names. */
import {type Dirent, readdirSync, statSync} from 'node:fs';
import {basename, dirname, join, normalize, resolve} from 'node:path';
import {UserError} from '../lib/errors.js';
import {needText} from '../lib/intake.js';
import {MAIL} from './limits.js';

export interface PatchFile {
  path: string;
  /** As in messages. */
  word: string;
  /** A `series` file names it: a patch, whatever it calls itself. */
  listed?: true;
}

export interface Folder {
  files: PatchFile[];
  notes: string[];
}

/** Packed ones are read, or refused by name. */
const NAME = /\.(?:patch|diff|eml|mbx|mbox|cover)(?:\.(?:gz|xz|bz2|zst|lzma|lz4))?$/i;
const READ = '`.patch`, `.diff`, `.eml`, `.mbox`, `.mbx` and `.cover`, also with `.gz`';

/**
 * The file of a word, or those of the folder that it names.
 * @throws UserError for what is not there, a folder without patches, and a `series` that asks for what is not done
 */
export function filesOf(word: string, cwd: string): Folder {
  const path = resolve(cwd, word);
  const stat = statSync(path, {throwIfNoEntry: false});
  if (stat === undefined) throw notThere(word);
  if (!stat.isDirectory())
    return isQuilt(path) ? quilt(dirname(path), dirname(word), []) : {files: [{path, word}], notes: []};
  const entries = readdirSync(path, {withFileTypes: true});
  if (isMaildir(entries)) return {files: mailsOf(path, word), notes: []};
  const names = entries.filter((entry) => !entry.isDirectory() && NAME.test(entry.name)).map(({name}) => name);
  if (entries.some((entry) => entry.name === 'series' && entry.isFile())) return quilt(path, word, names);
  if (names.length === 0) {
    const others =
      entries.length === 0
        ? 'it is empty'
        : `it has ${entries
            .slice(0, 3)
            .map(({name}) => `\`${name}\``)
            .join(', ')}${entries.length > 3 ? ', …' : ''}`;
    throw new UserError(`The directory \`${word}\` has no \`*.patch\` files: ${others}`, {
      hint: `Files that end in ${READ} are read; name any other one by one. \`git format-patch -o DIR BASE..\` writes them. A kernel tree is given with \`--tree\`.`,
    });
  }
  return {files: names.sort().map((name) => ({path: join(path, name), word: join(word, name)})), notes: []};
}

/** quilt's `series`, named itself: a mailbox of that name begins like one. */
function isQuilt(path: string): boolean {
  if (basename(path) !== 'series') return false;
  const [first = ''] = needText(dirname(path), 'series', MAIL).split('\n', 1);
  return !/^(?:From |[!-9;-~]+:)/.test(first);
}

function isMaildir(entries: readonly Dirent[]): boolean {
  return ['cur', 'new'].every((name) => entries.some((entry) => entry.name === name && entry.isDirectory()));
}

/** In the order of the names, as git am: they begin with the time of delivery. */
function mailsOf(path: string, word: string): PatchFile[] {
  const files = ['cur', 'new'].flatMap((folder) =>
    readdirSync(join(path, folder), {withFileTypes: true})
      .filter((entry) => entry.isFile() && !entry.name.startsWith('.'))
      .map(({name}) => ({name, path: join(path, folder, name), word: join(word, folder, name)})),
  );
  if (files.length === 0) throw new UserError(`The Maildir \`${word}\` has no mail in \`cur\` or \`new\``);
  return files.sort((a, b) => (a.name < b.name ? -1 : 1)).map(({path, word}) => ({path, word}));
}

/** A line: the name of a patch, from here, and options of patch(1); `#` begins a comment, and switches a patch off. */
function quilt(path: string, word: string, present: readonly string[]): Folder {
  const file = join(word, 'series');
  const lines = needText(path, 'series', MAIL).split(/\r?\n/);
  const wanted = lines.map((line) => line.replace(/(?:^|\s)#.*$/, '').trim()).filter((line) => line !== '');
  if (wanted.length === 0) {
    throw new UserError(`\`${file}\` names no patch, and it is the order of the folder`, {
      hint: 'Name the patches in it, or give their files.',
    });
  }
  const files = wanted.map((line) => {
    const [name = '', ...options] = line.split(/\s+/);
    const option = options.find((one) => !/^-(?:p1|pab)$/.test(one));
    if (option !== undefined) {
      throw new UserError(`\`${file}\` asks for \`${name}\` with \`${option}\`; only \`-p1\` is read`, {
        hint: 'Refresh the patch as quilt does by default: `quilt refresh -p ab`.',
      });
    }
    const inside = normalize(name);
    if (inside.startsWith('..') || inside.startsWith('/')) {
      throw new UserError(`\`${file}\` names \`${name}\`, which is outside of the folder`);
    }
    const found = statSync(join(path, inside), {throwIfNoEntry: false});
    if (found?.isFile() !== true) {
      throw new UserError(`\`${file}\` names \`${name}\`, and there is no such file`, {
        hint: 'Put the patch there, or take the line out of `series`.',
      });
    }
    return {path: join(path, inside), word: join(word, inside), listed: true as const};
  });
  const off = present.filter((name) => !files.some((one) => one.path === join(path, name)));
  const notes =
    off.length === 0
      ? []
      : [
          `\`${file}\` is the order: ${off.length} of the patches beside it are not in it (\`${off[0]}\`${off.length > 1 ? ', …' : ''})`,
        ];
  return {files, notes};
}

function notThere(word: string): UserError {
  return new UserError(`There is no file or directory \`${word}\`, and it is no commit range or Message-ID`, {
    hint: 'SERIES is an mbox file, `-`, a directory or list of `*.patch`, a range `A..B`, a Message-ID or a lore URL.',
  });
}
