// SPDX-License-Identifier: MIT
import {createKtapReader} from './parse.js';
import {createExitCodeReader} from './readers/exit-code.js';
import {createGtestReader} from './readers/gtest.js';
import {createKtapOrExitReader} from './readers/ktap-or-exit.js';
import {createKtapRunReader} from './readers/ktap-run.js';
import {createUffdStressReader} from './readers/uffd-stress.js';
import {createUffdUnitTestsReader} from './readers/uffd-unit-tests.js';
import type {ResultReader} from './result.js';

/** The languages that tests speak; `reader:` of a suite's test is one of these. */
const READERS = {
  ktap: createKtapReader,
  'ktap-run': createKtapRunReader,
  'exit-code': createExitCodeReader,
  'ktap-or-exit': createKtapOrExitReader,
  'uffd-unit-tests': createUffdUnitTestsReader,
  'uffd-stress': createUffdStressReader,
  gtest: createGtestReader,
} as const satisfies Record<string, () => ResultReader>;

export type ReaderKind = keyof typeof READERS;

/** All of them, for a schema or a test. */
export const READER_KINDS = Object.keys(READERS) as ReaderKind[];

/** A reader for one run of one test; it cannot be used for a second one. */
export function createReader(kind: ReaderKind): ResultReader {
  return READERS[kind]();
}
