// SPDX-License-Identifier: MIT
/** The three folders that everything of kverdict is in: whether they are safe, and the marks that say they are ours. */
import {type FolderProblem, type FolderUse, folderProblems, ownFolder, trustedFolder} from './own-folder.js';
import {adopt, MARK} from './own-mark.js';
import type {Paths} from './paths.js';

export type Root = 'cache' | 'state' | 'runtime';

/** What each is called, how to have another one, and the names that kverdict gives in it. */
export const ROOTS: Readonly<Record<Root, FolderUse & {known: RegExp}>> = {
  cache: {
    what: 'The cache',
    otherwise: 'Set XDG_CACHE_HOME to a folder of your own, below folders of your own.',
    known: /^(?:store|trees|mirrors|images|access|ccache|tmp)$/,
  },
  state: {
    what: 'The state',
    otherwise: 'Set XDG_STATE_HOME to a folder of your own, below folders of your own.',
    known: /^(?:runs|accelerator|self-checks|history\.sqlite(?:-wal|-shm)?|[a-z]+\.flock)$/,
  },
  runtime: {
    what: 'The folder for sockets',
    otherwise: 'Set XDG_RUNTIME_DIR to a folder of your own, below folders of your own.',
    known: /^\d+-\d+$/,
  },
};

const NAMES = Object.keys(ROOTS) as Root[];

/** Makes them, or takes them as they are when they are safe. @throws InfraError saying which is not, and how to repair it */
export function ownRoots(paths: Paths): void {
  for (const root of NAMES) {
    ownFolder(paths[root], ROOTS[root]);
    // One that is not marked is used, and nothing in it is swept or cleaned.
    adopt(paths[root], root, ROOTS[root].known);
  }
}

/**
 * For who reads what is kept and keeps nothing: what is not there is not made.
 * @throws InfraError as `ownRoots`: what another user wrote there is not read
 */
export function trustRoots(paths: Pick<Paths, Root>, roots: readonly Root[] = NAMES): void {
  for (const root of roots) trustedFolder(paths[root], ROOTS[root]);
}

/** For `kverdict doctor`: nothing is made. */
export function rootProblems(paths: Paths): {root: Root; problems: FolderProblem[]}[] {
  return NAMES.map((root) => ({root, problems: folderProblems(paths[root], ROOTS[root])}));
}

/** Why nothing is deleted in a folder without a mark, and the way on. */
export const unmarked = (folder: string): string =>
  `\`${folder}\` has no file ${MARK} that says that it is kverdict's, and holds names that kverdict does not give`;
