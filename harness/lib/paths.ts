// SPDX-License-Identifier: MIT
import {existsSync} from 'node:fs';
import {homedir, tmpdir} from 'node:os';
import {dirname, join} from 'node:path';
import {fileURLToPath} from 'node:url';

/** Where files live. One object, made once by the CLI and handed down: nothing else reads the environment for it. */
export interface Paths {
  /** `vm-images/`, `selftests/` and the rest of the checkout. */
  project: string;
  /** Kernels, trees, images: everything here can be deleted. `$XDG_CACHE_HOME/kverdict`. */
  cache: string;
  /** Runs and what the host was found to be. `$XDG_STATE_HOME/kverdict`. */
  state: string;
  /** Sockets. Short on purpose: a unix socket's path ends at 108 bytes. `$XDG_RUNTIME_DIR/kverdict`. */
  runtime: string;
}

export function resolvePaths(env: NodeJS.ProcessEnv = process.env): Paths {
  const home = env.HOME ?? homedir();
  const runtime = env.XDG_RUNTIME_DIR ?? tmpdir();
  return {
    project: projectRoot(),
    cache: join(env.XDG_CACHE_HOME || join(home, '.cache'), 'kverdict'),
    state: join(env.XDG_STATE_HOME || join(home, '.local/state'), 'kverdict'),
    runtime: join(runtime, env.XDG_RUNTIME_DIR ? 'kverdict' : `kverdict-${process.geteuid?.() ?? 0}`),
  };
}

/** The checkout this file was built from: the nearest folder above that has a package.json. */
function projectRoot(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'package.json'))) {
    const above = dirname(folder);
    if (above === folder) throw new Error(`No package.json above ${fileURLToPath(import.meta.url)}`);
    folder = above;
  }
  return folder;
}
