// SPDX-License-Identifier: MIT
/**
 * Names that differ from one attempt to the next: `ok 3 child pid 4711`. Rows are told apart by name, so each of these
 * would be a row of its own that one attempt has and all others lack. docs/verdicts.md has the rule.
 */
import type {SubtestResult} from '../ktap/result.js';
import type {Attempt} from '../suite/attempt.js';
import {withPaths} from './stand-ins.js';
import {bareTemplate, processTemplate, shapedTemplate} from './templates.js';

/** What a row stands for whose name is not one name. */
export interface ChangingName {
  /** Different names that were seen. */
  names: number;
  /** The first of them. */
  examples: string[];
  /** One result under one name with a number in it; else all that changes, which cannot be compared one by one. */
  folded: boolean;
}

export interface Named {
  attempts: Attempt[];
  /** By the name of the row below its test, `/` between its parts. */
  changing: ReadonlyMap<string, ChangingName>;
  /** An attempt that had no part in it (base's own selftests), under the same names; what cannot be compared is left out. */
  rename(attempt: Attempt): Attempt;
}

type Path = readonly string[];
type Template = (name: string) => string;
/** Names by attempt. */
type Seen = Map<number, string[]>;

/** The surest first. */
const TEMPLATES: readonly Template[] = [processTemplate, shapedTemplate, bareTemplate];
/** All that changes and is not one result has this row. */
export const CHANGING = '[names that change]';
const EXAMPLES = 3;
/** Fewer different names may be two tests of which each attempt ran one. */
const MIN_NAMES = 3;
/** Attempts without one name twice, before a number that nothing explains counts as no name. */
const MIN_ATTEMPTS = 5;

/** @param attempts of one test, both sides: which side an attempt is of does not matter, but that one side varies by itself */
export function nameAlike(attempts: readonly Attempt[]): Named {
  const changing = new Map<string, ChangingName>();
  if (!isVarying(attempts)) return {attempts: [...attempts], changing, rename: (attempt) => attempt};
  const folds = new Map<string, string>();
  const depths = attempts.flatMap(({report}) => report.results.map(({path}) => path.length));
  let named = [...attempts];
  for (let depth = 1; depth <= Math.max(0, ...new Set(depths)); depth++) {
    for (const template of TEMPLATES) {
      foldAtDepth(named, depth, template, folds, changing);
      named = named.map((attempt) => withPaths(attempt, (path) => foldPath(path, depth, template, folds)));
    }
  }
  const fold = (attempt: Attempt): Attempt => withPaths(attempt, (path) => foldAll(path, folds));
  const lonely = lonelyPaths(named);
  if (lonely.size === 0) return {attempts: named, changing, rename: fold};
  const examples = [...lonely].map((path) => (JSON.parse(path) as string[]).join('/'));
  changing.set(CHANGING, {names: lonely.size, examples: examples.slice(0, EXAMPLES), folded: false});
  const known = new Set(named.flatMap(({report}) => report.results.map(({path}) => keyOf(path))));
  const templates = new Set([...lonely].map((path) => bareTemplate(path)));
  return {
    attempts: named.map((attempt) => withPaths(attempt, (path) => (lonely.has(keyOf(path)) ? [CHANGING] : path))),
    changing,
    rename: (attempt) => {
      const one = fold(attempt);
      const isComparable = ({path}: SubtestResult): boolean =>
        known.has(keyOf(path)) || !templates.has(bareTemplate(keyOf(path)));
      return {...one, report: {...one.report, results: one.report.results.filter(isComparable)}};
    },
  };
}

/** Is there a name that some attempt has and another, which ran as well, has not? */
function isVarying(attempts: readonly Attempt[]): boolean {
  const ran = attempts.filter(({notRun}) => notRun === undefined);
  const times = new Map<string, number>();
  for (const {report} of ran) {
    for (const {path} of report.results) times.set(keyOf(path), (times.get(keyOf(path)) ?? 0) + 1);
  }
  return ran.length >= MIN_NAMES && [...times.values()].some((count) => count < ran.length);
}

function foldAtDepth(
  attempts: readonly Attempt[],
  depth: number,
  template: Template,
  folds: Map<string, string>,
  changing: Map<string, ChangingName>,
): void {
  const isWhole = attempts.map(wholeness);
  for (const {parent, templates} of namesAtDepth(attempts, depth, template).values()) {
    const whole = new Set(attempts.flatMap((_, index) => (isWhole[index]?.(parent) ? [index] : [])));
    for (const [pattern, seen] of templates) {
      const names = new Set([...seen.values()].flat());
      // A test may itself print the name that a fold would have.
      if (names.has(pattern) || !isOneResult(seen, whole, attempts, template)) continue;
      const key = keyOf([...parent, pattern]);
      folds.set(key, pattern);
      changing.set([...parent, pattern].join('/'), {
        names: names.size,
        examples: [...names].slice(0, EXAMPLES),
        folded: true,
      });
    }
  }
}

