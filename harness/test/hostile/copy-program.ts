// SPDX-License-Identifier: MIT
import {cpSync, mkdirSync, readFileSync} from 'node:fs';
import {dirname, join} from 'node:path';
import {projectRoot} from '../../lib/paths.js';

/** What the program needs beside its packages. */
const PARTS = ['package.json', 'dist/harness', 'dist/reports', 'reports', 'selftests', 'vm-images'];
/** Sources of what is built, and tests: half of all bytes. */
const LEFT_OUT = /\/(?:dist\/harness\/test|better-sqlite3\/(?:deps|src)|cpu-features|nan)$/;

interface Lock {
  packages: Readonly<Record<string, {dev?: boolean}>>;
}

/**
 * The program as it is installed, at a place where every user may read it: the check-out may lie in somebody's home.
 * @returns the path of its main file
 */
export function copyProgram(to: string): string {
  const project = projectRoot();
  const {packages} = JSON.parse(readFileSync(join(project, 'package-lock.json'), 'utf8')) as Lock;
  const wanted = Object.entries(packages).filter(([path, {dev}]) => path !== '' && dev !== true);
  // Packages within packages come with them.
  const tops = wanted.map(([path]) => path).filter((path) => !path.slice(1).includes('node_modules/'));
  for (const part of [...PARTS, ...tops]) {
    mkdirSync(dirname(join(to, part)), {recursive: true});
    cpSync(join(project, part), join(to, part), {
      recursive: true,
      dereference: true,
      filter: (path) => !LEFT_OUT.test(path),
    });
  }
  return join(to, 'dist/harness/cli/main.js');
}
