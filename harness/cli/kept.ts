// SPDX-License-Identifier: MIT
/** What `kverdict clean` deletes, by the word for it: names that kverdict gives, in folders that carry its mark. */
import {existsSync} from 'node:fs';
import {join} from 'node:path';
import type {Paths} from '../lib/paths.js';
import {file, folder, named, type OwnName, removeOwn, whole} from '../lib/remove-own.js';
import type {Root} from '../lib/roots.js';
import {listEntries, removeEntry} from '../lib/store.js';
import {RUNS} from '../run/run-files.js';

/** A part of what is kept; all but the runs is made again when it is needed. */
export interface Part {
  root: Root;
  /** By the name of a folder, what is ours in it. */
  folders: Readonly<Record<string, readonly OwnName[]>>;
  what: string;
}

const HASH = '[0-9a-f]{10}';
/** Of a tree: what git, make and tar write is theirs as a whole. */
const TREE: readonly OwnName[] = [
  whole(/^(?:git|src|unpack)$/),
  whole(new RegExp(`^names-${HASH}$`)),
  whole(/^O-(?:x86_64|arm64)-[0-9a-f]{12}(?:\.deleted)?$/),
  whole(/^headers-(?:x86_64|arm64)$/),
  file(/^imported\.json(?:\.new)?$/),
  file(/^O-(?:x86_64|arm64)-[0-9a-f]{12}\.objects$/),
  file(/^[a-zA-Z0-9_.-]+\.flock$/),
];
const DRAFTS: OwnName = {name: /^\d+-\d+-.+$/, is: 'folder', marked: 'temporary'};

export const PARTS: Readonly<Record<string, Part>> = {
  kernels: {
    root: 'cache',
    folders: {store: [folder(/^[a-z-]+$/, DRAFTS, file(/^.+\.flock$/))]},
    what: 'built kernels and programs',
  },
  trees: {
    root: 'cache',
    folders: {trees: [folder(new RegExp(`^.+-${HASH}$`), ...TREE)]},
    what: 'imported sources and their object folders',
  },
  mirrors: {
    root: 'cache',
    folders: {mirrors: [whole(new RegExp(`^.+-${HASH}\\.git$`)), file(/^.+\.flock$/)]},
    what: 'what nightlies fetched',
  },
  images: {
    root: 'cache',
    folders: {
      images: [
        folder(
          /^(?:x86_64|arm64)-[0-9a-f]{16}$/,
          file(/^(?:initrd(?:-with-tools-[0-9a-f]+)?\.cpio|packages\.json)$/),
          DRAFTS,
        ),
        folder(/^libraries-(?:x86_64|arm64)-[0-9a-f]{16}$/, whole(/^(?:include|lib)$/)),
        file(/^.+\.flock$/),
        DRAFTS,
      ],
    },
    what: 'guest userlands and keys',
  },
  ccache: {
    root: 'cache',
    folders: {ccache: [whole(/^(?:[0-9a-f]|tmp|lock)$/), file(/^(?:ccache\.conf|CACHEDIR\.TAG|stats|\d+\.lock)$/)]},
    what: "the compiler's cache",
  },
  runs: {root: 'state', folders: {runs: RUNS}, what: 'reports and logs of earlier runs'},
  probes: {
    root: 'state',
    folders: {
      accelerator: [file(/^.+\.json(?:\.\d+)?$/)],
      'self-checks': [folder(/^.+-[0-9a-f]+$/, file(/^[0-9a-f]{16}\.json(?:\.\d+|\.flock)?$/))],
    },
    what: 'what was found out about KVM and profiles',
  },
};

/** Deletes a folder of a part, as far as it is ours. @returns paths of what is there still */
export function removePart(paths: Paths, {root, folders}: Part, name: string): string[] {
  const path = join(paths[root], name);
  if (name === 'store') for (const {kind, key} of listEntries(path)) removeEntry(path, kind, key);
  if (!existsSync(path)) return [];
  const table = folders[name] ?? [];
  const left = removeOwn(paths[root], [folder(named(name), ...table)]);
  return left.filter((one) => one.startsWith(`${path}/`));
}
