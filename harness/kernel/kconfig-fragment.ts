// SPDX-License-Identifier: MIT
import {readdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {UserError} from '../lib/errors.js';
import type {Paths} from '../lib/paths.js';
import type {ArchName} from './kernel-build.js';

/** Where kverdict's own fragments are. */
export const fragmentFolder = ({project}: Pick<Paths, 'project'>): string => join(project, 'vm-images/kconfig');

/** A line of a fragment. */
export interface FragmentLine {
  /** Name of the fragment. */
  fragment: string;
  line: number;
}

/** One line of a fragment, with what it asks for. */
export interface AskedSymbol extends FragmentLine {
  /** `CONFIG_USERFAULTFD` */
  symbol: string;
  /** `y`, `n`, `m`, a number or a quoted string, as in .config. */
  value: string;
  /** What other trees call it, the newest first. */
  was?: readonly string[];
  /** Why a tree may do without it; absent: it must be there. */
  optional?: string;
  /** Why a tree that does not know it lacks nothing; one that knows it must have it. */
  gone?: string;
  /** Further lines that ask for it in the same way. */
  also?: readonly FragmentLine[];
}

const LINE = /^(CONFIG_[A-Za-z0-9_]+)=([ynm]|-?\d+|0x[0-9a-fA-F]+|"(?:[^"\\]|\\.)*")(?:\s+#\s*(.*))?$/;
/** What may follow a value: the former names, then how much the symbol is needed. */
const NOTE = /^(?:was:\s*((?:CONFIG_)\w+(?:,\s*CONFIG_\w+)*)(?:;\s*(?=\S)|$))?(?:(optional|gone):\s*(\S.*))?$/;

/** Reads one fragment. @throws UserError naming every line that is not one */
export function parseFragment(text: string, fragment: string): AskedSymbol[] {
  const asked: AskedSymbol[] = [];
  const wrong: string[] = [];
  for (const [index, raw] of text.split('\n').entries()) {
    const line = raw.trim();
    if (line === '' || line.startsWith('#')) continue;
    const [whole, symbol = '', value = '', said] = LINE.exec(line) ?? [];
    const note = said === undefined ? {} : parseNote(said);
    if (whole === undefined || note === undefined) {
      wrong.push(`${fragment}.config:${index + 1}: \`${line}\``);
      continue;
    }
    asked.push({symbol, value, fragment, line: index + 1, ...note});
  }
  if (wrong.length > 0) {
    throw new UserError(`Kconfig fragment with lines that are not understood:\n  ${wrong.join('\n  ')}`, {
      hint:
        'A line is `CONFIG_X=value`, and after it nothing, or `# was: CONFIG_OLD`, `# optional: why a tree may do ' +
        'without it`, `# gone: why a tree that does not know it lacks nothing`; `;` stands behind the old names.',
      facts: {lines: wrong},
    });
  }
  return asked;
}

/** Undefined: it is none. */
function parseNote(text: string): Pick<AskedSymbol, 'was' | 'optional' | 'gone'> | undefined {
  const [whole, was, kind, why] = NOTE.exec(text) ?? [];
  if (whole === undefined || whole === '') return undefined;
  return {
    ...(was === undefined ? {} : {was: was.split(/,\s*/)}),
    ...(kind === undefined ? {} : {[kind]: why}),
  };
}

/**
 * Everything that is asked for: base, then the architecture's fragment, then the named ones, each overriding what came
 * before. The order of `names` does not matter; two of them that disagree are an error. Sorted by symbol, so that the
 * same wishes always make the same text.
 *
 * @throws UserError
 */
export function loadFragments(directory: string, arch: ArchName, names: readonly string[]): AskedSymbol[] {
  const merged = new Map<string, AskedSymbol>();
  const override = (asked: AskedSymbol): void => {
    const before = merged.get(asked.symbol);
    merged.set(asked.symbol, before?.value === asked.value ? bothOf(before, asked) : asked);
  };
  for (const name of ['base', arch]) for (const asked of read(directory, name)) override(asked);
  const named = new Map<string, AskedSymbol>();
  for (const name of [...new Set(names)].sort()) {
    for (const asked of read(directory, name)) {
      const other = named.get(asked.symbol);
      if (other !== undefined && other.value !== asked.value) {
        throw new UserError(
          `Kconfig fragments disagree about ${asked.symbol}: ${other.fragment}.config:${other.line} wants ` +
            `${other.value}, ${asked.fragment}.config:${asked.line} wants ${asked.value}`,
        );
      }
      named.set(asked.symbol, other === undefined ? asked : bothOf(other, asked));
    }
  }
  for (const asked of named.values()) override(asked);
  return [...merged.values()].sort((a, b) => (a.symbol < b.symbol ? -1 : 1));
}

/** How strictly a line asks: the stricter wish wins, as what one suite needs another can do without. */
const strictness = ({optional, gone}: AskedSymbol): number => (optional !== undefined ? 0 : gone !== undefined ? 1 : 2);

/** Two lines that want the same value: the stricter one, which knows of the other when both are as strict. */
function bothOf(one: AskedSymbol, other: AskedSymbol): AskedSymbol {
  const [first, second] = strictness(one) < strictness(other) ? [other, one] : [one, other];
  const was = [...new Set([...(first.was ?? []), ...(second.was ?? [])])];
  const {also = [], ...rest} = first;
  const places = strictness(one) === strictness(other) ? [...also, ...linesOf(second)] : also;
  return {
    ...rest,
    ...(was.length === 0 ? {} : {was}),
    ...(places.length === 0 ? {} : {also: places}),
  };
}

/** Every line that asks for it so. */
export const linesOf = ({fragment, line, also = []}: AskedSymbol): FragmentLine[] => [{fragment, line}, ...also];

/** `mte.config:4` */
export const lineWords = ({fragment, line}: FragmentLine): string => `${fragment}.config:${line}`;

/** What counts in them, for the cache's key: comments and order do not. */
export function fragmentText(asked: readonly AskedSymbol[]): string {
  return asked.map((one) => `${one.symbol}=${one.value}${notesOf(one)}\n`).join('');
}

function notesOf({optional, gone, was = []}: AskedSymbol): string {
  const words = [...(optional === undefined ? [] : ['optional']), ...(gone === undefined ? [] : ['gone']), ...was];
  return words.map((word) => ` ${word}`).join('');
}

function read(directory: string, name: string): AskedSymbol[] {
  try {
    return parseFragment(readFileSync(join(directory, `${name}.config`), 'utf8'), name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    const present = readdirSync(directory).filter((file) => file.endsWith('.config'));
    throw new UserError(`There is no Kconfig fragment \`${name}\``, {
      hint: `In ${directory}: ${present.map((file) => file.slice(0, -'.config'.length)).join(', ')}.`,
      cause: error,
    });
  }
}
