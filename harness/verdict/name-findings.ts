// SPDX-License-Identifier: MIT
import {clip} from '../lib/text.js';
import type {Reproduce} from './findings.js';
import {testOf} from './needs-more.js';
import type {Comparison, Finding} from './results.js';

/** That kverdict took several names for one, or could compare none of them, is told whatever came out. */
export function fromChangingNames(comparisons: readonly Comparison[], reproduce: Reproduce): Finding[] {
  return comparisons.flatMap(({profile, suite, test, changingName}): Finding[] => {
    if (changingName === undefined) return [];
    const {names, examples, folded} = changingName;
    const seen = `${names} names, such as ${examples.map((name) => `\`${clip(name, 80)}\``).join(', ')}`;
    const whole = testOf(test);
    return [
      {
        severity: 'info',
        kind: 'changing-name',
        title: folded
          ? `${profile} ${suite}:${test}: its name changes from run to run, and counts as one`
          : `${profile} ${suite}:${whole}: the names of ${names} results change from run to run: they cannot be compared`,
        detail: folded
          ? `${seen}. There is one of it in every attempt, and nothing but a number in it differs.`
          : `${seen}. Each came in one attempt alone. They are counted together, and nothing is repeated because of them.`,
        reproduce: reproduce({kind: 'changing-name', profile, suite, test: whole}),
        ...{profile, suite, test},
      },
    ];
  });
}
