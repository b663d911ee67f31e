// SPDX-License-Identifier: MIT
/** A mail that says the same twice, as text and as a web page. */

const BOUNDARY = /boundary\s*=\s*(?:"([^"\r\n]{1,200})"|([^\s;"]{1,200}))/gi;

/**
 * A multipart mail without its `text/html` parts, where it has plain text as well; the same bytes where there is nothing
 * to leave out. Pure.
 */
export function withoutHtml(bytes: Buffer): Buffer {
  const text = bytes.toString('latin1');
  if (!/^content-type:\s*text\/html/im.test(text) || !/^content-type:\s*text\/plain/im.test(text)) return bytes;
  const boundaries = [...text.matchAll(BOUNDARY)].map(([, quoted, bare]) => `--${quoted ?? bare}`);
  const isBoundary = (line: string): boolean => boundaries.some((one) => line === one || line === `${one}--`);
  const kept: string[] = [];
  let skips = false;
  // A part begins below its boundary; what it is, its own header says.
  let begin = -1;
  for (const line of text.split('\n')) {
    if (isBoundary(line.trimEnd())) {
      skips = false;
      begin = kept.length;
    } else if (begin >= 0 && line.trimEnd() === '') begin = -1;
    else if (begin >= 0 && /^content-type:\s*text\/html/i.test(line)) {
      skips = true;
      kept.length = begin;
    }
    if (!skips) kept.push(line);
  }
  return Buffer.from(kept.join('\n'), 'latin1');
}
