// SPDX-License-Identifier: MIT
import {readdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {UserError} from '../lib/errors.js';
import type {ArchName} from './kernel-build.js';

/** One line of a fragment. */
export interface AskedSymbol {
  /** `CONFIG_USERFAULTFD` */
  symbol: string;
  /** `y`, `n`, `m`, a number or a quoted string, as in .config. */
  value: string;
  /** Why a tree may do without it; absent: it must be there. */
  optional?: string;
  /** Name of the fragment that asked. */
  fragment: string;
  line: number;
}

const LINE = /^(CONFIG_[A-Za-z0-9_]+)=([ynm]|-?\d+|0x[0-9a-fA-F]+|"(?:[^"\\]|\\.)*")(?:\s+#\s*(.*))?$/;
const OPTIONAL = /^optional:\s*(\S.*)$/;

/** Reads one fragment. @throws UserError naming every line that is not one */
export function parseFragment(text: string, fragment: string): AskedSymbol[] {
  const asked: AskedSymbol[] = [];
  const wrong: string[] = [];
  for (const [index, raw] of text.split('\n').entries()) {
    const line = raw.trim();
    if (line === '' || line.startsWith('#')) continue;
    const match = LINE.exec(line);
    const optional = match?.[3] === undefined ? undefined : OPTIONAL.exec(match[3])?.[1];
    if (match === null || (match[3] !== undefined && optional === undefined)) {
      wrong.push(`${fragment}.config:${index + 1}: \`${line}\``);
      continue;
    }
    const [, symbol = '', value = ''] = match;
    asked.push({symbol, value, fragment, line: index + 1, ...(optional === undefined ? {} : {optional})});
  }
  if (wrong.length > 0) {
    throw new UserError(`Kconfig fragment with lines that are not understood:\n  ${wrong.join('\n  ')}`, {
      hint: 'A line is `CONFIG_X=value`, and after it nothing or `# optional: why a tree may do without it`.',
      facts: {lines: wrong},
    });
  }
  return asked;
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
  for (const name of ['base', arch]) for (const asked of read(directory, name)) merged.set(asked.symbol, asked);
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
      // The stricter wish wins: what one suite needs is not optional because another can do without.
      if (other === undefined || other.optional !== undefined) named.set(asked.symbol, asked);
    }
  }
  for (const asked of named.values()) merged.set(asked.symbol, asked);
  return [...merged.values()].sort((a, b) => (a.symbol < b.symbol ? -1 : 1));
}

/** What counts in them, for the cache's key: comments and order do not. */
export function fragmentText(asked: readonly AskedSymbol[]): string {
  return asked
    .map(({symbol, value, optional}) => `${symbol}=${value}${optional === undefined ? '' : ' optional'}\n`)
    .join('');
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
