// SPDX-License-Identifier: MIT
import type {SplatKind} from './kinds.js';

export interface SplatPattern {
  kind: SplatKind;
  /** On a line without its printk prefix. */
  pattern: RegExp;
  title(match: RegExpExecArray): string;
  /** Group that names the function, where the line itself does. */
  frame?: string;
  /** It says more about a report of one of these kinds that a line above has opened: not one of its own then. */
  continues?: readonly SplatKind[];
  /** A call trace always follows, whatever the kind says. */
  traced?: true;
}

const AT = String.raw`(?<frame>[A-Za-z_][\w.$]*)(?:\+0x[0-9a-f]+\/0x[0-9a-f]+)?`;
const DIED = ['oops', 'bug', 'kasan', 'kfence'] as const;

/** A file of the tree as the tree calls it, wherever it was built; of a module its base name. */
export function sourcePath(path: string): string {
  const TOP =
    /(?:^|\/)((?:arch|block|certs|crypto|drivers|fs|include|init|io_uring|ipc|kernel|lib|mm|net|rust|samples|security|sound|virt)\/.*)/;
  return TOP.exec(path)?.[1] ?? path.split('/').at(-1) ?? path;
}

const lockdep = (m: RegExpExecArray): string => `lockdep: ${m[1]}`;

/**
 * First match wins, so the particular stands before the general (`BUG: KASAN:` before `BUG:`). The words are the
 * kernel's own, as printed by 5.10 to 6.17: kernel/panic.c, mm/{kasan,kfence,kmsan}/report.c, lib/ubsan.c, mm/slub.c,
 * kernel/kcsan/report.c, kernel/locking/lockdep.c, kernel/rcu/tree_{stall,exp}.h, kernel/watchdog.c, kernel/hung_task.c,
 * kernel/workqueue.c, lib/bug.c, arch/{x86,arm64}/{mm/fault.c,kernel/traps.c}, drivers/iommu.
 */
