// SPDX-License-Identifier: MIT
import {cpSync, mkdirSync, readdirSync, rmSync, symlinkSync} from 'node:fs';
import {join} from 'node:path';

/**
 * Makes a tree of links at `top`, with copies of some folders in it: the selftests' makefiles write beside their sources
 * (`mm/local_config.h`), and the source tree belongs to the kernel builds, of which there may be two.
 *
 * @param folders relative to the top of the source, none within another
 */
export function mirrorTree(sourceDir: string, folders: readonly string[], top: string): void {
  link(
    sourceDir,
    folders.map((folder) => folder.split('/')),
    top,
  );
}

/**
 * Makes `headers` the `usr/include` of a mirror: that is where makefiles look that were written before KHDR_INCLUDES
 * (5.19), and some of later ones.
 */
export function putHeaders(top: string, headers: string): void {
  const usr = join(top, 'usr');
  rmSync(usr, {force: true});
  mkdirSync(usr);
  symlinkSync(headers, join(usr, 'include'));
}

function link(source: string, paths: readonly (readonly string[])[], copy: string): void {
  mkdirSync(copy, {recursive: true});
  for (const name of readdirSync(source)) {
    const inside = paths.filter(([first]) => first === name).map(([, ...rest]) => rest);
    const [from, to] = [join(source, name), join(copy, name)];
    if (inside.length === 0) symlinkSync(from, to);
    else if (inside.some((rest) => rest.length === 0)) cpSync(from, to, {recursive: true, verbatimSymlinks: true});
    else link(from, inside, to);
  }
}
