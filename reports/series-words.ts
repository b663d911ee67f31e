// SPDX-License-Identifier: MIT
import type {Results} from '../harness/verdict/results.js';

/** What stands against the base, for people: `Series`, `v2, 3 patches`; of a history `Commits`, `12 commits`. */
export function seriesWords({version, patches, history}: NonNullable<Results['series']>): {
  label: string;
  size: string;
} {
  const counted = (count: number, one: string, many: string): string => `${count} ${count === 1 ? one : many}`;
  return history === undefined
    ? {label: 'Series', size: `v${version}, ${counted(patches.length, 'patch', 'patches')}`}
    : {label: 'Commits', size: counted(history.commits, 'commit', 'commits')};
}
