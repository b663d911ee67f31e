// SPDX-License-Identifier: MIT
/** How much of what a series touches was compiled, and ran: a verdict speaks of that part alone. Pure. */
import type {FileKind} from '../kernel/file-kind.js';
import {LISTED} from '../suite/select.js';
import type {KernelChange} from './kernel-change.js';
import type {Comparison, ProfileRecord} from './results.js';
import {countsOf} from './tally.js';

/** What the builds say about a file that differs between base and patched. */
export interface TouchedFile {
  /** Relative to the top of the tree. */
  file: string;
  kind: FileKind;
  /** Architectures whose base or patched kernel was compiled from it. */
  arches: string[];
  /** Architectures of which it cannot be told. */
  untold?: string[];
  /** The folder in `arch/` of one that this run builds no kernel for. */
  otherArch?: string;
  /** Chosen suites that build a program from it. */
  programs?: SuiteProgram[];
}

export interface SuiteProgram {
  suite: string;
  /** One of these must have run; without any, or when no test has such a name and `strict` is off, any test. */
  tests: string[];
  /** It is a program of its own: another test of the suite says nothing about it. */
  strict: boolean;
}

/**
 * Why nothing is known about a file. `no-kernel`: no kernel of this run is compiled from it. `other-arch`: it is source of
 * an architecture that was not built. `no-suite`: no chosen suite builds a program from it. `not-run`: it was compiled, and
 * no test ran on what was made of it. `untold`: the stored kernel does not say what it was compiled from.
 */
export const MISSED = ['no-kernel', 'other-arch', 'no-suite', 'not-run', 'untold'] as const;
export type Missed = (typeof MISSED)[number];

export interface CoveredFile extends TouchedFile {
  /** Absent: it was compiled and ran, or nothing is made from such a file. */
  missed?: Missed;
}

export interface Coverage {
  /** Touched files that something is made from: without prose and the rules of the build. */
  files: number;
  /** Of these, those that were compiled and ran. */
  compiled: number;
  /** Architectures whose kernels were asked. */
  arches: string[];
  /** All touched files; those that were missed first. */
  touched: CoveredFile[];
  /** Further ones that are not listed. */
  omitted?: number;
}

/** Files in results.json: a comparison of two releases touches tens of thousands. */
const MAX_FILES = 5000;

export interface CoverageInput {
  arches: readonly string[];
  comparisons: readonly Comparison[];
  changes: readonly KernelChange[];
  profiles: readonly ProfileRecord[];
}

export function coverageOf(touched: readonly TouchedFile[], input: CoverageInput): Coverage {
  const seen = seenArches(input);
  const all = touched.map((one): CoveredFile => {
    const missed = missedBy(one, input, seen);
    return missed === undefined ? {...one} : {...one, missed};
  });
  const counted = all.filter(({kind}) => isMade(kind));
  const open = all.filter(({missed}) => missed !== undefined);
  const sorted = [...open, ...all.filter(({missed}) => missed === undefined)];
  return {
    files: counted.length,
    compiled: counted.length - open.length,
    arches: [...input.arches],
    touched: sorted.slice(0, MAX_FILES),
    ...(sorted.length > MAX_FILES ? {omitted: sorted.length - MAX_FILES} : {}),
  };
}

/** Is something made from such a file, so that it can be missed? */
const isMade = (kind: FileKind): boolean => kind === 'source' || kind === 'tools';

function missedBy(one: TouchedFile, {comparisons}: CoverageInput, seen: ReadonlySet<string>): Missed | undefined {
  if (!isMade(one.kind)) return undefined;
  const {arches, untold = [], otherArch, programs = []} = one;
  if (programs.some((program) => hasRun(program, comparisons))) return undefined;
  // Where no kernel ran at all, that is what the verdict is about.
  if (arches.some((arch) => seen.has(arch) || seen.size === 0)) return undefined;
  if (arches.length > 0 || programs.length > 0) return 'not-run';
  if (untold.length > 0) return 'untold';
  if (otherArch !== undefined) return 'other-arch';
  return one.kind === 'tools' ? 'no-suite' : 'no-kernel';
}

function hasRun({suite, tests, strict}: SuiteProgram, comparisons: readonly Comparison[]): boolean {
  const rows = comparisons.filter((row) => row.suite === suite && !row.test.startsWith('['));
  const own = rows.filter((row) => tests.some((test) => isOf(row.test.split('/', 1)[0] ?? '', test)));
  return (own.length > 0 || strict ? own : rows).some(isJudged);
}

/** A test that lists its own tests gives each a name behind its own. */
const isOf = (name: string, test: string): boolean => name === test || name.startsWith(`${test}${LISTED}`);

/** Architectures on which a test ran, or whose kernel does what it did before. */
function seenArches({comparisons, changes, profiles}: CoverageInput): ReadonlySet<string> {
  const ran = profiles.filter(({name}) => comparisons.some((row) => row.profile === name && isJudged(row)));
  const unchanged = changes.filter(({because}) => because === undefined);
  return new Set([...ran, ...unchanged].map(({arch}) => arch));
}

function isJudged({base, patched}: Comparison): boolean {
  return [base, patched].some((tally) => countsOf(tally).failed + countsOf(tally).passed > 0);
}
