// SPDX-License-Identifier: MIT
import type {LineEnd} from './result.js';

/** Characters of a line that are kept; the longest line of the 6.12 selftests is below 2000. */
export const MAX_LINE_LENGTH = 16 * 1024;

export interface LineFeeder {
  /** Bytes as they come: a chunk may end inside a line, inside a CR LF, inside a character. */
  write(chunk: Uint8Array): void;
  /** Hands over what is left, as a line that was not terminated. */
  end(): void;
}

/**
 * Bytes in, lines out. Bad UTF-8 becomes U+FFFD; CR LF is a line end; a line of any length needs no more memory than
 * the limit, and `cut` says how many characters were dropped from its end.
 */
export function createLineFeeder(
  onLine: (text: string, end: LineEnd) => void,
  maxLength: number = MAX_LINE_LENGTH,
): LineFeeder {
  const decoder = new TextDecoder('utf-8');
  let kept = '';
  let cut = 0;

  const append = (part: string): void => {
    const room = maxLength - kept.length;
    if (part.length <= room) kept += part;
    else {
      kept += part.slice(0, room);
      cut += part.length - room;
    }
  };
  const emit = (terminated: boolean): void => {
    const text = terminated && cut === 0 && kept.endsWith('\r') ? kept.slice(0, -1) : kept;
    const end = {terminated, cut};
    kept = '';
    cut = 0;
    onLine(text, end);
  };
  const feed = (text: string): void => {
    let from = 0;
    for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', from)) {
      append(text.slice(from, at));
      emit(true);
      from = at + 1;
    }
    append(text.slice(from));
  };

  return {
    write: (chunk) => feed(decoder.decode(chunk, {stream: true})),
    end: () => {
      feed(decoder.decode());
      if (kept !== '' || cut > 0) emit(false);
    },
  };
}
