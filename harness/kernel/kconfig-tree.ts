// SPDX-License-Identifier: MIT
/** The symbols that a tree knows for one architecture: asked of the files that its own Kconfig reads. */
import {dirname, join, normalize} from 'node:path';
import {KverdictError} from '../lib/errors.js';
import {takeText} from '../lib/intake.js';
import {ARCHES} from './arch.js';
import {sourceArch} from './file-kind.js';
import {statements} from './kconfig-statements.js';
import type {ArchName} from './kernel-build.js';
import {TREE_TEXT} from './left-behind.js';

/** Texts of a tree's files, by path from its top; one that it does not have is left out. */
export type ReadFiles = (paths: readonly string[]) => Promise<ReadonlyMap<string, string>>;

export interface KconfigTree {
  /** The text of every file with an entry of that name; empty: the tree has no such symbol for this architecture. */
  textsOf(symbol: string): ReadonlyMap<string, string>;
}

const TOP = 'Kconfig';
/** `source "…"`, and the words for a file beside this one, or one that may be missing. */
const SOURCE = /^(o?)(r?)source\s+"?([^"\s]+)"?/;
const ENTRY = /^(?:menu)?config\s+(\w+)/;

/**
 * Follows `source` from the top, as conf does: a symbol of another architecture, or of a file that nothing reads, is none
 * of this tree's. A variable that make does not set is empty, as for conf.
 */
export async function readKconfig(read: ReadFiles, arch: ArchName): Promise<KconfigTree> {
  const files = new Map<string, string>();
  const entries = new Map<string, Set<string>>();
  const seen = new Set<string>();
  for (let next = [TOP]; next.length > 0; ) {
    for (const path of next) seen.add(path);
    const texts = await read(next);
    const sourced = new Set<string>();
    for (const [path, text] of texts) {
      files.set(path, text);
      for (const {line} of statements(text)) {
        const [, name] = ENTRY.exec(line) ?? [];
        if (name !== undefined) entries.set(name, (entries.get(name) ?? new Set()).add(path));
        const [, , beside, word] = SOURCE.exec(line) ?? [];
        if (word === undefined) continue;
        const target = normalize(join(beside ? dirname(path) : '.', expand(word, arch)));
        if (!target.startsWith('..') && !seen.has(target)) sourced.add(target);
      }
    }
    next = [...sourced];
  }
  return {
    textsOf: (symbol) => {
      const paths = entries.get(symbol.replace(/^CONFIG_/, '')) ?? [];
      return new Map([...paths].map((path) => [path, files.get(path) ?? '']));
    },
  };
}

/** Variables that the top makefile hands to conf. */
function expand(word: string, arch: ArchName): string {
  const known: Readonly<Record<string, string>> = {
    SRCARCH: sourceArch(arch),
    HEADER_ARCH: sourceArch(arch),
    ARCH: ARCHES[arch].word,
    srctree: '.',
  };
  return word.replaceAll(/\$(?:\((\w+)\)|\{(\w+)\}|(\w+))/g, (_, a, b, c) => known[a ?? b ?? c] ?? '');
}

/** Of a source folder. A file that the gate refuses is one that nothing is known of: it is left out. */
export function inFolder(sourceDir: string): ReadFiles {
  return async (paths) => {
    const texts = new Map<string, string>();
    for (const path of paths) {
      const text = takeOrNone(sourceDir, path);
      if (text !== undefined) texts.set(path, text);
    }
    return texts;
  };
}

function takeOrNone(sourceDir: string, path: string): string | undefined {
  try {
    return takeText(sourceDir, path, {...TREE_TEXT, links: 'below'});
  } catch (error) {
    if (error instanceof KverdictError) return undefined;
    throw error;
  }
}
