// SPDX-License-Identifier: MIT
/** What the kernel said under a test has rows of its own, so that it is counted and compared like any result. */
import {factsOf} from '../klog/kinds.js';
import type {Splat} from '../klog/splat.js';
import {taintWords} from '../klog/taint.js';
import type {Attempt} from '../suite/attempt.js';

const KERNEL = 'kernel: ';
const OWN = 'own result';

/** `test/kernel: WARNING at mm/memory.c in do_wp_page <- …` */
export const splatKey = (test: string, identity: string): string => `${test}/${KERNEL}${identity}`;

/** What the test itself said of the whole, where the kernel has overruled it. */
export const ownKey = (test: string): string => `${test}/${OWN}`;

export const isSplatKey = (test: string, key: string): boolean => key.startsWith(`${test}/${KERNEL}`);

export interface KernelComplaint {
  key: string;
  status: 'fail' | 'crash';
  reason: string;
  diagnostics: string[];
}

/** Rows about the kernel: a splat each, and new taint flags that no splat explains. Pure. */
export function complaintsOf({test, kernel}: Attempt): KernelComplaint[] {
  if (kernel === undefined) return [];
  const splats = kernel.splats.map((splat): KernelComplaint => {
    const unsure = splat.corrupted === undefined ? '' : ` (${splat.corrupted})`;
    return {
      key: splatKey(test, splat.identity),
      status: factsOf(splat.kind).outcome,
      reason: `the kernel printed: ${splat.title}${unsure}`,
      diagnostics: splat.report,
    };
  });
  const fresh = unexplained(kernel.taint?.fresh ?? [], [...kernel.splats, ...kernel.allowed.map(({splat}) => splat)]);
  if (fresh.length === 0) return splats;
  const taint: KernelComplaint = {
    key: splatKey(test, `tainted ${fresh.join('')}`),
    status: 'fail',
    reason: `the kernel is tainted since, and printed nothing that explains it: ${taintWords(fresh)}`,
    diagnostics: [],
  };
  return [...splats, taint];
}

function unexplained(flags: readonly string[], splats: readonly Splat[]): string[] {
  const explained = splats.map(({kind}) => factsOf(kind).taints).join('');
  return flags.filter((flag) => !explained.includes(flag));
}

/**
 * The same attempts, with cut and mixed reports under the name of the whole one that another attempt has of them: their
 * own trace cannot be trusted. A report that is nowhere whole keeps its own name.
 */
export function mendIdentities(attempts: readonly Attempt[]): Attempt[] {
  const whole = attempts.flatMap(({kernel}) => (kernel?.splats ?? []).filter(({corrupted}) => corrupted === undefined));
  return attempts.map((attempt) => {
    if (!attempt.kernel?.splats.some(({corrupted}) => corrupted !== undefined)) return attempt;
    const splats = attempt.kernel.splats.map((splat) => ({...splat, identity: mended(splat, whole)}));
    return {...attempt, kernel: {...attempt.kernel, splats}};
  });
}

function mended(splat: Splat, whole: readonly Splat[]): string {
  if (splat.corrupted === undefined) return splat.identity;
  const bare = bareTitle(splat);
  const same = whole.find((one) => one.kind === splat.kind && bareTitle(one) === bare && mayBe(splat.frame, one.frame));
  return same?.identity ?? splat.identity;
}

const bareTitle = ({title, frame}: Splat): string => (frame === undefined ? title : title.replace(` in ${frame}`, ''));

const mayBe = (one: string | undefined, other: string | undefined): boolean => one === undefined || one === other;
