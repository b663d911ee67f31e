// SPDX-License-Identifier: MIT
/** Names that no test gives: nobody can ask for a result by one of them. */
import type {Attempt} from '../suite/attempt.js';
import type {ChangingName} from './changing-names.js';

/** Rows that end in a name of ours: results that were only ever promised, and those whose name changes. */
export type OwnNames = ReadonlySet<string>;

/** @param group of one test, both sides, each result under the name that its row has */
export function ownNames(group: readonly Attempt[], changing: ReadonlyMap<string, ChangingName>): OwnNames {
  const names = new Set(changing.keys());
  const all = group.flatMap(({report}) => report.results);
  const promised = new Set(all.filter(({standIn}) => standIn === 'promised').map(({path}) => path.join('/')));
  if (promised.size > 0) {
    for (const {path, standIn} of all) if (standIn !== 'promised') promised.delete(path.join('/'));
  }
  const prefix = `${group[0]?.test}/`;
  return new Set([...names, ...promised].map((name) => `${prefix}${name}`));
}

/** What `-t SUITE:` takes to see a row: what it is a part of, above the first name that is ours. Undefined: its own key. */
export function selects(key: string, own: OwnNames): string | undefined {
  if (own.size === 0) return undefined;
  for (let end = key.indexOf('/'); end !== -1; end = key.indexOf('/', end + 1)) {
    const next = key.indexOf('/', end + 1);
    if (own.has(next === -1 ? key : key.slice(0, next))) return key.slice(0, end);
  }
  return undefined;
}
