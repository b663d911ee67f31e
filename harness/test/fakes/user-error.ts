// SPDX-License-Identifier: MIT
import t from 'tap';
import {UserError} from '../../lib/errors.js';

/** The message of the UserError that `load` must throw; another error, or none, fails the test. */
export function userErrorOf(load: () => unknown): string {
  try {
    load();
  } catch (error) {
    t.type(error, UserError);
    return (error as Error).message;
  }
  t.fail('no error was thrown');
  return '<no error>';
}
