// SPDX-License-Identifier: MIT
/** What every report says of files that no kernel was compiled from: made here, and only placed by the renderers. */
import {cleanLine} from '../lib/text.js';
import type {Coverage, CoveredFile, Missed} from './coverage.js';

/** Files named for one reason; results.json has them all. */
const MAX_NAMED = 6;
/** In the sentence of a verdict. */
const MAX_IN_SENTENCE = 3;

/** For the sentence of a verdict, and for a line of its own: what, and why. */
const WORDS: Readonly<Record<Missed, {label: string; reason(file: CoveredFile, coverage: Coverage): string}>> = {
  'no-kernel': {
    label: 'not compiled',
    reason: (_, {arches}) => `in no kernel of this run (${arches.join(', ')})`,
  },
  'other-arch': {
    label: 'not compiled',
    reason: ({otherArch}) => `source of ${otherArch}, of which no kernel was built`,
  },
  'no-suite': {label: 'not run', reason: () => 'no chosen suite runs what is made of it'},
  'not-run': {
    label: 'not run',
    reason: ({arches, programs = []}) =>
      arches.length > 0
        ? `compiled for ${arches.join(', ')} alone, where no test ran`
        : `no test of it ran in ${programs.map(({suite}) => suite).join(', ')}`,
  },
  untold: {
    label: 'not known to be compiled',
    reason: ({untold = []}) => `the stored kernel of ${untold.join(', ')} does not say what it was compiled from`,
  },
};

/**
 * A line for each reason: `not compiled, in no kernel of this run (x86_64): mm/memcontrol.c, mm/memcontrol-v1.c`. None
 * when all that was touched was compiled.
 */
export function coverageLines(coverage: Coverage | undefined): string[] {
  if (coverage === undefined) return [];
  const groups = new Map<string, string[]>();
  for (const one of missedIn(coverage)) {
    const {label, reason} = WORDS[one.missed];
    const lead = `${label}, ${reason(one, coverage)}`;
    groups.set(lead, [...(groups.get(lead) ?? []), one.file]);
  }
  return [...groups].map(([lead, files]) => `${lead}: ${named(files, MAX_NAMED, 'all of them in results.json')}`);
}

/** What one file is part of, in a list of them: `compiled for x86_64`, `not compiled`, `prose`. */
export function partWords({kind, arches, programs = [], missed}: CoveredFile): string {
  if (missed !== undefined) return WORDS[missed].label;
  if (arches.length > 0) return `compiled for ${arches.join(', ')}`;
  return programs.length > 0 ? `run by ${programs.map(({suite}) => suite).join(', ')}` : kind;
}

/** `5 of 7 touched files` */
export function shareWords({files, compiled}: Coverage): string {
  return `${compiled} of ${files} touched file${files === 1 ? '' : 's'}`;
}

/** `not compiled: mm/memcontrol-v1.c`, for a sentence; empty when nothing was missed. */
export function missedWords(coverage: Coverage): string {
  const missed = missedIn(coverage);
  if (missed.length === 0) return '';
  const labels = [...new Set(missed.map((one) => WORDS[one.missed].label))];
  return `${labels.join(' or ')}: ${named(
    missed.map(({file}) => file),
    MAX_IN_SENTENCE,
  )}`;
}

/** Why a run in which nothing of the series was compiled cannot tell; undefined: something was, or there is nothing to compile. */
export function nothingCompiled(coverage: Coverage | undefined): string | undefined {
  if (coverage === undefined || coverage.files === 0 || coverage.compiled > 0) return undefined;
  return `nothing that was touched can be judged: ${missedWords(coverage)}`;
}

const missedIn = ({touched}: Coverage): (CoveredFile & {missed: Missed})[] =>
  touched.filter((one): one is CoveredFile & {missed: Missed} => one.missed !== undefined);

function named(files: readonly string[], most: number, where?: string): string {
  const more = files.length - most;
  const rest = more > 0 ? ` and ${more} more${where === undefined ? '' : `, ${where}`}` : '';
  return `${files.slice(0, most).map(cleanLine).join(', ')}${rest}`;
}