export const SPLATS: readonly SplatPattern[] = [
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

  // WARN(). From 6.17 on the file comes first.
  {
    kind: 'warning',
    pattern: new RegExp(`WARNING: CPU: \\d+ PID: \\d+ at (\\S+?):\\d+ ${AT}`),
    title: (m) => `WARNING at ${sourcePath(m[1] ?? '')}`,
    frame: 'frame',
    traced: true,
  },
  {
    kind: 'warning',
    pattern: new RegExp(`WARNING: (\\S+?):\\d+ at ${AT}, CPU#\\d+`),
    title: (m) => `WARNING at ${sourcePath(m[1] ?? '')}`,
    frame: 'frame',
    traced: true,
  },
  {
    kind: 'warning',
    pattern: /WARNING: CPU: \d+ PID: \d+ at (\S+?):\d+$/,
    title: (m) => `WARNING at ${sourcePath(m[1] ?? '')}`,
    traced: true,
  },
  // Without DEBUG_BUGVERBOSE.
  {
    kind: 'warning',
    pattern: /WARNING: CPU: \d+ PID: \d+ at (?<frame>[A-Za-z_][\w.$]*)\+0x/,
    title: () => 'WARNING',
    frame: 'frame',
    traced: true,
  },

  // The kernel died, or should have.
  {
    kind: 'bug',
    pattern: /kernel BUG at (\S+?):\d+!/,
    title: (m) => `kernel BUG at ${sourcePath(m[1] ?? '')}`,
    traced: true,
  },
  {kind: 'bug', pattern: new RegExp(`CFI failure at ${AT}`), title: () => 'CFI failure', frame: 'frame', traced: true},
  {
    kind: 'oops',
    pattern: /BUG: (kernel NULL pointer dereference|unable to handle (?:page fault|kernel [\w ]+))/,
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
      /^(?:Oops: )?(general protection fault|divide error|stack segment|double fault|int3|alignment check|invalid opcode|control protection fault)\b.*\[#\d+\]/i,
    title: (m) => m[1] ?? '',
    continues: DIED,
  },
  {kind: 'oops', pattern: /^Oops: (?:Oops: )?[0-9a-f]{4} \[#\d+\]/, title: () => 'Oops', continues: DIED},
  {
    kind: 'oops',
    pattern: /Internal error: (.+?)(?:: [0-9a-f]+)? \[#\d+\]/,
    title: (m) => `Internal error: ${m[1]}`,
    continues: DIED,
  },
  {
    kind: 'oops',
    pattern: /^(SError Interrupt|Bad mode in [\w ]+ handler|Insufficient stack space to handle exception)/,
    title: (m) => m[1] ?? '',
    traced: true,
  },
  {kind: 'oops', pattern: /^(?:BUG: )?(?:TASK |IRQ )?(stack guard page was hit)/, title: (m) => m[1] ?? ''},

  // One line, or a few.
  {
    kind: 'iommu-fault',
    pattern: /^arm-smmu-v3 \S+: event:? (?:0x([0-9a-f]{2}) received|(\w+) client)/,
    title: (m) => `arm-smmu-v3 event ${m[1] === undefined ? m[2] : `0x${m[1]}`}`,
  },
  {
    kind: 'iommu-fault',
    pattern:
      /^arm-smmu(?:-v3)? \S+: (Unhandled context fault|Unexpected global (?:fault|error)|unexpected global error|CMDQ error)/,
    title: (m) => `arm-smmu: ${m[1]}`,
  },
  {
    kind: 'iommu-fault',
    pattern: /^DMAR: \[(.+?)\].*fault/,
    title: (m) => `DMAR: fault in ${(m[1] ?? '').replace(/ NO_PASID/, '')}`,
  },
  {kind: 'iommu-fault', pattern: /AMD-Vi: Event logged \[(\w+)/, title: (m) => `AMD-Vi: ${m[1]}`},
  {
    kind: 'mte-fault',
    pattern: /unhandled exception: .*?((?:a?synchronous )?tag check fault)/i,
    title: (m) => `MTE: ${m[1]} in user space`,
  },
  {
    kind: 'oom',
    pattern: /^(Out of memory|Memory cgroup out of memory): Killed process/,
    title: (m) => `${m[1]}: a process was killed`,
  },
  {
    kind: 'alloc-failure',
    pattern: /: page allocation failure: order:(\d+)/,
    title: (m) => `page allocation failure of order ${m[1]}`,
  },
  {kind: 'bug', pattern: /^(unregister_netdevice: waiting for \S+ to become free)/, title: (m) => m[1] ?? ''},
  {kind: 'bug', pattern: /^irq \d+: nobody cared/, title: () => 'irq: nobody cared'},
  {kind: 'bug', pattern: /^BUG (\S+) \(.*?\): (.+)/, title: (m) => `slab ${m[1]}: ${m[2]}`},
  {
    kind: 'bug',
    pattern:
      /BUG: (Bad page (?:state|map|cache)|Bad rss-counter state|non-zero pgtables_bytes|spinlock [\w ]+? on|rwlock [\w ]+? on|using \S+ in preemptible)/,
    title: (m) => `BUG: ${(m[1] ?? '').replace(/ on$/, '')}`,
  },
  {kind: 'bug', pattern: /^BUG: (.+)/, title: (m) => `BUG: ${m[1]}`},
  {kind: 'warning', pattern: /^WARNING: (.+)/, title: (m) => `WARNING: ${m[1]}`},
];

/** Every line that a pattern takes has one of these: most lines of a console are done with after this. */
const WORTH_A_LOOK =
  /BUG|WARNING|panic|Oops|SAN|LOCKUP|stall|blocked|CFI|able to handle|fault|error|double|opcode|int3|event|memleak|unreferenced|non-static|SError|Bad mode|Insufficient|stack guard|ut of memory|allocation failure|unregister_net|nobody cared|AMD-Vi/i;

export interface Opening {
  row: SplatPattern;
  title: string;
  /** As the line names it, with its offset in the kernel when it says so. */
  frame?: string;
}

/** What a line opens or goes on with; undefined for nearly all. */
export function matchOpening(line: string): Opening | undefined {
  if (!WORTH_A_LOOK.test(line)) return undefined;
  for (const row of SPLATS) {
    const match = row.pattern.exec(line);
    if (match === null) continue;
    const frame = row.frame === undefined ? undefined : match.groups?.[row.frame];
    return {row, title: row.title(match), ...(frame === undefined ? {} : {frame})};
  }
  return undefined;
}
