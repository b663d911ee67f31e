// SPDX-License-Identifier: MIT
/** Numbered patches sent together, as read; nothing here knows a tree. */
export interface Series {
  /** Subject of the cover letter, or of the only patch, without its `[PATCH …]` prefix. */
  title: string;
  /** From `vN` in the prefix; 1 when there is none. */
  version: number;
  /** In order, 1..N, none missing. */
  patches: readonly Patch[];
  /** `base-commit:` of any mail of the series. */
  baseCommit?: string;
  /** `prerequisite-patch-id:` lines. */
  prerequisites: readonly string[];
  /** Of the cover letter, or of the first patch; without `<>`. */
  messageId?: string;
  /** Where it was read, for messages: a path, `-`, a Message-ID, `A..B`. */
  source: string;
  /** For a commit range: the patched commit exists already and nothing is applied. */
  range?: {base: string; head: string};
  /** Odd but harmless: a later version that replaced a mail, a reply that was left out. */
  notes: readonly string[];
}

export interface Patch {
  /** `2` of `2/5`. */
  number: number;
  subject: string;
  author: {name: string; email: string};
  /** RFC 2822, as in the mail. */
  date?: string;
  messageId?: string;
  /** Commit message without the subject. */
  message: string;
  /** The unified diff that `git apply` gets, in the bytes that were sent: files need not be UTF-8, and it may be large. */
  diff: Buffer;
  /** Paths the diff touches, in its order. */
  files: readonly string[];
}
