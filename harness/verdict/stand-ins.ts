// SPDX-License-Identifier: MIT
import type {SubtestResult} from '../ktap/result.js';
import type {Attempt} from '../suite/attempt.js';

type Path = readonly string[];

/**
 * The same attempts, in which a number of the plan that never came, or whose line has no description, stands under the
 * name that another attempt gives to the result of that number: `missing #2` here and `b` there are one test. The side
 * of that other attempt does not matter. Where no attempt has such a result the name stays ours.
 */
export function nameStandIns(attempts: readonly Attempt[]): Attempt[] {
  if (!attempts.some(({report}) => report.results.some(({standIn}) => standIn !== undefined))) return [...attempts];
  const depths = attempts.flatMap(({report}) => report.results.map(({path}) => path.length));
  let named = [...attempts];
  // From the outside inwards: the parent's name decides whose subtests these are.
  for (let depth = 1; depth <= Math.max(0, ...new Set(depths)); depth++) named = nameAtDepth(named, depth);
  return named;
}

function nameAtDepth(attempts: readonly Attempt[], depth: number): Attempt[] {
  const names = new Map<string, Set<string>>();
  const fromZero = new Set<string>();
  for (const {report} of attempts) {
    for (const result of report.results) {
      if (result.path.length !== depth || result.standIn !== undefined || result.order === undefined) continue;
      if (result.order.number === 0) fromZero.add(levelOf(result));
      for (const at of [seatOf(result), levelOf(result)]) {
        names.set(at, (names.get(at) ?? new Set()).add(result.path.at(-1) ?? ''));
      }
    }
  }
  return attempts.map((attempt) => {
    const renamed = renamesIn(attempt, depth, names, fromZero);
    return renamed.size === 0 ? attempt : withPaths(attempt, (path) => rename(path, depth, renamed));
  });
}

/** Paths of this attempt's stand-ins, with the name that each is to have. */
function renamesIn(
  {report}: Attempt,
  depth: number,
  names: ReadonlyMap<string, ReadonlySet<string>>,
  fromZero: ReadonlySet<string>,
) {
  const here = report.results.filter(({path}) => path.length === depth);
  const taken = new Set(here.filter(({standIn}) => standIn === undefined).map(({path}) => keyOf(path)));
  const renamed = new Map<string, string>();
  for (const result of here) {
    if (result.standIn === undefined || result.order === undefined) continue;
    const pathOf = (name: string): string => keyOf([...result.path.slice(0, -1), name]);
    const candidates = [...(names.get(seatOf(result)) ?? [])];
    if (result.standIn === 'unnamed' && candidates.length !== 1) continue;
    // Who gave nothing did not show that it counts from 0: its N is N-1 of those that did.
    if (candidates.length === 0 && !fromZero.has(levelOf(result))) continue;
    // Where results come in any order, one of the others that this attempt lacks: it promises as many as it lacks.
    const others = result.standIn === 'unnamed' ? [] : [...(names.get(levelOf(result)) ?? [])];
    const name = [...candidates, ...others].find((one) => !taken.has(pathOf(one)));
    if (name === undefined) continue;
    taken.add(pathOf(name));
    renamed.set(keyOf(result.path), name);
  }
  return renamed;
}

function rename(path: Path, depth: number, renamed: ReadonlyMap<string, string>): Path {
  const name = renamed.get(keyOf(path.slice(0, depth)));
  return name === undefined ? path : [...path.slice(0, depth - 1), name, ...path.slice(depth)];
}

/** The same attempt, each of its results under the path that `pathOf` gives for its own. */
export function withPaths(attempt: Attempt, pathOf: (path: Path) => Path): Attempt {
  const results = attempt.report.results.map((one): SubtestResult => {
    const path = pathOf(one.path);
    // Most keep theirs, and there may be tens of thousands.
    return path === one.path ? one : {...one, path};
  });
  return {...attempt, report: {...attempt.report, results}};
}

const keyOf = (path: Path): string => JSON.stringify(path);

const levelOf = ({path, order}: SubtestResult): string => JSON.stringify([path.slice(0, -1), order?.document]);

const seatOf = ({path, order}: SubtestResult): string =>
  JSON.stringify([path.slice(0, -1), order?.document, order?.number]);
