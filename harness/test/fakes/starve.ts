// SPDX-License-Identifier: MIT
import type {HostTimes, ThreadTime} from '../../machine/host-clock.js';

/**
 * A host on which every machine wants a CPU all the time, and gets so much of it (0 to 1).
 *
 * @param speed its clock goes so many times as fast as ours: nobody likes to wait
 */
export function starving(share: number, speed = 1): HostTimes {
  const now = (): number => performance.now() * speed;
  const began = now();
  return {
    threads: (pid) => {
      if (pid === process.pid) return new Map<string, ThreadTime>();
      const elapsed = (now() - began) * 1e6;
      return new Map([['vcpu', {ran: elapsed * share, waited: elapsed * (1 - share)}]]);
    },
    cpus: () => ({used: 0, stolen: 0}),
    now,
  };
}
