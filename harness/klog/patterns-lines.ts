// SPDX-License-Identifier: MIT
import {AT, type SplatPattern, sourcePath} from './pattern.js';
import {stableTitle} from './stable-title.js';

const HANDLER = /^\[<[^>]*>\] (?<frame>[A-Za-z_][\w.]*)/;
const SUPPRESSED = String.raw`(?!.*: \d+ messages suppressed)`;

/** Single lines, what devices and allocators say, and, last, words that no row above knows. In the order of `SPLATS`. */
export const LINES: readonly SplatPattern[] = [
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
  {
    kind: 'alloc-failure',
    pattern: /: vmalloc error: size \d+, (?:page order \d+, )?([a-z_ ]+)/,
    title: (m) => `vmalloc error: ${m[1]?.replace(/ array size $| size $/, '')}`,
  },
  // Which device is chance; who holds it, ref_tracker says (CONFIG_NET_DEV_REFCNT_TRACKER).
  {
    kind: 'bug',
    pattern: /^unregister_netdevice: waiting for .+ to become free/,
    title: () => 'unregister_netdevice: waiting for a device to become free',
    bare: true,
  },
  {
    kind: 'bug',
    pattern: /^ref_tracker: .*(?:leaked|reference already released)/,
    title: () => 'ref_tracker: leaked or released twice',
    loose: true,
    bare: true,
  },
  {
    kind: 'bug',
    pattern: /Slab cache still has objects/,
    title: () => 'slab: a cache still has objects when it is destroyed',
    loose: true,
  },
  // Its trace is of whom it interrupted.
  {kind: 'bug', pattern: /^irq \d+: nobody cared/, title: () => 'irq: nobody cared', detail: HANDLER, depth: 1},
  {
    kind: 'bug',
    pattern: /^BUG (\S+?)(?:\(.*\))? \(.*?\): (.+)/,
    title: (m) => `slab ${m[1]}: ${stableTitle(m[2] ?? '')}`,
  },
  {
    kind: 'bug',
    pattern: new RegExp(
      `BUG: ${SUPPRESSED}(Bad page (?:state|map|cache)|Bad rss-counter state|non-zero pgtables_bytes|spinlock [\\w ]+? on|rwlock [\\w ]+? on|using \\S+ in preemptible)`,
    ),
    title: (m) => `BUG: ${(m[1] ?? '').replace(/ on$/, '')}`,
  },
  {
    kind: 'bug',
    pattern: /BUG: (workqueue leaked (?:atomic, lock or RCU|lock or atomic))/,
    title: (m) => `BUG: ${m[1]}`,
    detail: /(?:workfn=|last function: )(?<frame>[A-Za-z_][\w.]*)/,
  },
  {
    kind: 'bug',
    pattern: /^pagealloc: (memory corruption|single bit error)/,
    title: () => 'pagealloc: memory corruption',
    traced: true,
  },
  {
    kind: 'bug',
    pattern: /^VFS: Busy inodes after unmount of/,
    title: () => 'VFS: Busy inodes after unmount',
    traced: 'never',
    loose: true,
  },
  {
    kind: 'bug',
    pattern:
      /^(?:kobject: |kobject_add_internal )?.*(tried to (?:init an initialized|add an uninitialized) object|don't try to register things with the same name)/,
    title: (m) => `kobject: ${m[1]}`,
    loose: true,
  },
  {
    kind: 'bug',
    pattern: /^sysfs: (cannot create duplicate filename)/,
    title: (m) => `sysfs: ${m[1]}`,
    loose: 'trace',
  },
  {
    kind: 'warning',
    pattern: new RegExp(`^unchecked MSR access error: (?:WRMSR to|RDMSR from).*?\\(${AT}\\)`),
    title: () => 'unchecked MSR access error',
    frame: 'frame',
    traced: true,
  },
  // The unwinder's own, without a trace.
  {
    kind: 'warning',
    pattern:
      /^WARNING: (?:WARNING: )?((?:kernel stack (?:regs|frame pointer)|stack recursion|stack going|bad lookup|can't (?:access|dereference)|missing R\d+ value|unknown (?:stack type|SP base|BP base|\.orc))\b.*)/,
    // No header of its own tells which part of the line is the task's name: it may hold blanks.
    title: (m) => `WARNING: ${m[1]?.replace(/ in .+:\d+ has /, ' in a task has ')}`,
    traced: 'never',
    loose: true,
  },

  // Words of any part of the kernel: those that no row knows. A warning must at least have a trace.
  {
    kind: 'bug',
    pattern: /^BUG (at|in) ([\w./-]+)/,
    title: (m) => `BUG ${m[1]} ${sourcePath(m[2] ?? '')}`,
    loose: 'trace',
  },
  {kind: 'bug', pattern: new RegExp(`^BUG: ${SUPPRESSED}(.+)`), title: (m) => `BUG: ${m[1]}`, loose: true},
  {kind: 'warning', pattern: /^WARNING: (.+)/, title: (m) => `WARNING: ${m[1]}`, loose: 'trace'},
];
