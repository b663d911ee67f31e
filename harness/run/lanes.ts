// SPDX-License-Identifier: MIT
import type {Context} from '../lib/context.js';
import {UserError} from '../lib/errors.js';
import {matches, type Selection} from '../suite/select.js';
import type {Suite, Test} from '../suite/suite.js';
import type {Bench} from './lab.js';
import type {Lane} from './schedule.js';

/**
 * The plan's lanes with the tests of the suites that the tree describes itself. They are known only when its makefiles
 * were run, and may differ between architectures. One that has none for an architecture has no lane there, which is
 * said.
 *
 * @param overrideTimeout seconds for each of their tests, whatever the tree says
 * @throws UserError when none of them is left, or a test was asked for that no architecture has
 */
export function fillLanes(
  ctx: Pick<Context, 'emit'>,
  lanes: readonly Lane[],
  benches: ReadonlyMap<string, Pick<Bench, 'profile' | 'programs'> & Partial<Pick<Bench, 'own'>>>,
  selection: Selection,
  overrideTimeout?: number,
): Lane[] {
  const listed = new Map<string, Set<string>>();
  const filled: Lane[] = [];
  for (const {profile, suite} of lanes) {
    const bench = benches.get(profile);
    // Without a bench nothing runs; the ledger says why.
    const own = bench?.own?.get(suite.name);
    if (suite.target === undefined || bench === undefined) {
      filled.push({profile, suite, ...(own === undefined ? {} : {own: suite})});
      continue;
    }
    const tests = bench.programs.get(suite.name)?.tests ?? [];
    const names = listed.get(suite.name) ?? new Set();
    for (const {name} of [...tests, ...(own?.tests ?? [])]) names.add(name);
    listed.set(suite.name, names);
    const select = (all: readonly Test[]): Test[] =>
      all
        .filter(({name}) => matches(selection, suite.name, name))
        .map((test) => (overrideTimeout === undefined ? test : {...test, wallTimeout: overrideTimeout}));
    const wanted = select(tests);
    const before = select(own?.tests ?? []);
    // What base has must be looked for, also when the series leaves nothing of it.
    if (wanted.length > 0 || before.length > 0) {
      const lane = {profile, suite: {...suite, tests: wanted}};
      filled.push(before.length === 0 ? lane : {...lane, own: {...suite, tests: before}});
    } else if (tests.length === 0) {
      const message = `${suite.name} has no tests for ${bench.profile.arch}: ${profile} does not run it`;
      ctx.emit({type: 'warning', message});
    }
  }
  checkNames(selection, listed);
  // None were planned for what the compiler alone can show.
  if (filled.length === 0 && lanes.length > 0)
    throw new UserError('No selected suite has a test on a selected profile');
  return filled;
}

function checkNames(selection: Selection, listed: ReadonlyMap<Suite['name'], ReadonlySet<string>>): void {
  for (const {suite, test} of selection) {
    const names = listed.get(suite);
    if (names === undefined || test === undefined || names.has(test)) continue;
    throw new UserError(`There is no test of suite \`${suite}\` called \`${test}\``, {
      hint: `The tree's makefiles list: ${[...names].join(', ') || '<none>'}.`,
      facts: {suite, test, known: [...names]},
    });
  }
}
