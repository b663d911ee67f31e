// SPDX-License-Identifier: MIT
/** kverdict with fragments of its own: a copy of the program, beside which everything else is the checkout's. */
import {cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {resolvePaths} from '../../lib/paths.js';

const {project} = resolvePaths();
/** What the program reads beside itself. */
const SHARED = ['node_modules', 'selftests', 'package.json', 'reports'];

/**
 * @param to a folder that is not there yet
 * @param more text by the name of a fragment; it goes to the end of one that is shipped
 * @returns the program, for `Stage.main`
 */
export function makeProject(to: string, more: Readonly<Record<string, string>>): string {
  mkdirSync(to);
  for (const name of SHARED) symlinkSync(join(project, name), join(to, name));
  const tests = join(project, 'dist/harness/test');
  cpSync(join(project, 'dist'), join(to, 'dist'), {recursive: true, filter: (path) => path !== tests});
  cpSync(join(project, 'vm-images'), join(to, 'vm-images'), {recursive: true});
  for (const [name, text] of Object.entries(more)) {
    const file = join(to, `vm-images/kconfig/${name}.config`);
    writeFileSync(file, `${textOf(file)}${text}`);
  }
  return join(to, 'dist/harness/cli/main.js');
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
