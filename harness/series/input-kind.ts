// SPDX-License-Identifier: MIT
/** What a file is that is no mailbox, by its first bytes; each is named for what it is. */
import {gunzipSync} from 'node:zlib';
import {messageOf, UserError} from '../lib/errors.js';
import {MAX_MAIL_BYTES, tooLarge} from './limits.js';

interface Kind {
  is: (head: Buffer) => boolean;
  /** Completes "`FILE` is …". */
  what: string;
  /** `FILE` in it becomes the file's name. */
  hint: string;
}

const pipe = (program: string) => `Unpack it: \`${program} FILE | kverdict verify -\`.`;
const TEXT = '`git format-patch BASE..` writes patches; `b4 mbox MESSAGE-ID` fetches them.';
const UTF_16 = 'Convert it: `iconv -f UTF-16 -t UTF-8 FILE | kverdict verify -`.';
const magic =
  (hex: string, at = 0) =>
  (head: Buffer) =>
    head.toString('hex', at, at + hex.length / 2) === hex;
const text = (pattern: RegExp) => (head: Buffer) => pattern.test(head.toString('latin1'));

const KINDS: readonly Kind[] = [
  {is: magic('fd377a585a00'), what: 'compressed with xz', hint: pipe('xz -dc')},
  {is: text(/^BZh[1-9]/), what: 'compressed with bzip2', hint: pipe('bzip2 -dc')},
  {is: magic('28b52ffd'), what: 'compressed with zstd', hint: pipe('zstd -dc')},
  {is: magic('5d0000'), what: 'compressed with lzma', hint: pipe('xz -dc')},
  {is: magic('04224d18'), what: 'compressed with lz4', hint: pipe('lz4 -dc')},
  {is: magic('1f9d'), what: 'compressed with compress', hint: pipe('zcat')},
  {is: magic('504b0304'), what: 'a zip archive', hint: 'Unpack it, and give the folder.'},
  {is: magic('377abcaf271c'), what: 'a 7z archive', hint: 'Unpack it, and give the folder.'},
  {is: magic('7573746172', 257), what: 'a tar archive', hint: 'Unpack it, and give the folder.'},
  {
    is: text(/^# v\d git bundle\n/),
    what: 'a git bundle',
    hint: 'Fetch it into the tree (`git fetch FILE REF`), and give the range: `BASE..FETCH_HEAD`.',
  },
  {is: isUtf32, what: 'UTF-32 text', hint: UTF_16.replace('UTF-16', 'UTF-32')},
  {is: isUtf16, what: 'UTF-16 text', hint: UTF_16},
  {is: text(/^\s*(?:<\?xml[^>]*>\s*)?(?:<!doctype html|<html[\s>])/i), what: 'a web page (HTML)', hint: TEXT},
  {is: text(/^%PDF-/), what: 'a PDF', hint: TEXT},
  {is: magic('7f454c46'), what: 'a program (ELF)', hint: TEXT},
  {is: magic('d0cf11e0'), what: 'a file of an office program (or a mail that Outlook saved as .msg)', hint: TEXT},
  {
    is: text(/^-----BEGIN PGP MESSAGE-----/),
    what: 'encrypted (PGP)',
    hint: 'Decrypt it: `gpg -d FILE | kverdict verify -`.',
  },
  {is: text(/^\s*The following changes since commit [0-9a-f]{7,}/), what: 'a pull request', hint: ''},
  // Last: a mail may hold any byte, but not in its first line.
  {is: isBinary, what: 'binary data', hint: TEXT},
];

/** Control bytes in the first line, but for white space, the colours of a terminal, and NUL, which git passes over. */
function isBinary(head: Buffer): boolean {
  const line = head.subarray(0, (head.indexOf(0x0a) + 1 || head.length) - 1);
  return line.some((byte) => byte < 0x20 && ![0x00, 0x09, 0x0b, 0x0c, 0x0d, 0x1b].includes(byte));
}

/** With its mark. */
function isUtf32(head: Buffer): boolean {
  return /^(?:fffe0000|0000feff)/.test(head.toString('hex', 0, 4));
}

/** With its mark, or with a NUL in every second byte of the first ones, in either order. */
function isUtf16(head: Buffer): boolean {
  if (/^(?:fffe|feff)/.test(head.toString('hex', 0, 2))) return true;
  const first = head.subarray(0, 16);
  const zeros = (odd: number): boolean => first.every((byte, at) => (byte === 0) === (at % 2 === odd));
  return first.length === 16 && (zeros(0) || zeros(1));
}

const HEAD = 4096;

/**
 * The text of a file: gzip is unpacked (every member, as zcat does), a byte-order mark of UTF-8 is left out.
 * @throws UserError naming what it is, when it is no text with mails
 */
export function readText(given: Buffer, source: string): Buffer {
  let unpacked = given;
  for (let layer = 0; layer < MAX_LAYERS && isGzip(unpacked); layer++) unpacked = unpack(unpacked, source);
  const bytes = withoutMarks(unpacked);
  const head = bytes.subarray(0, HEAD);
  const kind = KINDS.find(({is}) => is(head));
  if (kind !== undefined) {
    const hint = kind.what === 'a pull request' ? pullHint(bytes.toString('utf8', 0, 65536)) : kind.hint;
    throw new UserError(`\`${source}\` is ${kind.what}, which is not read`, {hint: hint.replaceAll('FILE', source)});
  }
  if (bytes.includes(0x0d) && !bytes.includes(0x0a)) {
    throw new UserError(`\`${source}\` has lines that end with CR alone, as old Macs wrote them`, {
      hint: `Convert it: \`tr '\\r' '\\n' <${source} | kverdict verify -\`.`,
    });
  }
  return bytes;
}

const isGzip = (bytes: Buffer): boolean => bytes[0] === 0x1f && bytes[1] === 0x8b;
/** Packed by an archive, and once more by who sent it on. */
const MAX_LAYERS = 3;
const MARK = Buffer.from([0xef, 0xbb, 0xbf]);
const MARKED_MAIL = Buffer.from('\n\ufeffFrom ');

/** Files that were joined have a mark each. */
function withoutMarks(bytes: Buffer): Buffer {
  const text = bytes.subarray(0, 3).equals(MARK) ? bytes.subarray(3) : bytes;
  if (!text.includes(MARKED_MAIL)) return text;
  return Buffer.from(text.toString('latin1').replaceAll('\n\xef\xbb\xbfFrom ', '\nFrom '), 'latin1');
}

/** How to get at what a `git request-pull` offers. Pure. */
export function pullHint(text: string): string {
  const where = /in the Git repository at:\s+(\S+)(?:[ \t]+(\S+))?/i.exec(text);
  const base = /changes since commit ([0-9a-f]{7,64})/i.exec(text)?.[1] ?? 'BASE';
  const fetch = ['git fetch', where?.[1] ?? 'URL', where?.[2] ?? (where === null ? 'TAG' : '')].join(' ').trim();
  return `Fetch it into the tree (\`${fetch}\`), and give the range: \`${base}..FETCH_HEAD\`.`;
}

function unpack(given: Buffer, source: string): Buffer {
  try {
    // In one piece: nothing is held twice while pieces are joined.
    return gunzipSync(given, {maxOutputLength: MAX_MAIL_BYTES, chunkSize: MAX_MAIL_BYTES});
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') throw tooLarge(`\`${source}\` (unpacked)`);
    throw new UserError(`Cannot unpack \`${source}\`: ${messageOf(cause)}`, {hint: 'Fetch it again.', cause});
  }
}
