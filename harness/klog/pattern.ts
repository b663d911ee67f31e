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
  /** A WARN() right below is how it is reported: not one of its own then. */
  announces?: true;
  /** A call trace always follows, whatever the kind says; `never`: none ever does. */
  traced?: true | 'never';
  /** Functions that count, where not as many as of others of its kind. */
  depth?: 0 | 1 | 3;
  /** Its trace comes without `Call Trace:`. */
  bare?: true;
  /** The line right above must be this. */
  below?: RegExp;
  /** The line right below ends the title: group 1, made stable. */
  more?: RegExp;
  /** A line of the report that names the function: group `frame`. */
  detail?: RegExp;
  /** lockdep: who holds the locks is who did it. */
  holders?: true;
  /**
   * Words that anybody may use, so the title is made stable, and a line does not count that a program printed, or that
   * is WARN()'s own text. `trace`: nor does one without a call trace.
   */
  loose?: true | 'trace';
}

/** A function, with its offset where the kernel prints one. */
export const AT = String.raw`(?<frame>[A-Za-z_][\w.$]*)(?:\+0x[0-9a-f]+\/0x[0-9a-f]+)?`;
/** A ruler above its first line: lockdep, and what writes reports as it does. */
export const RULER = /^={10,}$/;
export const DIED = ['oops', 'bug', 'kasan', 'kfence'] as const;

/** A file of the tree as the tree calls it, wherever it was built; of a module its base name. */
export function sourcePath(path: string): string {
  const TOP =
    /(?:^|\/)((?:arch|block|certs|crypto|drivers|fs|include|init|io_uring|ipc|kernel|lib|mm|net|rust|samples|security|sound|virt)\/.*)/;
  return TOP.exec(path)?.[1] ?? path.split('/').at(-1) ?? path;
}
