// SPDX-License-Identifier: MIT
/** Suites that cannot run on this tree, as it does not know what their kernel needs: told, and a skip each. */
import {type AskedSymbol, linesOf, lineWords} from '../kernel/kconfig-fragment.js';
import type {KernelBuild, Side} from '../kernel/kernel-build.js';
import type {Context} from '../lib/context.js';
import type {Attempt} from '../suite/attempt.js';
import type {NotRun} from '../suite/guest-setup.js';
import type {BuildRecord, MissingSymbol, TreeSymbols} from '../verdict/results.js';
import {treeLines} from '../verdict/tree-words.js';
import {UNTESTABLE, type Untestable, whyUntestable} from '../verdict/untestable.js';
import type {SideCommit} from './kernels.js';
import type {Ledger} from './ledger.js';
import type {Plan} from './prepare.js';
import type {Lane} from './schedule.js';

/** What stands for the tests of a suite that only the tree's makefiles can list: no manifest can have such a one. */
export const SUITE_TEST = '[suite]';

/** What a kernel lacks of `asked`, with the lines that ask for it. */
export function symbolRecords(
  {missingSymbols, renamedSymbols}: Pick<KernelBuild, 'missingSymbols' | 'renamedSymbols'>,
  asked: readonly AskedSymbol[],
): Pick<BuildRecord, 'missingSymbols' | 'renamedSymbols'> {
  const lines = (symbol: string): string[] =>
    asked
      .filter((one) => one.symbol === symbol)
      .flatMap(linesOf)
      .map(lineWords);
  const missing = missingSymbols.map((symbol): MissingSymbol => {
    const was = asked.find((one) => one.symbol === symbol)?.was ?? [];
    return {symbol, ...(was.length === 0 ? {} : {was: [...was]}), askedBy: lines(symbol)};
  });
  const renamed = Object.entries(renamedSymbols).map(([symbol, as]) => ({symbol, as, askedBy: lines(symbol)}));
  return {
    ...(missing.length === 0 ? {} : {missingSymbols: missing}),
    ...(renamed.length === 0 ? {} : {renamedSymbols: renamed}),
  };
}

/** The plan without what cannot run; that is told, and in the ledger as a skip of each test on each side. */
export function withoutUntestable(ctx: Context, plan: Plan, sides: readonly SideCommit[], ledger: Ledger): Plan {
  const untestable = plan.lanes.flatMap((lane) => untestableOf(plan, lane, ledger.builds));
  ledger.untestable.push(...untestable);
  for (const message of treeLines({builds: ledger.builds, untestable})) ctx.emit({type: 'note', message});
  const left = plan.lanes.filter((lane) => !isLeftOut(untestable, lane));
  for (const lane of plan.lanes.filter((one) => !left.includes(one))) {
    const why = untestable.find((one) => isOf(one, lane));
    if (why === undefined) continue;
    for (const {side} of sides) {
      for (const test of testsOf(plan, lane)) ledger.attempts.push(skipAttempt(lane, test, side, notRunFor(why)));
    }
  }
  const isUsed = (name: string): boolean => left.some(({profile}) => profile === name);
  for (const {name, arch} of plan.profiles.values()) {
    if (isUsed(name) || left.length === plan.lanes.length) continue;
    ledger.profiles.push({name, arch, qemu: '', accelerator: null, supported: true, untestable: true});
  }
  return left.length === plan.lanes.length
    ? plan
    : {...plan, lanes: left, profiles: new Map([...plan.profiles].filter(([name]) => isUsed(name)))};
}

/** What a side's tests get where that side alone cannot run them. */
export function skipOn(
  untestable: readonly Untestable[],
  lane: {profile: string; suite: {name: string}; side: Side},
): NotRun | undefined {
  const why = untestable.find((one) => isOf(one, lane));
  return why?.where === 'base' && lane.side === 'base' ? notRunFor(why) : undefined;
}

/** Why a lane cannot be tested on the kernels that were built; none: it can, or there is no kernel to ask. */
export function untestableOf(plan: Pick<Plan, 'profiles'>, lane: Lane, builds: readonly TreeSymbols[]): Untestable[] {
  const profile = plan.profiles.get(lane.profile);
  const here = builds.filter(({arch, status}) => arch === profile?.arch && status === 'ok');
  const base = here.find(({side}) => side === 'base');
  const patched = here.find(({side}) => side !== 'base') ?? base;
  if (profile === undefined || patched === undefined) return [];
  const fragments = [...lane.suite.kconfig, ...profile.kconfig];
  const missing = {base: base && (base.missingSymbols ?? []), patched: patched.missingSymbols ?? []};
  const why = whyUntestable(fragments, missing);
  return why === undefined ? [] : [{profile: lane.profile, arch: profile.arch, suite: lane.suite.name, ...why}];
}

const isOf = ({profile, suite}: Untestable, lane: {profile: string; suite: {name: string}}): boolean =>
  profile === lane.profile && suite === lane.suite.name;

/** Where base alone lacks it, the other side runs. */
export const isLeftOut = (untestable: readonly Untestable[], lane: Lane): boolean =>
  untestable.some((one) => isOf(one, lane) && one.where !== 'base');

const notRunFor = ({where, reason}: Untestable): NotRun => ({
  status: 'skip',
  reason: `${UNTESTABLE[where]}: ${reason}`,
  blame: 'kernel',
});

function testsOf({profiles}: Plan, {profile, suite}: Lane): string[] {
  if (suite.target !== undefined) return [SUITE_TEST];
  const arch = profiles.get(profile)?.arch;
  return suite.tests.filter(({arches}) => arch !== undefined && arches.includes(arch)).map(({name}) => name);
}

function skipAttempt({profile, suite}: Lane, test: string, side: Side, notRun: NotRun): Attempt {
  return {
    ...{profile, suite: suite.name, test, side, number: 1, notRun},
    exit: {code: null},
    report: {results: [], problems: []},
    seconds: 0,
    guest: '',
  };
}
