// SPDX-License-Identifier: MIT
import {AT, RULER, type SplatPattern, sourcePath} from './pattern.js';
import {stableTitle} from './stable-title.js';

const lockdep = (m: RegExpExecArray): string => `lockdep: ${stableTitle(m[1] ?? '')}`;

/** What does not go on, and locking. In the order of `SPLATS`. */
export const STUCK: readonly SplatPattern[] = [
  {kind: 'soft-lockup', pattern: /\bBUG: soft lockup\b/, title: () => 'soft lockup'},
  {
    kind: 'hard-lockup',
    pattern: /Watchdog detected hard LOCKUP|NMI watchdog: .*hard LOCKUP/i,
    title: () => 'hard lockup',
  },
  // smp.c waits for another CPU, which has its interrupts off; what it was to do is named, then where it is.
  {
    kind: 'hard-lockup',
    pattern: new RegExp(`csd: Detected non-responsive CSD lock \\(#\\d+\\).* for CPU#\\d+ ${AT}`),
    title: () => 'CSD lock: a CPU does not answer',
    frame: 'frame',
  },
  {
    kind: 'hard-lockup',
    pattern: /csd: Detected non-responsive CSD lock/,
    title: () => 'CSD lock: a CPU does not answer',
  },
  {
    kind: 'rcu-stall',
    pattern: /INFO: (rcu\w*) (?:self-)?detected (expedited )?stalls?(?:[ ?,]|$)/,
    title: (m) => `RCU stall (${m[1]}${m[2] === undefined ? '' : ', expedited'})`,
  },
  // `blocked in I/O wait for more than`: 7.1. A task's name may hold blanks.
  {
    kind: 'hung-task',
    pattern: /INFO: task .+?:\d+ (?:<\S+> )?blocked(?: .+?)? for more than \d+ seconds/,
    title: () => 'hung task',
  },
  // 7.1 and later: this wait wakes up now and then, so that the row above never sees it.
  {
    kind: 'hung-task',
    pattern: /INFO: The task .+?:\d+ has been waiting for writeback completion for more than \d+ seconds/,
    title: () => 'hung task: waits for writeback',
    traced: 'never',
  },
  {
    kind: 'workqueue-lockup',
    pattern: /BUG: workqueue lockup/,
    title: () => 'workqueue lockup',
    detail: /^\s+in-flight: (?:\d+(?:\(RESCUER\))?|bh[\w-]*):(?<frame>[A-Za-z_][\w.]*)/,
  },

  // Locking.
  {
    kind: 'lockdep',
    pattern: /WARNING: (possible (?:circular|recursive|irq lock inversion|unsafe locking)\b.*)/,
    title: lockdep,
  },
  {
    kind: 'lockdep',
    pattern: /WARNING: (inconsistent lock state|suspicious RCU usage|Nested lock was not taken|chain_key collision)/,
    title: lockdep,
  },
  {
    kind: 'lockdep',
    pattern: /WARNING: (lock held when returning to user space!?)/,
    title: lockdep,
    traced: 'never',
    holders: true,
  },
  {
    kind: 'lockdep',
    pattern: /WARNING: (bad (?:un|contention )lock.*|bad contention detected!?|held lock freed!?)/,
    title: lockdep,
  },
  {kind: 'lockdep', pattern: /WARNING: (.*-safe -> .*-unsafe lock order.*|Nested lock was not taken)/, title: lockdep},
  {
    kind: 'lockdep',
    pattern: /(?:WARNING|BUG): .+ still has locks held!/,
    title: () => 'lockdep: locks still held',
    holders: true,
  },
  {
    kind: 'lockdep',
    pattern: /\[ BUG: (Invalid wait context|bad unlock balance detected!|held lock freed!) \]/,
    title: lockdep,
  },
  {kind: 'lockdep', pattern: /BUG: (Invalid wait context)/i, title: lockdep},
  // It is switched off by these, and silent until the next boot.
  {
    kind: 'lockdep',
    pattern: /BUG: (MAX_\w+ too low!?|looking up invalid subclass)/,
    title: lockdep,
    traced: true,
  },
  // A WARN() follows, which has the trace.
  {
    kind: 'lockdep',
    pattern: /BUG: key \S+ (has not been registered!?)/,
    title: (m) => `lockdep: key ${m[1]}`,
    traced: 'never',
  },
  {kind: 'lockdep', pattern: /INFO: (trying to register non-static key)/, title: lockdep},
  // Its form is lockdep's, whatever the words are: other notes between rulers have neither a release nor a trace.
  {kind: 'lockdep', pattern: /^WARNING: (.+)/, below: RULER, title: lockdep, loose: 'trace'},
  {kind: 'lockdep', pattern: /^\[ BUG: (.+) \]$/, below: RULER, title: lockdep},

  {
    kind: 'atomic-sleep',
    pattern: /BUG: sleeping function called from invalid context at (\S+?)(?::\d+)?$/,
    title: (m) => `sleeping function called from invalid context at ${sourcePath(m[1] ?? '')}`,
  },
  {kind: 'atomic-sleep', pattern: /BUG: scheduling while atomic\b/, title: () => 'scheduling while atomic'},
];
