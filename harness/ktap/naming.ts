// SPDX-License-Identifier: MIT
import type {Description} from './directive.js';

/** Where results have their names from. */
export interface Naming {
  /** A comment, or words that are no result, before the next result. */
  note(text: string): void;
  describe(said: Description): Pick<Description, 'name' | 'reason'>;
}

export const BY_THEMSELVES: Naming = {note: () => undefined, describe: (said) => said};
