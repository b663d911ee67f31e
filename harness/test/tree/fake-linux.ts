// SPDX-License-Identifier: MIT
/** Small true things for the tests of trees: a source that looks like Linux, git, a context with a cache of its own. */
import {execFileSync} from 'node:child_process';
import {setMaxListeners} from 'node:events';
import {lstatSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {dirname, join} from 'node:path';
import type {Context} from '../../lib/context.js';
import type {RunEvent} from '../../lib/events.js';
import {createExec} from '../../lib/exec.js';
import {resolvePaths} from '../../lib/paths.js';
import type {Patch, Series} from '../../series/series.js';

export interface Lab extends Context {
  /** Everything of the test is below; removed at the end. */
  root: string;
  events: RunEvent[];
  notes(): string[];
}

export function makeLab(t: {teardown(f: () => void): void}): Lab {
  const root = mkdtempSync(join(tmpdir(), 'kverdict-test-'));
  t.teardown(() => rmSync(root, {recursive: true, force: true}));
  const events: RunEvent[] = [];
  const emit = (event: RunEvent): void => void events.push(event);
  const {signal} = new AbortController();
  setMaxListeners(0, signal);
  const paths = {...resolvePaths(), cache: join(root, 'cache')};
  const notes = (): string[] =>
    events.flatMap((event) => (event.type === 'note' || event.type === 'warning' ? [event.message] : []));
  return {root, events, notes, paths, emit, signal, exec: createExec(emit, signal)};
}

/** git as a user would run it, with a clock that stands still. */
export function git(cwd: string, ...args: string[]): string {
  const date = '2026-11-02T10:00:00+0100';
  const env = {
    PATH: process.env.PATH,
    HOME: cwd,
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_AUTHOR_NAME: 'Una User',
    GIT_AUTHOR_EMAIL: 'una@example.org',
    GIT_AUTHOR_DATE: date,
    GIT_COMMITTER_NAME: 'Una User',
    GIT_COMMITTER_EMAIL: 'una@example.org',
    GIT_COMMITTER_DATE: date,
  };
  const words = ['-c', 'protocol.file.allow=always', '-c', 'advice.detachedHead=false', ...args];
  return execFileSync('git', words, {cwd, env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe']}).trim();
}

export const MEMORY_C = ['#include "mm.h"', '', 'int fault(void)', '{', '\treturn 0;', '}', '', 'int last;', ''].join(
  '\n',
);

export function write(top: string, files: Record<string, string>): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(top, name)), {recursive: true});
    writeFileSync(join(top, name), text);
  }
}

/** A directory that looks like Linux 6.12.7. */
export function writeSource(top: string): string {
  write(top, {
    Makefile:
      '# SPDX-License-Identifier: GPL-2.0\nVERSION = 6\nPATCHLEVEL = 12\nSUBLEVEL = 7\nEXTRAVERSION =\nNAME = Toy\n',
    Kbuild: '# top\n',
    Kconfig: 'mainmenu "Toy"\n',
    '.gitignore': '*.o\n.*\n!.gitignore\n/vmlinux\n',
    'mm/memory.c': MEMORY_C,
    'mm/rmap.c': 'int rmap;\n',
    'kernel/fork.c': 'int fork;\n',
    // Tracked in some releases although .gitignore names it.
    'tools/.hidden': 'kept\n',
  });
  return top;
}

/** The same in a git repository with one commit, tag v6.12.7. */
export function writeRepository(top: string): string {
  mkdirSync(top, {recursive: true});
  git(top, 'init', '-q', '-b', 'master');
  writeSource(top);
  commitAll(top, 'Linux 6.12.7');
  git(top, 'tag', 'v6.12.7');
  return top;
}

export function commitAll(top: string, message: string): string {
  git(top, 'add', '-A', '-f');
  git(top, 'commit', '-q', '-m', message);
  return git(top, 'rev-parse', 'HEAD');
}

/** Every file below, with size, time and content: what must not change in a user's repository. */
export function listing(top: string): string[] {
  const names = readdirSync(top, {recursive: true, encoding: 'utf8'}).sort();
  return names.map((name) => {
    const stat = lstatSync(join(top, name));
    const content = stat.isFile() ? readFileSync(join(top, name), 'latin1') : '';
    return `${name} ${stat.size} ${stat.mtimeMs} ${stat.mode} ${content}`;
  });
}

export function patch(number: number, subject: string, diff: string, files: string[]): Patch {
  const author = {name: 'Jörg Author', email: 'joerg@example.org'};
  return {
    number,
    subject,
    author,
    date: 'Tue, 3 Nov 2026 11:22:33 +0200',
    message: 'Because.',
    diff: Buffer.from(diff),
    files,
  };
}

export function series(...patches: Patch[]): Series {
  const title = patches[0]?.subject ?? '';
  return {title, version: 1, patches, prerequisites: [], source: 'test.mbox', notes: []};
}

/** `return 0` becomes `return 1` in mm/memory.c. */
export const MEMORY_DIFF = `diff --git a/mm/memory.c b/mm/memory.c
--- a/mm/memory.c
+++ b/mm/memory.c
@@ -2,5 +2,5 @@

 int fault(void)
 {
-\treturn 0;
+\treturn 1;
 }
`;

export const RMAP_DIFF = `diff --git a/mm/rmap.c b/mm/rmap.c
--- a/mm/rmap.c
+++ b/mm/rmap.c
@@ -1 +1,2 @@
 int rmap;
+int more;
`;
