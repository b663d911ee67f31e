// SPDX-License-Identifier: MIT
import type {Side} from '../kernel/kernel-build.js';
import type {Suite, Test} from '../suite/suite.js';
import {DEFAULT_RATE, firstRuns} from '../verdict/design.js';
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
 * The first round: every test as often as it is to be run without knowing what it shows. Sides take turns within each
 * attempt, so that a change of the host's mood (another build, a hot CPU) meets both. Base's own selftests run once.
 */
export function firstRound(lanes: readonly Lane[], sides: readonly Side[], firstOf: (test: Test) => number): Unit[] {
  const units: Unit[] = [];
  const most = Math.max(1, ...lanes.flatMap(({suite}) => suite.tests.map(firstOf)));
  for (let number = 1; number <= most; number++) {
    for (const {profile, suite, own} of lanes) {
      if (number === 1 && own !== undefined) {
        units.push({profile, suite: own, side: 'base', number, own: true, only: undefined});
      }
      if (!suite.tests.some((test) => firstOf(test) >= number)) continue;
      for (const side of sides) {
        units.push({profile, suite, side, number, only: number === 1 ? undefined : ({first}) => first >= number});
      }
    }
  }
  return units;
}

/** One more attempt of the tests that another attempt could decide. Those with equally many share a guest. */
export function repeatRound(
  lanes: readonly Lane[],
  sides: readonly Side[],
  repeat: number,
  undecided: readonly Undecided[],
): Unit[] {
  return lanes.flatMap(({profile, suite}) => {
    const here = undecided.filter((one) => one.profile === profile && one.suite === suite.name);
    return [...new Set(here.map(({attempts}) => attempts))].flatMap((attempts) => {
      const names = new Set(here.filter((one) => one.attempts === attempts).map(({test}) => test));
      const only = ({name}: {name: string}): boolean => names.has(name);
      return sides.map((side) => ({profile, suite, side, number: attempts + 1, repeat, only}));
    });
  });
}