/** By parent. Results that only were promised have no names of their own. */
function namesAtDepth(
  attempts: readonly Attempt[],
  depth: number,
  template: Template,
): Map<string, {parent: Path; templates: Map<string, Seen>}> {
  const parents = new Map<string, {parent: Path; templates: Map<string, Seen>}>();
  for (const [index, {report}] of attempts.entries()) {
    for (const {path, standIn} of report.results) {
      if (path.length !== depth || standIn === 'promised') continue;
      const [parent, name = ''] = [path.slice(0, -1), path.at(-1)];
      const one = parents.get(keyOf(parent)) ?? {parent, templates: new Map<string, Seen>()};
      const seen: Seen = one.templates.get(template(name)) ?? new Map();
      const names = seen.get(index) ?? [];
      names.push(name);
      seen.set(index, names);
      one.templates.set(template(name), seen);
      parents.set(keyOf(parent), one);
    }
  }
  return parents;
}

/**
 * Do these names stand for one result? On each side every attempt that ran to its end has exactly one, or none has any;
 * and they change on one side by itself, or it may be the series that has changed the name. A process is none: its number
 * shifts for all attempts of a side when a kernel starts one thread more.
 */
function isOneResult(
  seen: Seen,
  whole: ReadonlySet<number>,
  attempts: readonly Attempt[],
  template: Template,
): boolean {
  if ([...seen.values()].some(({length}) => length > 1)) return false;
  const all = [...seen.values()].flat();
  const names = new Set(all);
  const isProcess = template === processTemplate;
  if (names.size < (isProcess ? 2 : MIN_NAMES)) return false;
  if (template === bareTemplate && (names.size < all.length || all.length < MIN_ATTEMPTS)) return false;
  const sides = (['base', 'patched'] as const).map((side) => {
    const own = [...whole].filter((index) => attempts[index]?.side === side);
    const having = own.filter((index) => seen.has(index));
    const isEven = having.length === own.length || having.length === 0;
    return {isEven, names: new Set(having.flatMap((index) => seen.get(index) ?? [])).size};
  });
  return sides.every(({isEven}) => isEven) && (isProcess || sides.some((side) => side.names > 1));
}

/**
 * Tells whether an attempt ended by itself and the level below `parent` gave all that it promised; one that has no such
 * level is no whole one of it.
 */
function wholeness({notRun, lost, exit, report}: Attempt): (parent: Path) => boolean {
  const isEnded = notRun !== undefined || lost !== undefined || exit.endedBy !== undefined || exit.code === null;
  if (isEnded || report.results.some(({path}) => path.length === 0)) return () => false;
  const levels = new Set(['[]', ...report.results.map(({path}) => keyOf(path))]);
  for (const {path, status} of report.results) if (status === 'missing') levels.delete(keyOf(path.slice(0, -1)));
  return (parent) => levels.has(keyOf(parent));
}

/** Paths that one attempt has and no other, if so many attempts have such that it must be the names that change. */
function lonelyPaths(attempts: readonly Attempt[]): ReadonlySet<string> {
  const by = new Map<string, Set<number>>();
  for (const [index, {report}] of attempts.entries()) {
    for (const {path, standIn} of report.results) {
      if (path.length > 0 && standIn !== 'promised') by.set(keyOf(path), (by.get(keyOf(path)) ?? new Set()).add(index));
    }
  }
  const lonely = [...by].flatMap(([path, [first, ...more]]) => (more.length === 0 ? [{path, first}] : []));
  const where = new Set(lonely.map(({first}) => first ?? 0));
  const sides = [...where].map((index) => attempts[index]?.side);
  const isOften = where.size >= MIN_NAMES && new Set(sides).size < sides.length;
  return new Set(isOften ? lonely.map(({path}) => path) : []);
}

const keyOf = (path: Path): string => JSON.stringify(path);

function foldPath(path: Path, depth: number, template: Template, folds: ReadonlyMap<string, string>): Path {
  const name = path[depth - 1];
  if (name === undefined || folds.size === 0) return path;
  const above = path.slice(0, depth - 1);
  const folded = folds.get(keyOf([...above, template(name)]));
  return folded === undefined ? path : [...above, folded, ...path.slice(depth)];
}

function foldAll(path: Path, folds: ReadonlyMap<string, string>): Path {
  let folded = path;
  for (let depth = 1; depth <= path.length; depth++) {
    for (const template of TEMPLATES) folded = foldPath(folded, depth, template, folds);
  }
  return folded;
}
