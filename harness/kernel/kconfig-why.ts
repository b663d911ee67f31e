// SPDX-License-Identifier: MIT
import {relative} from 'node:path';
import type {Context} from '../lib/context.js';
import {needText} from '../lib/intake.js';
import {holds, splitAt} from './kconfig-expression.js';
import type {AskedSymbol} from './kconfig-fragment.js';
import {TREE_TEXT} from './left-behind.js';

/** A symbol that was asked for and is not in .config, and where the tree says so. */
export interface Lost {
  asked: AskedSymbol;
  reason: string;
  /** The Kconfig file that defines it, relative to the top; empty when none does. */
  file: string;
  line: number;
}

interface Definition {
  file: string;
  line: number;
  /** `depends on` of the entry and of the menus and ifs around it in the same file. */
  conditions: string[];
  prompt: boolean;
}

/**
 * Says why, as far as the Kconfig file that defines the symbol tells: conditions around the `source` line of that file
 * are not followed, so the answer can be short of one, never wrong about those it names.
 */
export async function whyLost(
  ctx: Context,
  sourceDir: string,
  asked: AskedSymbol,
  values: ReadonlyMap<string, string>,
): Promise<Lost> {
  const name = asked.symbol.slice('CONFIG_'.length);
  const pattern = `^[[:space:]]*(menu)?config[[:space:]]+${name}[[:space:]]*$`;
  const found = await ctx.exec.run('grep', ['-rlE', '--include=Kconfig*', '--exclude-dir=.git', pattern, sourceDir]);
  const files = found.stdout.split('\n').filter((file) => file !== '');
  const definitions = files.flatMap((file) =>
    findDefinitions(needText(sourceDir, relative(sourceDir, file), TREE_TEXT), name, relative(sourceDir, file)),
  );
  const first = definitions[0];
  if (first === undefined) return {asked, reason: 'this tree has no such symbol', file: '', line: 0};
  const place = {asked, file: first.file, line: first.line};
  const unmet = [
    ...new Set(definitions.flatMap(({conditions}) => conditions.flatMap((text) => unmetIn(text, values)))),
  ];
  const got = values.get(asked.symbol) ?? 'n';
  if (unmet.length > 0) {
    return {
      ...place,
      reason: `it depends on ${unmet.join(' and ')}, which is not so here (${first.file}:${first.line})`,
    };
  }
  if (definitions.every(({prompt}) => !prompt)) {
    return {...place, reason: `it has no prompt: something must select it (${first.file}:${first.line})`};
  }
  return {
    ...place,
    reason: `it became ${got}: another symbol selects it, or a choice went the other way (${first.file}:${first.line})`,
  };
}

/** Every entry of `name` in one Kconfig file. */
export function findDefinitions(text: string, name: string, file: string): Definition[] {
  const found: Definition[] = [];
  /** Conditions of the ifs, menus and choices that are open; a menu's own `depends on` come after it. */
  const around: string[][] = [];
  let takes: string[] | undefined;
  let entry: Definition | undefined;
  for (const {line, number} of statements(text)) {
    const [word = ''] = line.split(/\s+/, 1);
    const rest = line.slice(word.length).trim();
    if (word === 'config' || word === 'menuconfig') {
      entry = rest === name ? {file, line: number, conditions: around.flat(), prompt: false} : undefined;
      takes = entry?.conditions;
      if (entry !== undefined) found.push(entry);
    } else if (word === 'if' || word === 'menu' || word === 'choice') {
      takes = word === 'if' ? undefined : [];
      entry = undefined;
      around.push(takes ?? [rest]);
    } else if (word === 'endif' || word === 'endmenu' || word === 'endchoice') {
      around.pop();
      entry = takes = undefined;
    } else if (line.startsWith('depends on ')) {
      takes?.push(line.slice('depends on '.length));
    } else if (entry !== undefined && /^(?:(?:bool|tristate|int|hex|string)\s+["']|prompt\s)/.test(line)) {
      entry.prompt = true;
    }
  }
  return found;
}

/** The lines of a Kconfig file with continuations joined and help texts (which hold any word) left out. */
function* statements(text: string): Generator<{line: string; number: number}> {
  const lines = text.split('\n');
  let help: 'no' | 'starts' | number = 'no';
  for (let at = 0; at < lines.length; at++) {
    const number = at + 1;
    let line = lines[at] ?? '';
    if (line.trim() === '') continue;
    const indent = indentOf(line);
    if (help === 'starts' && indent > 0) help = indent;
    if (typeof help === 'number' && indent >= help) continue;
    help = 'no';
    while (line.endsWith('\\') && at + 1 < lines.length) line = `${line.slice(0, -1)} ${lines[++at]?.trim()}`;
    line = line.trim();
    if (line === 'help' || line === '---help---') help = 'starts';
    else yield {line, number};
  }
}

/** Columns of white space at the start; a tab goes to the next multiple of 8. */
function indentOf(line: string): number {
  let column = 0;
  for (const char of line) {
    if (char === '\t') column += 8 - (column % 8);
    else if (char === ' ') column++;
    else break;
  }
  return column;
}

/** The parts of an `A && B` that do not hold. */
function unmetIn(expression: string, values: ReadonlyMap<string, string>): string[] {
  return splitAt(expression, '&&').flatMap((part) => (holds(part, values) ? [] : [part]));
}
