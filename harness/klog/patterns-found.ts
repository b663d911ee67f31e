// SPDX-License-Identifier: MIT
import {AT, DIED, type SplatPattern, sourcePath} from './pattern.js';

const lockdep = (m: RegExpExecArray): string => `lockdep: ${m[1]}`;

/** Panics, what sanitizers and lockdep found, and what does not go on. In the order of `SPLATS`. */
export const FOUND: readonly SplatPattern[] = [
  // A panic that only ends what a line above has reported.
  {
    kind: 'panic',
    pattern:
      /(?<!end )Kernel panic - not syncing: ((?:Oops(?: - [^:]+)?: )?Fatal (?:exception.*|hardware error.*)|.*\bpanic_on_\w+ set.*|softlockup: hung tasks|hung_task: blocked tasks|Hard LOCKUP|RCU Stall|Asynchronous SError Interrupt|kernel stack overflow)\s*$/i,
    title: (m) => `Kernel panic: ${m[1]}`,
    continues: [...DIED, 'warning', 'ubsan', 'kmsan', 'kcsan', 'soft-lockup', 'hard-lockup', 'hung-task', 'rcu-stall'],
  },
  {kind: 'panic', pattern: /(?<!end )Kernel panic - not syncing: (.*)/, title: (m) => `Kernel panic: ${m[1]}`},

  // What sanitizers found.
  {
    kind: 'kasan',
    pattern: new RegExp(`BUG: KASAN: ([\\w-]+(?: or [\\w-]+)?) in ${AT}`),
    title: (m) => `KASAN: ${m[1]}`,
    frame: 'frame',
  },
  {kind: 'kmsan', pattern: new RegExp(`BUG: KMSAN: (\\S+) in ${AT}`), title: (m) => `KMSAN: ${m[1]}`, frame: 'frame'},
  {
    kind: 'kcsan',
    pattern: /BUG: KCSAN: (\S+) in (\w[\w.]*) \/ (\w[\w.]*)/,
    title: (m) => `KCSAN: ${m[1]} in ${[m[2], m[3]].sort().join(' / ')}`,
  },
  {kind: 'kcsan', pattern: new RegExp(`BUG: KCSAN: (\\S+) in ${AT}`), title: (m) => `KCSAN: ${m[1]}`, frame: 'frame'},
  {kind: 'kcsan', pattern: /BUG: KCSAN: (assert: \S+|\S+)/, title: (m) => `KCSAN: ${m[1]}`},
  {kind: 'kfence', pattern: new RegExp(`BUG: KFENCE: (.+?) in ${AT}`), title: (m) => `KFENCE: ${m[1]}`, frame: 'frame'},
  {kind: 'kfence', pattern: /BUG: KFENCE: (.+)/, title: (m) => `KFENCE: ${m[1]}`},
  {
    kind: 'ubsan',
    pattern: /UBSAN: (\S+) in (\S+?)(?::\d+)*$/,
    title: (m) => `UBSAN: ${m[1]} at ${sourcePath(m[2] ?? '')}`,
  },
  {
    kind: 'kmemleak',
    pattern: /kmemleak: \d+ new suspected memory leaks?/,
    title: () => 'kmemleak: suspected memory leaks',
  },
  {
    kind: 'kmemleak',
    pattern: /^unreferenced object 0x[0-9a-f]+ \(size (\d+)\)/,
    title: (m) => `kmemleak: unreferenced object of ${m[1]} bytes`,
  },

  // CPUs and tasks that do not go on.
  {kind: 'soft-lockup', pattern: /\bBUG: soft lockup\b/, title: () => 'soft lockup'},
  {
    kind: 'hard-lockup',
    pattern: /Watchdog detected hard LOCKUP|NMI watchdog: .*hard LOCKUP/i,
    title: () => 'hard lockup',
  },
  {
    kind: 'rcu-stall',
    pattern: /INFO: (rcu\w*) (?:self-)?detected (expedited )?stalls? on /,
    title: (m) => `RCU stall (${m[1]}${m[2] === undefined ? '' : ', expedited'})`,
  },
  {
    kind: 'hung-task',
    pattern: /INFO: task \S+ (?:<\S+> )?blocked (?:in \S+ state )?for more than \d+ seconds/,
    title: () => 'hung task',
  },
  {kind: 'workqueue-lockup', pattern: /BUG: workqueue lockup/, title: () => 'workqueue lockup'},

  // Locking.
  {
    kind: 'lockdep',
    pattern: /WARNING: (possible (?:circular|recursive|irq lock inversion|unsafe locking)\b.*)/,
    title: lockdep,
  },
  {
    kind: 'lockdep',
    pattern: /WARNING: (inconsistent lock state|suspicious RCU usage|Nested lock was not taken)/,
    title: lockdep,
  },
  {
    kind: 'lockdep',
    pattern: /WARNING: (bad (?:un|contention )lock.*|held lock freed!?|lock held when returning to user space!?)/,
    title: lockdep,
  },
  {
    kind: 'lockdep',
    pattern:
      /WARNING: (?:\S+ still has locks held!|(bad unlock balance detected!|.*-safe -> .*-unsafe lock order.*|Nested lock was not taken))/,
    title: (m) => `lockdep: ${m[1] ?? 'locks still held'}`,
  },
  {kind: 'lockdep', pattern: /BUG: (\S+) still has locks held!/, title: () => 'lockdep: locks still held'},
  {
    kind: 'lockdep',
    pattern: /\[ BUG: (Invalid wait context|bad unlock balance detected!|held lock freed!|.* still has locks held!) \]/,
    title: lockdep,
  },
  {kind: 'lockdep', pattern: /BUG: (Invalid wait context|MAX_LOCK\w+ too low!?)/i, title: lockdep},
  {kind: 'lockdep', pattern: /INFO: (trying to register non-static key)/, title: lockdep},
  {
    kind: 'atomic-sleep',
    pattern: /BUG: sleeping function called from invalid context at (\S+?)(?::\d+)?$/,
    title: (m) => `sleeping function called from invalid context at ${sourcePath(m[1] ?? '')}`,
  },
  {kind: 'atomic-sleep', pattern: /BUG: scheduling while atomic\b/, title: () => 'scheduling while atomic'},
];
