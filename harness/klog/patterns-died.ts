// SPDX-License-Identifier: MIT
import {AT, DIED, type SplatPattern, sourcePath} from './pattern.js';

/** Warnings, what the kernel died of, and single lines. In the order of `SPLATS`. */
export const DIED_OF: readonly SplatPattern[] = [
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
