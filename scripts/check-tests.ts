// SPDX-License-Identifier: MIT
/**
 * Finds assertions that cannot fail: tap's `t.match(value, pattern)` means "has at least", so an empty array or object in
 * a pattern matches whatever is there. `t.same` means exactly. Prints every breach; exits 1 when there is one.
 *
 *   node dist/scripts/check-tests.js
 */
import {readdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {pathToFileURL} from 'node:url';
import ts from 'typescript';
import {resolvePaths} from '../harness/lib/paths.js';

/** Assertions of tap whose second argument is a pattern. */
const PATTERNED = new Set(['match', 'has', 'hasStrict', 'matchOnly', 'matchStrict', 'resolveMatch']);
/** Of these an empty pattern does say something: nothing else may be there. */
const EXACT = new Set(['matchOnly']);

/** Empty patterns of one test file, as `file:line: …`. */
export function emptyPatterns(file: string, text: string): string[] {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.ES2022, true);
  const breaches: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && ts.isPropertyAccessExpression(node.expression)) {
      const name = node.expression.name.text;
      const pattern = node.arguments[1];
      if (PATTERNED.has(name) && !EXACT.has(name) && pattern !== undefined) {
        for (const empty of emptyIn(pattern)) {
          const {line} = source.getLineAndCharacterOfPosition(empty.getStart(source));
          breaches.push(`${file}:${line + 1}: \`${empty.getText(source)}\` in t.${name} matches anything; use t.same`);
        }
      }
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return breaches;
}

/** Literals alone: what a call inside the pattern is given is no pattern. */
function emptyIn(node: ts.Node): ts.Node[] {
  if (ts.isArrayLiteralExpression(node) && node.elements.length === 0) return [node];
  if (ts.isObjectLiteralExpression(node) && node.properties.length === 0) return [node];
  if (ts.isCallExpression(node) || ts.isFunctionLike(node)) return [];
  const found: ts.Node[] = [];
  ts.forEachChild(node, (child) => void found.push(...emptyIn(child)));
  return found;
}

export function checkTests(): string[] {
  const {project} = resolvePaths();
  const folder = 'harness/test';
  return readdirSync(join(project, folder), {recursive: true})
    .map(String)
    .filter((path) => /\.tsx?$/.test(path))
    .sort()
    .flatMap((path) => emptyPatterns(join(folder, path), readFileSync(join(project, folder, path), 'utf8')));
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const breaches = checkTests();
  for (const breach of breaches) console.log(breach);
  if (breaches.length === 0) console.log('tests: no pattern that matches anything');
  process.exitCode = breaches.length === 0 ? 0 : 1;
}
