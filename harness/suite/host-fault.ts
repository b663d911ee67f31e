// SPDX-License-Identifier: MIT
/** When what happened under a test says something about the host, and nothing about the kernel. Pure. */
import type {GuestRunResult} from '../guest/guest.js';
import type {SplatKind} from '../klog/kinds.js';
import type {KernelSeen} from './attempt.js';

/** Reports that say no more than that something took too long on the wall clock. */
const OF_TIME: ReadonlySet<SplatKind> = new Set([
  'rcu-stall',
  'soft-lockup',
  'hard-lockup',
  'hung-task',
  'workqueue-lockup',
]);
/**
 * Part of the time on the clock that the host gave. A guest with twice as many vCPUs as the host has CPUs is given half
 * of it when all of them spin, and is then no victim.
 */
const STARVED = 0.3;

/** Why an attempt does not count, or undefined. What else the kernel said counts, however slow the host was. */
export function hostFault(done: GuestRunResult, kernel: KernelSeen | undefined): string | undefined {
  const splats = kernel?.splats ?? [];
  if (splats.some(({kind}) => !OF_TIME.has(kind))) return undefined;
  const starved = done.starved ?? kernel?.starved;
  if (starved !== undefined) return starved;
  const [first] = splats;
  const {given = done.seconds, seconds} = done;
  if (first === undefined || given >= seconds * STARVED) return undefined;
  const had = `${given.toFixed(0)} of ${seconds.toFixed(0)} s`;
  return `this host was too slow: it gave the guest its CPUs for ${had}, and the kernel says that something took too long: ${first.title}`;
}
