// SPDX-License-Identifier: MIT
import {isAscii, isUtf8} from 'node:buffer';

/** Bytes of a text as UTF-8, and what was guessed. */
export interface Decoded {
  text: string;
  /** For the user; absent: the bytes are what the mail says they are. */
  guess?: string;
}

/**
 * Pure. What git could not decode: its iconv does not know the charset, or the bytes are none of it. UTF-8 where the
 * bytes are UTF-8, else the charset named by what the browsers' decoder knows of it, else Latin-1, which keeps every
 * byte. Always with the guess said: nobody else would see it.
 * @param charsets as the mail names them, lower case
 */
export function decodeAnyway(bytes: Buffer, charsets: readonly string[]): Decoded {
  const named = charsets.map((charset) => `\`${charset.slice(0, 40)}\``).join(', ') || 'no charset';
  // Without an escape (ISO-2022) ASCII is ASCII, whatever it is called.
  if (isAscii(bytes) && !bytes.includes(0x1b)) return {text: bytes.toString('latin1')};
  if (isUtf8(bytes) && !bytes.includes(0x1b))
    return {text: bytes.toString('utf8'), guess: `${named} is not what it holds: read as UTF-8`};
  for (const charset of charsets) {
    const decoder = decoderFor(charset);
    if (decoder === undefined) continue;
    return {text: decoder.decode(bytes), guess: `git cannot read ${named}: read as ${decoder.encoding}`};
  }
  return {text: bytes.toString('latin1'), guess: `${named} is not known: read as Latin-1, byte for byte`};
}

/** Beyond ASCII: a sequence of UTF-8, or, in the group, a byte that is none of one. */
const SEQUENCE =
  /[\xc2-\xdf][\x80-\xbf]|\xe0[\xa0-\xbf][\x80-\xbf]|\xed[\x80-\x9f][\x80-\xbf]|[\xe1-\xec\xee\xef][\x80-\xbf]{2}|\xf0[\x90-\xbf][\x80-\xbf]{2}|[\xf1-\xf3][\x80-\xbf]{3}|\xf4[\x80-\x8f][\x80-\xbf]{2}|([\x80-\xff])/g;

/**
 * Pure. What git did not convert, as it writes it into a commit: UTF-8, and a byte that is none of it as Latin-1. Said,
 * since the mail called it otherwise.
 */
export function decodeAsGit(bytes: Buffer): Decoded {
  if (isUtf8(bytes)) return {text: bytes.toString('utf8')};
  const repaired = bytes
    .toString('latin1')
    .replace(SEQUENCE, (part, bad?: string) =>
      bad === undefined ? part : Buffer.from(bad, 'utf8').toString('latin1'),
    );
  return {
    text: Buffer.from(repaired, 'latin1').toString('utf8'),
    guess: 'it is not all UTF-8: the other bytes are read as Latin-1, as git does',
  };
}

function decoderFor(charset: string): TextDecoder | undefined {
  if (/^(?:utf-?8|us-ascii|ascii)$/.test(charset)) return undefined;
  try {
    return new TextDecoder(charset, {fatal: false});
  } catch {
    return undefined;
  }
}
