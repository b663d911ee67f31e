// SPDX-License-Identifier: MIT
import type {Accelerator} from './profile.js';

/** A race between CPUs needs two of them, on any host. */
const FEWEST = 2;

/**
 * How many virtual CPUs a guest gets of those that its suite asks for. With KVM never more than the host has: one more
 * runs only while another one does not, its flushes wait until it runs again (KVM's paravirtual TLB flush), and a race
 * that shows in every attempt shows in few (docs/measured/slow-host.md). Under TCG every CPU is a thread that translates,
 * and the races were measured with as many as asked for.
 */
export function guestCpus(asked: number, accelerator: Accelerator['kind'], hostCpus: number): number {
  return accelerator === 'kvm' ? Math.min(asked, Math.max(FEWEST, hostCpus)) : asked;
}
