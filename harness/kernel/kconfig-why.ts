// SPDX-License-Identifier: MIT
import {holds, splitAt} from './kconfig-expression.js';
import type {AskedSymbol} from './kconfig-fragment.js';
import {statements} from './kconfig-statements.js';
import type {KconfigTree} from './kconfig-tree.js';

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
export function whyLost(tree: KconfigTree, asked: AskedSymbol, values: ReadonlyMap<string, string>): Lost {
  const name = asked.symbol.slice('CONFIG_'.length);
  const definitions = [...tree.textsOf(name)].flatMap(([file, text]) => findDefinitions(text, name, file));
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
      entry =
        rest.split(/\s/, 1)[0] === name ? {file, line: number, conditions: around.flat(), prompt: false} : undefined;
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

/** The parts of an `A && B` that do not hold. */
function unmetIn(expression: string, values: ReadonlyMap<string, string>): string[] {
  return splitAt(expression, '&&').flatMap((part) => (holds(part, values) ? [] : [part]));
}
