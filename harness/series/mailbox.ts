// SPDX-License-Identifier: MIT
/** Where the mails of a mailbox begin, when that is not what git expects. Pure. */
export interface Mailbox {
  bytes: Buffer;
  /** `>From ` at the start of a line of text was `From `: the archives of the lists write so. */
  mboxrd: boolean;
  notes: string[];
}

/** git's own line, of `git format-patch`. */
const OF_GIT = /^From [0-9a-f]{40,64} Mon Sep 17 00:00:00 2001$/m;
const STANDARD = 'From mboxrd@z Thu Jan  1 00:00:00 1970\n';

/**
 * A mailbox that `git mailsplit` reads right: `From nobody` lines of other tools get the date that git looks for, and a
 * text above the first mail of `git format-patch` is left out.
 */
export function tidyMailbox(bytes: Buffer, source: string): Mailbox {
  const first = lineAt(bytes, 0);
  if (/^From /.test(first)) {
    const mboxrd = /^From mboxrd@z /.test(first);
    return {bytes: isKnown(first) ? bytes : withDates(bytes, first), mboxrd, notes: []};
  }
  const head = bytes.toString('latin1', 0, 65536);
  const start = OF_GIT.exec(head)?.index ?? 0;
  const isBetween =
    start > 0 && !/^(?:From|Subject|Date|Message-ID|Content-Type|diff --git|---)\b/im.test(head.slice(0, start));
  if (!isBetween) return {bytes, mboxrd: false, notes: []};
  return {
    bytes: bytes.subarray(start),
    mboxrd: false,
    notes: [`The text above the first mail of \`${source}\` is left out`],
  };
}

/** As git's mailsplit: a time, and behind it a number above 90 that it takes for a year. */
function isKnown(line: string): boolean {
  const year = /\d.\d\d:\d\d\s*\+?(\d+)[^:]*$/.exec(line)?.[1];
  return line.length >= 20 && Number(year ?? 0) > 90;
}

/** Every line like the first that follows a blank one and stands above a header. */
function withDates(bytes: Buffer, first: string): Buffer {
  const line = Buffer.from(`${first.trimEnd()}`, 'latin1');
  const parts: Buffer[] = [Buffer.from(STANDARD)];
  let from = bytes.indexOf(0x0a) + 1;
  if (from === 0) return bytes;
  for (let at = bytes.indexOf(line, from); at !== -1; at = bytes.indexOf(line, at + 1)) {
    const above = bytes.toString('latin1', Math.max(0, at - 3), at);
    const end = bytes.indexOf(0x0a, at) + 1;
    const below = bytes.toString('latin1', end, end + 80);
    if (!/\n\r?\n$/.test(above) || end === 0 || !/^[!-9;-~]+:/.test(below)) continue;
    parts.push(bytes.subarray(from, at), Buffer.from(STANDARD));
    from = end;
  }
  return Buffer.concat([...parts, bytes.subarray(from)]);
}

function lineAt(bytes: Buffer, at: number): string {
  const end = bytes.indexOf(0x0a, at);
  return bytes.toString('latin1', at, Math.min(end === -1 ? bytes.length : end, at + 1000));
}
