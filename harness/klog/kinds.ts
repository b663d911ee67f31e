// SPDX-License-Identifier: MIT
/** What is known about each kind of report, beside the words that open it. */

interface KindFacts {
  /**
   * Frames that belong to its identity. A stall is reported wherever the CPU happens to be, so less of its trace is
   * the same the next time than of a fault.
   */
  depth: 0 | 1 | 3;
  /** Without a call trace the report is cut. */
  trace: boolean;
  /** Flags that the kernel sets by itself for it (Documentation/admin-guide/tainted-kernels.rst). */
  taints: string;
  /** The test as a whole ends so: `crash` where the kernel may not be trusted any more. */
  outcome: 'crash' | 'fail';
}

const fault = {depth: 3, trace: true, outcome: 'crash'} as const;
const finding = {depth: 3, trace: true, outcome: 'fail'} as const;
const stall = {depth: 1, trace: true, outcome: 'fail'} as const;
const line = {depth: 0, trace: false, outcome: 'fail'} as const;

export const KINDS = {
  panic: {...fault, trace: false, taints: 'DW'},
  oops: {...fault, taints: 'DW'},
  bug: {...fault, trace: false, taints: 'DWB'},
  warning: {...finding, trace: false, taints: 'W'},
  kasan: {...finding, taints: 'B'},
  kmsan: {...finding, trace: false, taints: 'B'},
  kcsan: {...finding, trace: false, taints: ''},
  kfence: {...finding, trace: false, taints: 'B'},
  ubsan: {...finding, taints: 'W'},
  lockdep: {...finding, taints: 'W'},
  'atomic-sleep': {...finding, taints: 'W'},
  'rcu-stall': {...stall, trace: false, taints: ''},
  'soft-lockup': {...stall, taints: 'L'},
  'hard-lockup': {...stall, trace: false, taints: 'L'},
  'hung-task': {...stall, taints: ''},
  'workqueue-lockup': {...stall, trace: false, taints: ''},
  'alloc-failure': {...stall, taints: ''},
  'mte-fault': {...line, taints: ''},
  'iommu-fault': {...line, taints: ''},
  kmemleak: {...finding, trace: false, taints: ''},
  oom: {...line, taints: ''},
} as const satisfies Record<string, KindFacts>;

export type SplatKind = keyof typeof KINDS;

export const factsOf = (kind: SplatKind): KindFacts => KINDS[kind];
