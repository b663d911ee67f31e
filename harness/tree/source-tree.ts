// SPDX-License-Identifier: MIT
import type {NamesDir, OwnGitDir} from '../lib/git-command.js';

/** A kernel source that series are applied to. Always a bare repository of ours: the user's own is only read. */
export interface SourceTree {
  /** Stable and short: the folder name under `<cache>/trees/`. */
  id: string;
  /** As the user gave it, for messages. */
  origin: string;
  /** `<cache>/trees/<id>/git`; a user's git tree is reached through `objects/info/alternates`. */
  gitDir: OwnGitDir;
  /** Where the user's branches and tags are known (`tree/names.ts`); for an import, `gitDir`. */
  names: NamesDir;
  /** From a tarball or a plain directory: it has one commit. */
  imported: boolean;
  /** `<cache>/trees/<id>/src`: the one source path that all builds of this tree use. Exists after a check-out. */
  sourceDir: string;
  /** The commit that `HEAD` of the user's tree is at; for an import, its only commit. */
  head: string;
  /** From the top Makefile at `head`: `6.12.95`. */
  kernelVersion: string;
}

/** A tree's folders, before anything is known of what is in it. */
export type TreePlace = Pick<SourceTree, 'id' | 'origin' | 'gitDir' | 'sourceDir'>;

/** The commit a series applies to, and how it was found. */
export interface Base {
  commit: string;
  /** `--base`, `base-commit`, `HEAD`, … */
  how: string;
  /** `git describe`, a tag or a short hash. */
  name: string;
  attempts: readonly BaseAttempt[];
}

/** One candidate that was tried, with git's own words when it did not fit. */
export interface BaseAttempt {
  candidate: string;
  how: string;
  commit?: string;
  /** Absent: the series applied. */
  error?: string;
  /** 1-based number of the patch that did not apply. */
  patch?: number;
  files?: readonly string[];
}

/** The patched commit: base plus one commit a patch, made without a work tree. */
export interface PatchedCommit {
  commit: string;
  /** Files that differ from the base, relative to the top. */
  touchedFiles: readonly string[];
}
