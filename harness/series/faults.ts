// SPDX-License-Identifier: MIT
/** What a mail is that has no diff to apply: each kind is named, with what to do. Pure. */
import {decode} from './bytes.js';
import {pullHint} from './input-kind.js';
import type {Mail} from './mail.js';

export interface Fault {
  /** Completes "Mail … ". */
  what: string;
  hint: string;
}

const AGAIN = 'Ask for it as plain text, as `git send-email` sends it, or for a branch to pull.';

/** Behind an escape. */
const COLOURED = /^\[[\d;]*m(?:diff |commit |@@ |--- )/;

const FAULTS: readonly {
  is: (mail: Mail, text: string) => boolean;
  what: string;
  hint: string | ((text: string) => string);
}[] = [
  {
    is: (_, text) =>
      /^\s*are available in the Git repository at:|^The following changes since commit [0-9a-f]{7,}/im.test(text),
    what: 'is a pull request',
    hint: pullHint,
  },
  {
    is: ({contentType}) => /^multipart\/encrypted|pkcs7-mime.*enveloped/i.test(contentType),
    what: 'is encrypted',
    hint: 'Decrypt it in the mail program, and save the text.',
  },
  {
    is: (_, text) => /^-----BEGIN PGP MESSAGE-----/m.test(text),
    what: 'is encrypted (PGP)',
    hint: 'Decrypt it: `gpg -d`.',
  },
  {
    is: ({contentType}) => /charset\s*=\s*"?utf-?(?:16|32)/i.test(contentType),
    what: 'is in UTF-16 or UTF-32, which git cannot read',
    hint: AGAIN,
  },
  {
    is: ({contentType}, text) =>
      /^text\/html/i.test(contentType) ||
      (/<(?:html|body|pre|br)\b[^>]*>/i.test(text.slice(0, 4096)) && !/^diff --git [^<]*$/m.test(text)),
    what: 'is HTML, not plain text',
    hint: AGAIN,
  },
  {
    is: (_, text) => /^Submodule \S+ (?:[0-9a-f]{7,}\.\.|contains)/m.test(text),
    what: 'has the log of a submodule instead of a diff',
    hint: 'It was made with diff.submodule=log: make it again with `git -c diff.submodule=short format-patch …`.',
  },
  {
    is: (_, text) => /^# v\d git bundle$/m.test(text),
    what: 'is a git bundle',
    hint: 'Fetch it into the tree, and give the range: `BASE..FETCH_HEAD`.',
  },
  {
    is: (_, text) =>
      /^(?:\*\*\* |[0-9]+(?:,[0-9]+)?[acd][0-9]+(?:,[0-9]+)?$)/m.test(text) && /^(?:--- |< |> |\*{15})/m.test(text),
    what: 'has a diff that is not unified',
    hint: 'Make it again with `diff -u`, or with `git format-patch`.',
  },
  {
    is: (_, text) => text.split('\n').some((line) => line.startsWith('\u001b') && COLOURED.test(line.slice(1))),
    what: 'has the colours of a terminal in its diff',
    hint: 'Make it again with `--no-color`, or with `git format-patch`.',
  },
  {
    is: (_, text) => /^begin(?:-base64)? [0-7]{3,4} \S/m.test(text),
    what: 'has its patch uuencoded',
    hint: 'Decode it (`uudecode`), and give the file.',
  },
  {
    is: (_, text) => /\r(?:diff --git |--- a\/|\+\+\+ b\/)/.test(text),
    what: 'has lines that end with CR alone, as old Macs wrote them',
    hint: AGAIN,
  },
  {
    is: (_, text) => /^diff --(?:cc|combined) /m.test(text),
    what: 'has the combined diff of a merge',
    hint: 'A merge cannot be applied: `git format-patch BASE..` writes the patches of both sides.',
  },
];

/** As much of a mail as its kind is seen in. */
const HEAD = 1024 * 1024;

/** Why a mail without files of a diff has none; undefined: nothing that is known. */
export function noDiffReason(mail: Mail): Fault | undefined {
  const text = `${mail.message}\n${decode(mail.diff.subarray(0, HEAD))}`.slice(0, HEAD);
  const fault = FAULTS.find(({is}) => is(mail, text));
  if (fault === undefined) return undefined;
  return {what: fault.what, hint: typeof fault.hint === 'string' ? fault.hint : fault.hint(text)};
}

/** Signed as text: every line that begins with `-` has `- ` before it (RFC 9580, 7.2). */
export function isDashEscaped(mail: Mail): boolean {
  const text = `${mail.message}\n${decode(mail.diff.subarray(0, HEAD))}`;
  return /^-----BEGIN PGP SIGNED MESSAGE-----/m.test(text) && /^- --/m.test(text);
}

/** A diff in HTML has tags at the ends of its lines: git would look for files of such names. */
export function isHtml(mail: Mail): boolean {
  return /^text\/html/i.test(mail.contentType);
}
