// SPDX-License-Identifier: MIT
import type {SplatKind} from './kinds.js';

export interface SplatPattern {
  kind: SplatKind;
  /** On a line without its printk prefix. */
  pattern: RegExp;
  title(match: RegExpExecArray): string;
  /** Group that names the function, where the line itself does. */
  frame?: string;
  /** It says more about a report of one of these kinds that a line above has opened: not one of its own then. */
  continues?: readonly SplatKind[];
  /** A call trace always follows, whatever the kind says. */
  traced?: true;
}

/** A function, with its offset where the kernel prints one. */
export const AT = String.raw`(?<frame>[A-Za-z_][\w.$]*)(?:\+0x[0-9a-f]+\/0x[0-9a-f]+)?`;
export const DIED = ['oops', 'bug', 'kasan', 'kfence'] as const;

/** A file of the tree as the tree calls it, wherever it was built; of a module its base name. */
export function sourcePath(path: string): string {
  const TOP =
    /(?:^|\/)((?:arch|block|certs|crypto|drivers|fs|include|init|io_uring|ipc|kernel|lib|mm|net|rust|samples|security|sound|virt)\/.*)/;
  return TOP.exec(path)?.[1] ?? path.split('/').at(-1) ?? path;
}
