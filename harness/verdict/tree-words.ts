// SPDX-License-Identifier: MIT
/** What every report says of symbols that fragments ask for and a tree does not have: made here, and only placed by the renderers. */
import {cleanLine} from '../lib/text.js';
import type {MissingSymbol, Results, TreeSymbols} from './results.js';
import {isAmong, isForAll, symbolWords, UNTESTABLE, type Untestable} from './untestable.js';

/** What is known of a tree: before guests are booted, too. */
export interface TreeFacts extends Partial<Pick<Results, 'guests' | 'profiles'>> {
  builds: readonly TreeSymbols[];
  untestable?: readonly Untestable[];
}

/**
 * A line for each thing: suites that cannot be tested, with why; what every guest asks for and this tree does not have;
 * what no chosen suite needs; what this tree calls by another name. None where all is as it was asked for.
 */
export function treeLines(facts: TreeFacts): string[] {
  return [...untestableLines(facts), ...missingLines(facts), ...renamedLines(facts)].map(cleanLine);
}

/** `not testable on this tree: mte on arm64-mte: it has no CONFIG_ARM64_MTE (mte.config:6)` */
export function untestableLines({untestable = []}: {untestable?: readonly Untestable[]}): string[] {
  const groups = new Map<string, {lead: string; suites: string[]; reason: string}>();
  for (const {profile, suite, where, reason} of untestable) {
    const lead = UNTESTABLE[where];
    const group = groups.get(`${lead}: ${reason}`) ?? {lead, suites: [], reason};
    group.suites.push(`${suite} on ${profile}`);
    groups.set(`${lead}: ${reason}`, group);
  }
  return [...groups.values()].map(({lead, suites, reason}) => `${lead}: ${suites.join(', ')}: ${reason}`);
}

/** Which did not run, for the sentence of a verdict: `mte on arm64-mte, kvm_mte on arm64-kvm-mte` */
export const untestableNames = ({untestable = []}: {untestable?: readonly Untestable[]}): string =>
  untestable
    .filter(({where}) => where !== 'base')
    .map(({profile, suite}) => `${suite} on ${profile}`)
    .join(', ');

/** What a series takes away is a finding, and is told there. */
function missingLines(facts: TreeFacts): string[] {
  const {builds, untestable = []} = facts;
  const named = new Set(untestable.flatMap(({symbols}) => symbols));
  const rest = (build: TreeSymbols): MissingSymbol[] => {
    const base = build.side === 'patched' ? baseOf(build, builds) : undefined;
    return (build.missingSymbols ?? []).filter(
      (one) => (isForAll(one) || !named.has(one.symbol)) && (base === undefined || isAmong(one.symbol, base)),
    );
  };
  return grouped(builds, rest, (one) => symbolWords([one])).map(({item, words, on, builds: those}) => {
    const what = `no ${words} in ${on === '' ? 'this tree' : 'the tree'}${on}`;
    if (!isForAll(item)) return `${what}: no chosen suite needs it`;
    return those.some((build) => isBooted(build, facts))
      ? `${what}: guests boot without it`
      : `${what}: a boot shows whether guests do without it`;
  });
}

function renamedLines({builds}: TreeFacts): string[] {
  const words = (one: {symbol: string; as: string; askedBy: string[]}): string =>
    `${one.symbol} is ${one.as} (${one.askedBy.join(', ')})`;
  return grouped(builds, ({renamedSymbols = []}) => renamedSymbols, words).map(
    ({words: said, on}) => `${said} in ${on === '' ? 'this tree' : 'the tree'}${on}`,
  );
}

interface Group<T> {
  item: T;
  words: string;
  /** Where it is so: empty when it is in every kernel, else ` for arm64`, ` of base`. */
  on: string;
  builds: TreeSymbols[];
}

/** What is so in several kernels is told once. */
function grouped<T>(
  builds: readonly TreeSymbols[],
  itemsOf: (build: TreeSymbols) => readonly T[],
  wordsOf: (item: T) => string,
): Group<T>[] {
  const groups = new Map<string, {item: T; builds: TreeSymbols[]}>();
  for (const build of builds) {
    for (const item of itemsOf(build)) {
      const group = groups.get(wordsOf(item)) ?? {item, builds: []};
      group.builds.push(build);
      groups.set(wordsOf(item), group);
    }
  }
  return [...groups].map(([words, group]) => ({...group, words, on: whereWords(group.builds, builds)}));
}

function whereWords(those: readonly TreeSymbols[], all: readonly TreeSymbols[]): string {
  if (those.length === all.length) return '';
  const arches = [...new Set(those.map(({arch}) => arch))];
  const sides = [...new Set(those.map(({side}) => side))];
  const one = sides.length === 1 && all.some(({side}) => side !== sides[0]) ? sides[0] : undefined;
  const isAll = arches.length === new Set(all.map(({arch}) => arch)).size;
  const side = one === undefined ? '' : one === 'base' ? ' of base' : ' with the series';
  return `${side}${isAll ? '' : ` for ${arches.join(', ')}`}`;
}

const baseOf = ({arch}: TreeSymbols, builds: readonly TreeSymbols[]): readonly MissingSymbol[] =>
  builds.find((one) => one.arch === arch && one.side === 'base')?.missingSymbols ?? [];

function isBooted({arch, side}: TreeSymbols, {guests = [], profiles = []}: TreeFacts): boolean {
  const here = new Set(profiles.filter((one) => one.arch === arch).map(({name}) => name));
  return guests.some((guest) => here.has(guest.profile) && guest.side === side && guest.ended !== 'boot-failed');
}
