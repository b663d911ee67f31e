// SPDX-License-Identifier: MIT
/** `-t SUITE[:TEST[/SUBTEST]]`, as often as one likes; SUITE may be `kselftest/TARGET`. */
import {UserError} from '../lib/errors.js';
import type {Suite} from './suite.js';
import {TARGET_PREFIX} from './target-suite.js';

export interface Selector {
  suite: string;
  /** `unit` also means each `unit:NAME` that its `list` gives. */
  test?: string;
  /** The beginning of a subtest's path. */
  subtest?: string;
}

/** A target of the tree may be a folder in a folder: `kselftest/net/forwarding`. */
const WORD = new RegExp(`^((?:${TARGET_PREFIX}[^:]+)|[^:/]+)(?::([^/]+)(?:/(.+))?)?$`);

/** Nothing selected means everything. */
export type Selection = readonly Selector[];

/** A name that a `list` gave, behind its test's name. */
export const LISTED = ':';

/**
 * Reads the words and checks them against what there is. Names that only a guest can list, those of a
 * suite that the tree describes itself, and subtests are checked when they are known (`expandTests`, `fillLanes`,
 * `neverSeen`).
 *
 * @throws UserError that lists what exists
 */
export function parseSelection(words: readonly string[], suites: ReadonlyMap<string, Suite>): Selection {
  return words.map((word) => {
    const selector = parseSelector(word);
    const suite = suites.get(selector.suite);
    if (suite === undefined) throw unknown('suite', selector.suite, [...suites.keys()]);
    if (suite.target !== undefined) return selector;
    const known = suite.tests.some(
      ({name, list}) =>
        selector.test === undefined ||
        selector.test === name ||
        (list !== undefined && selector.test.startsWith(`${name}${LISTED}`)),
    );
    if (!known) {
      throw unknown(
        `test of suite \`${suite.name}\``,
        selector.test ?? '',
        suite.tests.map(({name, list}) => `${suite.name}:${name}${list === undefined ? '' : `${LISTED}NAME`}`),
      );
    }
    return selector;
  });
}

function parseSelector(word: string): Selector {
  const parts = WORD.exec(word);
  if (parts === null) {
    throw new UserError(`Expected \`-t\` to be SUITE[:TEST[/SUBTEST]], got \`${word}\``, {
      hint: '`kverdict list suites` shows what there is.',
    });
  }
  const [, suite = '', test, subtest] = parts;
  return {suite, ...(test === undefined ? {} : {test}), ...(subtest === undefined ? {} : {subtest})};
}

/** The names of the suites that have something to run, in their own order. */
export function selectedSuites(selection: Selection, suites: ReadonlyMap<string, Suite>): Suite[] {
  return [...suites.values()].filter(
    ({name}) => selection.length === 0 || selection.some((selector) => selector.suite === name),
  );
}

/**
 * Is this test to be run? With `path`: is this subtest to be reported? Before a `list` was run its test's own name
 * stands for what it will give.
 */
export function matches(selection: Selection, suite: string, test: string, path: readonly string[] = []): boolean {
  if (selection.length === 0) return true;
  return selection.some(
    (selector) =>
      selector.suite === suite && testMatches(selector.test, test) && subtestMatches(selector.subtest, path),
  );
}

function testMatches(wanted: string | undefined, test: string): boolean {
  if (wanted === undefined || wanted === test) return true;
  return test.startsWith(`${wanted}${LISTED}`) || wanted.startsWith(`${test}${LISTED}`);
}

/** Without a path the test as a whole is meant: it has to be run whichever subtest is wanted. */
function subtestMatches(wanted: string | undefined, path: readonly string[]): boolean {
  if (wanted === undefined || path.length === 0) return true;
  const name = path.join('/');
  return name === wanted || name.startsWith(`${wanted}/`);
}

/** Selectors that met nothing: a subtest that was asked for and never seen must not pass for a green one. */
export function neverSeen(
  selection: Selection,
  seen: readonly {suite: string; test: string; path: readonly string[]}[],
): string[] {
  return selection
    .filter(
      (selector) => !seen.some(({suite, test, path}) => path.length > 0 && matches([selector], suite, test, path)),
    )
    .filter(({subtest}) => subtest !== undefined)
    .map(({suite, test, subtest}) => `${suite}:${test}/${subtest}`);
}

function unknown(what: string, name: string, known: readonly string[]): UserError {
  return new UserError(`There is no ${what} called \`${name}\``, {
    hint: `There ${known.length === 1 ? 'is' : 'are'}: ${known.join(', ') || '<none>'}.`,
    facts: {name, known},
  });
}
