// SPDX-License-Identifier: MIT

/** A line longer than this is not QMP; the connection is given up. */
export const MAX_LINE_BYTES = 16 * 1024 * 1024;

/** What comes from a QMP socket, in pieces of any size, as the objects that are in it: one a line. */
export class QmpLines {
  /** Of a line that has not ended; in pieces, as a long one may come in many. */
  #pieces: string[] = [];
  #length = 0;

  /** @returns undefined: this is not QMP. What is no JSON object is passed over: an answer that is missed by it is late */
  read(text: string): Record<string, unknown>[] | undefined {
    const end = text.lastIndexOf('\n');
    if (end === -1) return this.#keep(text) ? [] : undefined;
    const whole = [...this.#pieces, text.slice(0, end)].join('');
    this.#pieces = [];
    this.#length = 0;
    if (whole.length > MAX_LINE_BYTES) return undefined;
    const messages = whole.split('\n').flatMap((line): Record<string, unknown>[] => {
      const message = parseObject(line);
      return message === undefined ? [] : [message];
    });
    return this.#keep(text.slice(end + 1)) ? messages : undefined;
  }

  #keep(text: string): boolean {
    if (text !== '') this.#pieces.push(text);
    this.#length += text.length;
    return this.#length <= MAX_LINE_BYTES;
  }
}

function parseObject(line: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}
