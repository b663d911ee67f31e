// SPDX-License-Identifier: MIT
import {basename, dirname, join} from 'node:path';
import {takeText} from '../lib/intake.js';
import {optionsOf} from './compiler-options.js';
import {LEFT_TEXT} from './left-behind.js';

/**
 * How kbuild compiled an object: the options and the source, to be given to a compiler of ours in `O=`. Which program the
 * text names is not told: what has run in `O=` may have written it.
 */
export interface ObjectCommand {
  args: readonly string[];
  /** An option of it that is not used again (`-fplugin=…`); then `args` is empty. */
  refused?: string;
}

const SAVED = /^(?:saved)?cmd_\S+ := (.*)$/;
/** What kbuild calls the object of `x.c`; arm64's hypervisor part has names of its own. */
const SUFFIXES = ['.o', '.nvhe.o'];

/**
 * The compiler's command of a C file, from the `.cmd` file that kbuild keeps beside its object.
 *
 * @param source relative to the top of the tree: `mm/memory.c`
 * @returns undefined when this `O=` did not compile that file by itself
 */
export function readObjectCommand(objectDir: string, source: string): ObjectCommand | undefined {
  const name = basename(source, '.c');
  for (const suffix of SUFFIXES) {
    const text = takeText(objectDir, join(dirname(source), `.${name}${suffix}.cmd`), LEFT_TEXT);
    const command = text === undefined ? undefined : parseObjectCommand(text);
    if (command !== undefined) return command;
  }
  return undefined;
}

/** As above, from the file's text. */
export function parseObjectCommand(text: string): ObjectCommand | undefined {
  const saved = SAVED.exec(text.split('\n')[0] ?? '')?.[1];
  if (saved === undefined) return undefined;
  // kbuild writes the command so that make can read it again.
  const words = firstCommand(saved.replaceAll('$(pound)', '#').replaceAll('$$', '$'));
  // `ccache gcc`, `/opt/llvm/bin/clang`: up to the first option.
  const start = words.findIndex((word) => word.startsWith('-'));
  if (start < 1 || !words.includes('-c')) return undefined;
  const read = optionsOf(words.slice(start));
  if ('refused' in read) return {args: [], refused: read.refused};
  const [source] = read.sources;
  if (source === undefined || read.sources.length > 1) return undefined;
  return {args: [...read.options, source]};
}

/** The words of a shell line up to the first `;`, `&&` or `|`, without their quotes. */
function firstCommand(line: string): string[] {
  const words: string[] = [];
  let word: string | undefined;
  for (const [token] of line.matchAll(/'[^']*'|"(?:\\.|[^"\\])*"|\\.|\s+|[;&|]|[^\s'"\\;&|]+/g)) {
    const [first = ''] = token;
    if (/[;&|]/.test(first)) break;
    if (/\s/.test(first)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else word = (word ?? '') + unquoted(token);
  }
  return word === undefined ? words : [...words, word];
}

function unquoted(token: string): string {
  if (token.startsWith("'")) return token.slice(1, -1);
  if (token.startsWith('"')) return token.slice(1, -1).replaceAll(/\\([$`"\\])/g, '$1');
  return token.startsWith('\\') ? token.slice(1) : token;
}
