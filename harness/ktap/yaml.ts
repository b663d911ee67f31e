// SPDX-License-Identifier: MIT
import type {Line, Place} from './lines.js';
import type {Node} from './node.js';

/** Lines of a block that are kept with its result. */
const MAX_LINES = 100;

/**
 * TAP 13: a block of YAML, from `---` to `...`, belongs to the result above it. It is never more than words: a line in
 * it that reads as a result, a plan or a bail out counts as such, so that a lost `...` hides nothing.
 */
export class YamlBlock {
  #open: {into: Node; place: Place} | undefined;

  start(result: {node: Node; place: Place} | undefined, place: Place): undefined {
    if (result === undefined || place.column <= result.place.column) return;
    this.#open = {into: result.node, place: result.place};
  }

  /** Takes a line that is in the block; false: it is not, or ends it and must be read as what it is. */
  takes(line: Line, text: string): boolean {
    if (this.#open === undefined) return false;
    const {into, place} = this.#open;
    const words = text.trim();
    const plain = line.kind === 'unknown' || line.kind === 'comment';
    if (!plain || words === '...' || (words !== '' && line.place.column <= place.column)) this.#open = undefined;
    else if (words !== '' && into.diagnostics.length < MAX_LINES) into.diagnostics.push(line.text.trimEnd());
    return plain && (this.#open !== undefined || words === '...');
  }
}
