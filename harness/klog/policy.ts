// SPDX-License-Identifier: MIT
import type {Splat} from './splat.js';
import {taintLetters} from './taint.js';

/** Why something that the kernel says is no failure, and until when that is believed. */
export interface Excuse {
  reason: string;
  /** Where it is explained: a thread, a commit, a document. */
  link: string;
  /** `2027-06-30`; from the next day on the entry is an error. */
  expires: string;
  /** Names; absent: everywhere. */
  suites?: readonly string[] | undefined;
  profiles?: readonly string[] | undefined;
}

export interface AllowedSplat extends Excuse {
  /** Looked for in a splat's identity. */
  pattern: RegExp;
}

export interface AllowedTaint extends Excuse {
  /** `OE` */
  flags: string;
}

/** What the lists in selftests/lists say. */
export interface KernelPolicy {
  splats: readonly AllowedSplat[];
  taints: readonly AllowedTaint[];
}

export const NO_EXCUSES: KernelPolicy = {splats: [], taints: []};

export interface Place {
  suite: string;
  profile: string;
}

const appliesTo = ({suites, profiles}: Excuse, place: Place): boolean =>
  (suites?.includes(place.suite) ?? true) && (profiles?.includes(place.profile) ?? true);

/** The entry that allows a splat there. A fatal one is never allowed: the guest is gone. */
export function excuseFor(policy: KernelPolicy, splat: Splat, place: Place): AllowedSplat | undefined {
  if (splat.fatal || splat.kind === 'panic') return undefined;
  return policy.splats.find((entry) => appliesTo(entry, place) && entry.pattern.test(splat.identity));
}

/** Flags of a sum of taint bits that no entry allows there. */
export function unexcusedTaint(policy: KernelPolicy, taint: number, place: Place): string[] {
  const allowed = policy.taints.filter((entry) => appliesTo(entry, place)).flatMap(({flags}) => [...flags]);
  return taintLetters(taint).filter((letter) => !allowed.includes(letter));
}
