// SPDX-License-Identifier: MIT
import {readdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {parseFragment} from '../../kernel/kconfig-fragment.js';
import {resolvePaths} from '../../lib/paths.js';

/**
 * The toy's `Kconfig.shipped`: an entry for each symbol of the fragments that are shipped, so that who asks the toy's
 * Kconfig is told that it knows them. Its conf takes them as they come, and does not read this file.
 */
export function shippedSymbols(): string {
  const folder = join(resolvePaths().project, 'vm-images/kconfig');
  const files = readdirSync(folder).filter((name) => name.endsWith('.config'));
  const symbols = files.flatMap((name) => parseFragment(readFileSync(join(folder, name), 'utf8'), name));
  const names = new Set(symbols.map(({symbol}) => symbol.replace('CONFIG_', '')));
  return [...names]
    .sort()
    .map((name) => `config ${name}\n\tbool "${name}"\n`)
    .join('\n');
}
