// SPDX-License-Identifier: MIT
import {cleanText} from '../../lib/text.js';
import {Diagnostics} from '../diagnostics.js';
import {endedFromOutside, statusOfExit} from '../exit.js';
import type {ResultReader} from '../result.js';

/** For a program that says nothing but its exit code: one result, for the test as a whole. */
export function createExitCodeReader(): ResultReader {
  const diagnostics = new Diagnostics();
  return {
    line: (text) => diagnostics.add(cleanText(text)),
    end: (exit) => {
      const {status, reason} = endedFromOutside(exit) ?? statusOfExit(exit.code ?? 1);
      const said = diagnostics.last();
      const words = status === 'pass' ? {} : {reason: said === undefined ? reason : `${reason}; it said: ${said}`};
      return {
        results: [{path: [], status, ...words, diagnostics: diagnostics.take(status === 'pass')}],
        problems: [],
      };
    },
  };
}
