// SPDX-License-Identifier: MIT
import type {Side} from '../kernel/kernel-build.js';
import type {Suite, Test} from '../suite/suite.js';
import {DEFAULT_RATE, firstRuns} from '../verdict/design.js';
import {type Random, shuffled} from '../verdict/random.js';
import type {Undecided} from '../verdict/rounds.js';

/** A guest's worth of work: some tests of one suite, once, on one side of one profile. */
export interface Unit {
  profile: string;
  suite: Suite;
  side: Side;
  /** 1-based number of this attempt. */
  number: number;
  /** With base's own selftests instead of those that run on both kernels; their attempts are kept apart. */
  own?: true;
  /** The round of repeats, from 1. */
  repeat?: number;
  /** Which tests it runs; undefined: all that are selected. Names as `expandTests` gives them. */
  only: ((test: {name: string; first: number}) => boolean) | undefined;
}

export interface Lane {
  profile: string;
  suite: Suite;
  /** The suite as base's own selftests have it, where the series changes them. */
  own?: Suite;
}

/** First attempts a side: one, and of a racy test what was asked for, or what a bug of its rate needs. */
export function firstAttempts(
  {racy, rate}: Pick<Test, 'racy' | 'rate'>,
  asked: number | undefined,
  power: number,
): number {
  if (!racy) return 1;
  return asked ?? firstRuns(rate ?? DEFAULT_RATE, power);
}

/**
 * The first round: every test as often as it is to be run without knowing what it shows. Of each lane the sides come in an
 * order that is drawn, any one as likely as any other: where the host favours the first guest of a pair, or every second
 * one, that meets either side alike, and the exact test needs no more (docs/statistics.md, "The order is drawn"). Base's
 * own selftests run once.
 */
export function firstRound(
  lanes: readonly Lane[],
  sides: readonly Side[],
  firstOf: (test: Test) => number,
  random: Random,
): Unit[] {
  const queues = lanes.map((lane) => firstOfLane(lane, sides, firstOf, random));
  const units: Unit[] = [];
  // A guest of each lane in turn, so that no machine waits for another one to be done.
  for (let at = 0; queues.some((queue) => at < queue.length); at += sides.length) {
    for (const queue of queues) units.push(...queue.slice(at, at + sides.length));
  }
  return [...lanes.flatMap(ownUnit), ...units];
}

function firstOfLane(
  {profile, suite}: Lane,
  sides: readonly Side[],
  firstOf: (test: Test) => number,
  random: Random,
): Unit[] {
  const most = Math.max(0, ...suite.tests.map(firstOf));
  const made = new Map<Side, number>();
  const all = Array.from({length: most}, () => sides).flat();
  return shuffled(all, random).map((side) => {
    const number = (made.get(side) ?? 0) + 1;
    made.set(side, number);
    return {profile, suite, side, number, only: number === 1 ? undefined : ({first}) => first >= number};
  });
}

function ownUnit({profile, own}: Lane): Unit[] {
  return own === undefined ? [] : [{profile, suite: own, side: 'base', number: 1, own: true, only: undefined}];
}

/**
 * One more attempt of the tests that another attempt could decide. Those with equally many share a guest; which side's
 * comes first is drawn.
 */
export function repeatRound(
  lanes: readonly Lane[],
  sides: readonly Side[],
  repeat: number,
  undecided: readonly Undecided[],
  random: Random,
): Unit[] {
  return lanes.flatMap(({profile, suite}) => {
    const here = undecided.filter((one) => one.profile === profile && one.suite === suite.name);
    return [...new Set(here.map(({attempts}) => attempts))].flatMap((attempts) => {
      const names = new Set(here.filter((one) => one.attempts === attempts).map(({test}) => test));
      const only = ({name}: {name: string}): boolean => names.has(name);
      return shuffled(sides, random).map((side) => ({profile, suite, side, number: attempts + 1, repeat, only}));
    });
  });
}
