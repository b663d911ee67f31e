// SPDX-License-Identifier: MIT
export type SplatKind =
  | 'panic'
  | 'oops'
  | 'bug'
  | 'warning'
  | 'kasan'
  | 'kcsan'
  | 'ubsan'
  | 'kfence'
  | 'lockdep'
  | 'atomic-sleep'
  | 'rcu-stall'
  | 'soft-lockup'
  | 'hard-lockup'
  | 'hung-task'
  | 'oom';

interface SplatPattern {
  kind: SplatKind;
  /** On a line without its printk prefix. */
  pattern: RegExp;
  title: (match: RegExpExecArray) => string;
  /** Group that names the function, where the line itself does. */
  frame?: string;
  /** It says more about an Oops that a line above has opened: not a splat of its own then. */
  continues?: true;
}

const AT = String.raw`(?<frame>[A-Za-z_][\w.]*)(?:\+0x[0-9a-f]+\/0x[0-9a-f]+)?`;

/**
 * First match wins, so the particular stands before the general (`BUG: KASAN:` before `BUG:`). The words are the
 * kernel's own, as printed by 5.10 to 6.12: kernel/panic.c, mm/kasan/report.c, lib/ubsan.c, mm/kfence/report.c,
 * kernel/locking/lockdep.c, kernel/rcu/tree_stall.h, kernel/watchdog.c, kernel/hung_task.c, arch/ARCH/mm/fault.c.
 */
export const SPLATS: readonly SplatPattern[] = [
  {kind: 'panic', pattern: /(?<!end )Kernel panic - not syncing: (.*)/, title: (m) => `Kernel panic: ${m[1]}`},
  {
    kind: 'kasan',
    pattern: new RegExp(`BUG: KASAN: (\\S+) in ${AT}`),
    title: (m) => `KASAN: ${m[1]} in ${m[2]}`,
    frame: 'frame',
  },
  {
    kind: 'kcsan',
    pattern: new RegExp(`BUG: KCSAN: (\\S+) in ${AT}`),
    title: (m) => `KCSAN: ${m[1]} in ${m[2]}`,
    frame: 'frame',
  },
  {
    kind: 'kfence',
    pattern: new RegExp(`BUG: KFENCE: (.+?) in ${AT}`),
    title: (m) => `KFENCE: ${m[1]} in ${m[2]}`,
    frame: 'frame',
  },
  {kind: 'ubsan', pattern: /UBSAN: (\S+) in (\S+?)(?::\d+)*$/, title: (m) => `UBSAN: ${m[1]} in ${m[2]}`},
  {
    kind: 'soft-lockup',
    pattern: /watchdog: BUG: soft lockup - CPU#\d+ stuck for \d+s! \[(\S+):\d+\]/,
    title: (m) => `soft lockup (${m[1]})`,
  },
  {kind: 'soft-lockup', pattern: /BUG: soft lockup/, title: () => 'soft lockup'},
  {
    kind: 'hard-lockup',
    pattern: /Watchdog detected hard LOCKUP|NMI watchdog: .*hard LOCKUP/i,
    title: () => 'hard lockup',
  },
  {
    kind: 'rcu-stall',
    pattern: /(?:rcu: )?INFO: (\S+) (?:self-)?detected (?:expedited )?stalls? on /,
    title: (m) => `RCU stall (${m[1]})`,
  },
  {
    kind: 'hung-task',
    pattern: /INFO: task (\S+):\d+ (?:<\S+> )?blocked (?:in \S+ state )?for more than \d+ seconds/,
    title: (m) => `hung task (${m[1]})`,
  },
  {
    kind: 'lockdep',
    pattern:
      /WARNING: (possible (?:circular|recursive|irq lock inversion|unsafe locking)\b.*|inconsistent lock state|suspicious RCU usage|bad unlock balance detected!?|held lock freed!?|lock held when returning to user space!?|.*-safe -> .*-unsafe lock order.*)/,
    title: (m) => `lockdep: ${m[1]}`,
  },
  {
    kind: 'atomic-sleep',
    pattern: /BUG: sleeping function called from invalid context at (\S+?)(?::\d+)?$/,
    title: (m) => `sleeping function called from invalid context at ${m[1]}`,
  },
  {
    kind: 'atomic-sleep',
    pattern: /BUG: scheduling while atomic: (\S+)\/\d+/,
    title: (m) => `scheduling while atomic (${m[1]})`,
  },
  {
    kind: 'warning',
    pattern: new RegExp(`WARNING: CPU: \\d+ PID: \\d+ at (\\S+?):\\d+ ${AT}`),
    title: (m) => `WARNING at ${m[1]} in ${m[2]}`,
    frame: 'frame',
  },
  {kind: 'warning', pattern: /WARNING: CPU: \d+ PID: \d+ at (\S+?):\d+$/, title: (m) => `WARNING at ${m[1]}`},
  {kind: 'bug', pattern: /kernel BUG at (\S+?):\d+!/, title: (m) => `kernel BUG at ${m[1]}`},
  {
    kind: 'oops',
    pattern:
      /BUG: (kernel NULL pointer dereference|unable to handle page fault for address|unable to handle kernel .*?)(?:,| at|:|$)/,
    title: (m) => m[1] ?? '',
  },
  {
    kind: 'oops',
    pattern: /Unable to handle kernel (.+?) at virtual address/,
    title: (m) => `unable to handle kernel ${m[1]}`,
  },
  {
    kind: 'oops',
    pattern:
      /^(general protection fault|divide error|invalid opcode|stack segment|double fault|int3|bad_page)\b.*: [0-9a-f]{4} \[#\d+\]/i,
    title: (m) => m[1] ?? '',
  },
  {
    kind: 'oops',
    pattern: /Internal error: (.+?)(?:: [0-9a-f]+)? \[#\d+\]/,
    title: (m) => `Internal error: ${m[1]}`,
    continues: true,
  },
  {
    kind: 'bug',
    pattern:
      /BUG: (Bad (?:page|rss-counter) (?:state|map|cache)?|spinlock \S+ on CPU|workqueue lockup|using \S+ in preemptible)/,
    title: (m) => `BUG: ${(m[1] ?? '').trim()}`,
  },
  {kind: 'oom', pattern: /Out of memory: Killed process \d+ \((.+?)\)/, title: (m) => `out of memory: killed ${m[1]}`},
  {kind: 'bug', pattern: /^BUG: (.+)/, title: (m) => `BUG: ${m[1]}`},
  {kind: 'warning', pattern: /^WARNING: (.+)/, title: (m) => `WARNING: ${m[1]}`},
];
