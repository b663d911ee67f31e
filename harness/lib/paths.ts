// SPDX-License-Identifier: MIT
import {existsSync} from 'node:fs';
import {tmpdir, userInfo} from 'node:os';
import {dirname, isAbsolute, join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {InfraError} from './errors.js';

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

/** @throws InfraError when neither the environment nor the list of users says where its user's files go */
export function resolvePaths(env: NodeJS.ProcessEnv = process.env): Paths {
  const runtime = absolute(env.XDG_RUNTIME_DIR);
  return {
    project: projectRoot(),
    cache: join(absolute(env.XDG_CACHE_HOME) ?? join(homeOf(env), '.cache'), 'kverdict'),
    state: join(absolute(env.XDG_STATE_HOME) ?? join(homeOf(env), '.local/state'), 'kverdict'),
    runtime:
      runtime === undefined ? join(temporary(), `kverdict-${process.geteuid?.() ?? 0}`) : join(runtime, 'kverdict'),
  };
}

/** `$TMPDIR`, else /tmp. */
export const temporary = (): string => absolute(tmpdir()) ?? '/tmp';

function homeOf({HOME}: NodeJS.ProcessEnv): string {
  try {
    return absolute(HOME) ?? userInfo().homedir;
  } catch (cause) {
    const who = `user ${process.geteuid?.()}`;
    throw new InfraError(`HOME is not set to an absolute path, and ${who} has no home folder`, {
      hint: 'Set HOME, or XDG_CACHE_HOME and XDG_STATE_HOME.',
      cause,
    });
  }
}

/** The XDG specification: a path that is not absolute is as none. From here it would lead into the tree that is tested. */
const absolute = (path: string | undefined): string | undefined =>
  path !== undefined && isAbsolute(path) ? path : undefined;

/** The checkout this file was built from: the nearest folder above that has a package.json. */
export function projectRoot(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'package.json'))) {
    const above = dirname(folder);
    if (above === folder) throw new Error(`No package.json above ${fileURLToPath(import.meta.url)}`);
    folder = above;
  }
  return folder;
}
