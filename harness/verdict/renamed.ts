// SPDX-License-Identifier: MIT
import type {SubtestResult} from '../ktap/result.js';
import {isFailure} from '../ktap/severity.js';
import type {Judged} from './tally.js';

/**
 * A test may word its name by how it ends: `ok 5 write-protect` here, `ok 5 # SKIP no write-protect` there, or
 * `not ok 5 write-protect: lost 3 of 8`. Where both sides give as many results, at one place of them two names meet that
 * the other side does not have, and one of the two is a skip, or the failing one is the other with words behind it, that is
 * one test: the patched side's result gets the name that it has on base. Any other pair of names stays two tests, one gone
 * and one new, as nothing shows that one stands for the other.
 */
export function withBaseNames(base: readonly Judged[], patched: readonly Judged[]): Judged[] {
  const [before] = base;
  const [after] = patched;
  if (before === undefined || after === undefined) return [...patched];
  const names = new Map(pairs(base, patched, before.attempt.report.results, after.attempt.report.results));
  if (names.size === 0) return [...patched];
  return patched.map(({attempt, outcomes}) => ({
    attempt,
    outcomes: new Map(
      [...outcomes].map(([key, outcome]) => {
        const name = names.get(key);
        if (name === undefined) return [key, outcome];
        const called = `called \`${key}\``;
        const reason = outcome.reason === undefined ? called : `${outcome.reason} (${called})`;
        return [name, {...outcome, key: name, reason}];
      }),
    ),
  }));
}

/** Keys of the patched side, with that of base. */
function pairs(
  base: readonly Judged[],
  patched: readonly Judged[],
  before: readonly SubtestResult[],
  after: readonly SubtestResult[],
): [string, string][] {
  if (before.length !== after.length) return [];
  const test = base[0]?.attempt.test ?? '';
  const places = new Map(after.map((one) => [placeOf(one), one]));
  return before.flatMap((one, index): [string, string][] => {
    const other = one.order === undefined ? after[index] : places.get(placeOf(one));
    if (other === undefined || !mayBeOne(one, other)) return [];
    if (one.path.length === 0 || one.path.length !== other.path.length) return [];
    if (one.path.slice(0, -1).join('/') !== other.path.slice(0, -1).join('/')) return [];
    const [from, to] = [[test, ...one.path].join('/'), [test, ...other.path].join('/')];
    const isOnlyOn = (key: string, elsewhere: readonly Judged[]): boolean =>
      !elsewhere.some(({outcomes}) => outcomes.has(key));
    return isOnlyOn(from, patched) && isOnlyOn(to, base) ? [[to, from]] : [];
  });
}

/** Of two skips neither ran, and the words may be their reasons. */
function mayBeOne(one: SubtestResult, other: SubtestResult): boolean {
  if (one.status === 'skip' || other.status === 'skip') return true;
  if (isFailure(one.status) === isFailure(other.status)) return false;
  const [failing, passing] = isFailure(one.status) ? [one, other] : [other, one];
  const [longer = '', name = ''] = [failing.path.at(-1), passing.path.at(-1)];
  return name !== '' && longer.startsWith(name) && /^(?:[:,;] | [-(])/.test(longer.slice(name.length));
}

/** Its number in its document, whatever came before it. */
const placeOf = ({path, order}: SubtestResult): string =>
  JSON.stringify([path.slice(0, -1), order?.document, order?.number]);
