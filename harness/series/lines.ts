// SPDX-License-Identifier: MIT
/** The lines of a text of any size: where they begin is kept, not the lines themselves. */
export class Lines {
  readonly length: number;
  /** The last line ends with a newline. */
  readonly complete: boolean;
  readonly #starts: Uint32Array;

  constructor(private readonly text: string) {
    let starts = new Uint32Array(1024);
    let count = 0;
    for (let at = 0; at < text.length; count++) {
      if (count + 1 >= starts.length) {
        const larger = new Uint32Array(starts.length * 2);
        larger.set(starts);
        starts = larger;
      }
      starts[count] = at;
      const end = text.indexOf('\n', at);
      at = end === -1 ? text.length : end + 1;
    }
    starts[count] = text.length;
    this.#starts = starts;
    this.length = count;
    this.complete = text.endsWith('\n');
  }

  /** Without its newline; empty past the end. */
  at(line: number): string {
    if (line < 0 || line >= this.length) return '';
    const start = this.#starts[line] ?? 0;
    const end = this.#starts[line + 1] ?? start;
    return this.text.slice(start, this.text[end - 1] === '\n' ? end - 1 : end);
  }

  /** The first character; ` ` for an empty line. */
  first(line: number): string {
    const start = this.#starts[line] ?? 0;
    const first = this.text[start] ?? ' ';
    return first === '\n' ? ' ' : first;
  }

  /** The first characters, enough to tell headers from other lines. */
  start(line: number): string {
    const start = this.#starts[line] ?? 0;
    return this.text.slice(start, start + 7);
  }
}
