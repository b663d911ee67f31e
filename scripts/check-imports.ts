// SPDX-License-Identifier: MIT
/**
 * Holds the layout: data flows one way, so a folder imports only from folders to its left; a fixed package has one
 * door; a source file ends at 250 lines. Prints every breach; exits 1 when there is one.
 *
 *   node dist/scripts/check-imports.js
 */
import {readdirSync, readFileSync} from 'node:fs';
import {dirname, join, relative, resolve} from 'node:path';
import {resolvePaths} from '../harness/lib/paths.js';

/** Left to right, as in docs/architecture.md. `reports` is pure: results in, text out. */
const FLOW = [
  'harness/lib',
  'harness/config',
  'harness/series',
  'harness/tree',
  'harness/kernel',
  'harness/image',
  'harness/machine',
  'harness/guest',
  'harness/klog',
  'harness/ktap',
  'harness/suite',
  'harness/verdict',
  'harness/bisect',
  'harness/sentinel',
  'harness/history',
  'reports',
  'harness/engine',
  'harness/run',
  'harness/serve',
  'harness/nightly',
  'harness/cli',
  'scripts',
];
/** Pure text work: these see nothing but `lib`. */
const TEXT_ONLY = new Set(['harness/klog', 'harness/ktap']);
/** Package: the one file that may import it. */
const DOORS: Readonly<Record<string, string>> = {
  execa: 'harness/lib/exec.ts',
  ssh2: 'harness/guest/ssh.ts',
  'p-queue': 'harness/engine/local.ts',
  xml2js: 'reports/junit.ts',
  'preact-render-to-string': 'reports/page/render.ts',
  'better-sqlite3': 'harness/history/database.ts',
  kysely: 'harness/history/database.ts',
};
/** Not in any source: tests only. */
const TESTS_ONLY = new Set(['tap', 'fast-check', 'ajv', 'axe-core', 'parse5', 'playwright-core']);
const MAX_LINES = 250;
const IMPORT =
  /(?:^|\n)\s*(?:import|export)\b[^;'"]*?from\s*['"]([^'"]+)['"]|import\(\s*['"]([^'"]+)['"]\s*\)|(?:^|\n)import\s*['"]([^'"]+)['"]/g;

const root = resolvePaths().project;

export function checkImports(): string[] {
  const breaches = guestSources().flatMap((file) => tooLong(file, readFileSync(join(root, file), 'utf8')));
  for (const file of sources()) {
    const text = readFileSync(join(root, file), 'utf8');
    breaches.push(...tooLong(file, text));
    for (const match of text.matchAll(IMPORT)) {
      const breach = checkOne(file, match[1] ?? match[2] ?? match[3] ?? '');
      if (breach !== undefined) breaches.push(breach);
    }
  }
  return breaches;
}

function checkOne(file: string, specifier: string): string | undefined {
  if (!specifier.startsWith('.')) {
    const door = DOORS[specifier];
    if (door !== undefined && door !== file) return `${file}: imports ${specifier}, whose one door is ${door}`;
    if (TESTS_ONLY.has(specifier)) return `${file}: imports ${specifier}, which is for tests`;
    return undefined;
  }
  const from = folderOf(file);
  const to = folderOf(relative(root, resolve(root, dirname(file), specifier)));
  if (from === to) return undefined;
  if (TEXT_ONLY.has(from) && to !== 'harness/lib') return `${file}: ${from} may import harness/lib alone, not ${to}`;
  if (FLOW.indexOf(to) === -1 || FLOW.indexOf(to) > FLOW.indexOf(from)) {
    return `${file}: imports from ${to}, which is not to the left of ${from}`;
  }
  return undefined;
}

function folderOf(file: string): string {
  return FLOW.find((folder) => file.startsWith(`${folder}/`)) ?? dirname(file);
}

function tooLong(file: string, text: string): string[] {
  const lines = text.split('\n').length - 1;
  return lines > MAX_LINES ? [`${file}: ${lines} lines, more than ${MAX_LINES}: split by concern`] : [];
}

/** C and assembly for guests. */
function guestSources(): string[] {
  return ['selftests', 'vm-images'].flatMap((folder) =>
    readdirSync(join(root, folder), {recursive: true, encoding: 'utf8'})
      .filter((name) => /\.[chS]$/.test(name))
      .map((name) => join(folder, name)),
  );
}

/** Every source but the tests, relative to the top. */
function sources(): string[] {
  return ['harness', 'reports', 'scripts']
    .flatMap((top) => readdirSync(join(root, top), {recursive: true}).map((name) => join(top, String(name))))
    .filter((file) => /\.tsx?$/.test(file) && !file.startsWith('harness/test/'))
    .sort();
}

const breaches = checkImports();
for (const breach of breaches) console.error(breach);
if (breaches.length === 0) console.log(`imports: one-way, one door a package, no file over ${MAX_LINES} lines`);
process.exitCode = breaches.length === 0 ? 0 : 1;
