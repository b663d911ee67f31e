// SPDX-License-Identifier: MIT
/** What `make install` of the tree's selftests printed: which files did not come about, and the compiler's words. */
import {basename} from 'node:path';
import {isOneName} from '../lib/intake.js';
import {keep} from '../lib/text.js';
import {compilerWords} from './programs.js';

/** make goes on after an error (`-k -i`): `make[2]: [../lib.mk:222: /…/mm/migration] Error 1 (ignored)`. */
const FAILED = /^make(?:\[\d+\])?: (?:\*\*\* )?\[(?:[^\]\s]+:\d+: )?([^\]]+)\] Error \d+/;
const NO_RULE = /^make(?:\[\d+\])?: \*\*\* No rule to make target ['`][^']+', needed by ['`]([^']+)'/;
/** The install step copies lists of files, and names those that are not there. */
const NOT_THERE = /^rsync: (?:\[sender\] )?link_stat "([^"]+)" failed: No such file/;
/** Another target begins: what was said before is not about the next failure. */
const BEGINS =
  /^(?:\s{1,2}[A-Z]{2,8}\s|\t|make(?:\[\d+\])?: |rsync |install |mkdir |cp |(?:\/\S*\/)?[\w-]*(?:gcc|clang|cc)(?:-\d+)? )/;

/** Far above what a target has; a log may say anything any number of times. */
const MAX_NAMES = 5000;
const MAX_SAID = 200;
const MAX_LINE = 2000;

export interface InstallLog {
  /** Files that the makefiles wanted to install and that were not made; names without folders, each once. */
  missing: readonly string[];
  /** Why a file was not made, by its name. */
  words: ReadonlyMap<string, string>;
}

/** @param log its text, or its lines as they are read; a name that is none is left out */
export function readInstallLog(log: string | Iterable<string>): InstallLog {
  const missing = new Set<string>();
  const words = new Map<string, string>();
  let said: string[] = [];
  for (const raw of typeof log === 'string' ? log.split('\n') : log) {
    const line = keep(raw, MAX_LINE);
    const failed = FAILED.exec(line)?.[1] ?? NO_RULE.exec(line)?.[1];
    const gone = NOT_THERE.exec(line)?.[1];
    if (gone !== undefined && isOneName(basename(gone)) && missing.size < MAX_NAMES) missing.add(basename(gone));
    if (failed !== undefined) {
      const name = basename(failed);
      // The first attempt counts: the install step tries once more.
      if (!words.has(name) && words.size < MAX_NAMES)
        words.set(name, compilerWords([...said, ...(said.length === 0 ? [line] : [])].join('\n')));
    }
    if (failed !== undefined || BEGINS.test(line)) said = [];
    else if (line.trim() !== '' && said.length < MAX_SAID) said.push(line);
  }
  return {missing: [...missing], words};
}

/** Why a program is not there: its own link, the object it is made of, or nothing that make said. The first log counts. */
export function whyMissing(name: string, ...logs: readonly InstallLog[]): string {
  const told = logs.map(({words}) => words.get(`${name}.o`) ?? words.get(name)).find((words) => words !== undefined);
  return told ?? 'make did not build it, and did not say why';
}
