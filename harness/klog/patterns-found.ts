// SPDX-License-Identifier: MIT
import {normalName} from './frames.js';
import {AT, DIED, type SplatPattern, sourcePath} from './pattern.js';
import {stableTitle} from './stable-title.js';

/** `alpha`, `alpha [amod]`. */
const NAME = String.raw`([A-Za-z_][\w.$]*)(?: \[[^\]]*\])?`;

/** Panics, and what sanitizers found. In the order of `SPLATS`. */
export const FOUND: readonly SplatPattern[] = [
  // A panic that only ends what a line above has reported. arm64's die() says what it died of before `Fatal exception`.
  {
    kind: 'panic',
    pattern:
      /(?<!end )Kernel panic - not syncing: ((?:.*: )?Fatal (?:exception.*|hardware error.*)|.*\bpanic_on_\w+ set.*|\S*panic(?:_on_write)? set \.\.\.|.*: system warned too often.*|softlockup: hung tasks|hung_task: blocked tasks|Hard LOCKUP|RCU Stall|workqueue: panic on stall.*|Asynchronous SError Interrupt|Unhandled exception|bad mode|kernel stack overflow|.* stack guard hit|Machine halted\.?|HYP panic:)\s*$/i,
    title: (m) => `Kernel panic: ${m[1]}`,
    continues: [
      ...DIED,
      ...(['warning', 'ubsan', 'kmsan', 'kcsan', 'lockdep', 'atomic-sleep'] as const),
      ...(['soft-lockup', 'hard-lockup', 'hung-task', 'rcu-stall', 'workqueue-lockup', 'iommu-fault'] as const),
    ],
  },
  // The task that died cannot be done without.
  {
    kind: 'panic',
    pattern:
      /(?<!end )Kernel panic - not syncing: (Attempted to kill (?:init|the idle task)!.*|Aiee, killing interrupt handler!|Oopsed too often.*)/,
    title: (m) => `Kernel panic: ${m[1]}`,
    continues: DIED,
  },
  {
    kind: 'panic',
    pattern:
      /(?<!end )Kernel panic - not syncing: ((?:stack-protector: )?Kernel stack is corrupted) in: (?<frame>[\w.]+)/,
    title: (m) => `Kernel panic: ${m[1]}`,
    frame: 'frame',
  },
  {
    kind: 'panic',
    pattern: /(?<!end )Kernel panic - not syncing: (.*)/,
    title: (m) => `Kernel panic: ${stableTitle(m[1] ?? '')}`,
  },
  // x86 before it can take exceptions; the machine halts.
  {kind: 'panic', pattern: /^PANIC: (early exception)\b/, title: (m) => m[1] ?? ''},

  // What sanitizers found.
  {
    kind: 'kasan',
    pattern: new RegExp(`BUG: KASAN: ([\\w-]+(?: or [\\w-]+)?) in ${AT}`),
    title: (m) => `KASAN: ${m[1]}`,
    frame: 'frame',
  },
  // Hardware tags that are only looked at now and then: its trace is that of whoever looked.
  {
    kind: 'kasan',
    pattern: /BUG: KASAN: ([\w-]+(?: or [\w-]+)?)\s*$/,
    title: (m) => `KASAN: ${m[1]} (asynchronous)`,
    depth: 0,
  },
  {kind: 'kasan', pattern: /^BUG: KASAN: (.+)/, title: (m) => `KASAN: ${stableTitle(m[1] ?? '')}`},
  {
    kind: 'kmsan',
    pattern: new RegExp(`BUG: KMSAN: (\\S+) in ${AT}`),
    title: (m) => `KMSAN: ${m[1]}`,
    frame: 'frame',
    bare: true,
  },
  {kind: 'kmsan', pattern: /^BUG: KMSAN: (.+)/, title: (m) => `KMSAN: ${stableTitle(m[1] ?? '')}`, bare: true},
  // Two functions in any order: whose stack comes first is chance.
  {
    kind: 'kcsan',
    pattern: new RegExp(`BUG: KCSAN: (assert: [\\w ]+|\\S+) in ${NAME} / ${NAME}`),
    title: (m) => `KCSAN: ${m[1]} in ${[normalName(m[2] ?? ''), normalName(m[3] ?? '')].sort().join(' / ')}`,
    depth: 0,
  },
  {
    kind: 'kcsan',
    pattern: new RegExp(`BUG: KCSAN: (assert: [\\w ]+|\\S+) in ${AT}`),
    title: (m) => `KCSAN: ${m[1]}`,
    frame: 'frame',
    bare: true,
  },
  {kind: 'kcsan', pattern: /BUG: KCSAN: (assert: \S+|\S+)/, title: (m) => `KCSAN: ${m[1]}`, bare: true},
  {
    kind: 'kfence',
    pattern: new RegExp(`BUG: KFENCE: (.+?) in ${AT}`),
    title: (m) => `KFENCE: ${m[1]}`,
    frame: 'frame',
    bare: true,
  },
  {kind: 'kfence', pattern: /BUG: KFENCE: (.+)/, title: (m) => `KFENCE: ${stableTitle(m[1] ?? '')}`, bare: true},
  {
    kind: 'ubsan',
    pattern: /UBSAN: ([\w -]+?) in (.+?)(?::\d+)*$/,
    title: (m) => `UBSAN: ${m[1]} at ${sourcePath(m[2] ?? '')}`,
  },
  // x86 with UBSAN_TRAP; the Oops of its trap follows.
  {
    kind: 'oops',
    pattern: new RegExp(`\\bUBSAN: ([a-z][a-z/ -]+) at ${AT}(?: \\[[^\\]]*\\])?$`),
    title: (m) => `UBSAN: ${m[1]}`,
    frame: 'frame',
  },
  {
    kind: 'kmemleak',
    pattern: /kmemleak: \d+ new suspected memory leaks?/,
    title: () => 'kmemleak: suspected memory leaks',
    depth: 0,
  },
  {
    kind: 'kmemleak',
    pattern: /^(?:kmemleak: )?unreferenced object (?:\(percpu\) )?0x[0-9a-f]+ \(size (\d+)\)/,
    title: (m) => `kmemleak: unreferenced object of ${m[1]} bytes`,
    bare: true,
  },
];
