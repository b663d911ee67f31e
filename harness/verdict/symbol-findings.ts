// SPDX-License-Identifier: MIT
/** Symbols that base has and the patched tree has not: a finding each, whatever the tests say. */
import type {BuildRecord} from './build-record.js';
import type {Reproduce} from './findings.js';
import type {Finding, Results} from './results.js';
import {isAmong, symbolWords} from './untestable.js';

/**
 * What fragments need, and the series takes away, is bad: a kernel without it is not the one that was asked for. What
 * they can do without is a warning, as tests then skip.
 */
export function symbolFindings(
  {builds, untestable = []}: Pick<Results, 'builds' | 'untestable'>,
  reproduce: Reproduce,
): Finding[] {
  return builds.flatMap((patched) => {
    const {arch, side} = patched;
    const base = builds.find((one) => one.arch === arch && one.side === 'base');
    if (side !== 'patched' || base === undefined || [base, patched].some(({status}) => status === 'failed')) return [];
    const again = reproduce({kind: 'symbol-gone', arch});
    const taken = (patched.missingSymbols ?? []).filter(({symbol}) => !isAmong(symbol, base.missingSymbols ?? []));
    const bad = taken.map((one): Finding => {
      const lost = untestable.filter(
        ({where, symbols, arch: on}) => where === 'series' && on === arch && symbols.includes(one.symbol),
      );
      const suites = lost.map(({profile, suite}) => `${suite} on ${profile}`).join(', ');
      const without = suites === '' ? '' : `: not testable with it: ${suites}`;
      return {
        severity: 'bad',
        kind: 'symbol-gone',
        title: `${arch}: the series takes ${symbolWords([one])} away${without}`,
        detail: HOW_TO_GO_ON,
        reproduce: again,
      };
    });
    return [...bad, ...gone(base, patched).map((symbol) => warning(arch, symbol, again))];
  });
}

const HOW_TO_GO_ON =
  'Its Kconfig does not know it any more. If that is meant, say so in the fragment: `# was: CONFIG_OLD` behind the new ' +
  'name, or `# gone: why` where nothing is lost.';

/** Of what fragments can do without; what is a finding already, or was asked for by another name, is none. */
function gone(base: BuildRecord, patched: BuildRecord): string[] {
  return patched.absentSymbols.filter((symbol) => !base.absentSymbols.includes(symbol));
}

function warning(arch: string, symbol: string, reproduce: string): Finding {
  return {
    severity: 'warning',
    kind: 'symbol-gone',
    title: `${arch}: ${symbol} is on in base and not with the series; its fragment can do without`,
    reproduce,
  };
}
