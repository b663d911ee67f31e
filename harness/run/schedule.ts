// SPDX-License-Identifier: MIT
import type {Side} from '../kernel/kernel-build.js';
import type {Suite} from '../suite/suite.js';

/** A guest's worth of work: some tests of one suite, once, on one side of one profile. */
export interface Unit {
  profile: string;
  suite: Suite;
  side: Side;
  /** 1-based number of this attempt. */
  number: number;
  /** With base's own selftests instead of those that run on both kernels; their attempts are kept apart. */
  own?: true;
  /** Which tests it runs; undefined: all that are selected. Names as `expandTests` gives them. */
  only: ((test: {name: string; racy: boolean}) => boolean) | undefined;
}

export interface Lane {
  profile: string;
  suite: Suite;
  /** The suite as base's own selftests have it, where the series changes them. */
  own?: Suite;
}

/**
 * The first round: every test once on each side, and the racy ones `runs` times. Sides take turns within each attempt,
 * so that a change of the host's mood (another build, a hot CPU) meets both. Base's own selftests run once.
 */
export function firstRound(lanes: readonly Lane[], sides: readonly Side[], runs: number): Unit[] {
  const units: Unit[] = [];
  for (let number = 1; number <= runs; number++) {
    for (const {profile, suite, own} of lanes) {
      if (number === 1 && own !== undefined) {
        units.push({profile, suite: own, side: 'base', number, own: true, only: undefined});
      }
      if (suite.tests.length === 0) continue;
      if (number > 1 && !suite.tests.some((test) => test.racy)) continue;
      for (const side of sides) {
        units.push({profile, suite, side, number, only: number === 1 ? undefined : (test) => test.racy});
      }
    }
  }
  return units;
}

/** One more attempt of the tests that another attempt could decide. */
export function repeatRound(
  lanes: readonly Lane[],
  sides: readonly Side[],
  number: number,
  undecided: readonly {profile: string; suite: string; test: string}[],
): Unit[] {
  return lanes.flatMap(({profile, suite}) => {
    const names = new Set(
      undecided.filter((one) => one.profile === profile && one.suite === suite.name).map((one) => one.test),
    );
    if (names.size === 0) return [];
    return sides.map((side) => ({
      profile,
      suite,
      side,
      number,
      only: ({name}: {name: string}) => names.has(name),
    }));
  });
}
