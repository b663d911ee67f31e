// SPDX-License-Identifier: MIT
import type {SplatPattern} from './pattern.js';
import {DIED_OF} from './patterns-died.js';
import {FOUND} from './patterns-found.js';
import {LINES} from './patterns-lines.js';
import {PLAIN} from './patterns-plain.js';
import {STUCK} from './patterns-stuck.js';

/**
 * First match wins, so the particular stands before the general (`BUG: KASAN:` before `BUG:`). The words are the
 * kernel's own, as printed by 5.10 to 7.3: kernel/panic.c, mm/{kasan,kfence,kmsan}/report.c, lib/ubsan.c, mm/slub.c,
 * kernel/kcsan/report.c, kernel/locking/lockdep.c, kernel/rcu/tree_{stall,exp}.h, kernel/watchdog.c, kernel/hung_task.c,
 * kernel/workqueue.c, lib/bug.c, arch/{x86,arm64}/{mm/fault.c,kernel/traps.c}, drivers/iommu.
 */
export const SPLATS: readonly SplatPattern[] = [...FOUND, ...STUCK, ...DIED_OF, ...PLAIN, ...LINES];

/** Every line that a pattern takes has one of these: most lines of a console are done with after this. */
const WORTH_A_LOOK =
  /BUG|WARNING|panic|Oops|SAN|LOCKUP|stall|blocked|CFI|able to handle|fault|error|double|opcode|int3|event|memleak|unreferenced|non-static|SError|Bad mode|Insufficient|stack guard|ut of memory|allocation failure|unregister_net|nobody cared|AMD-Vi|\[#\d|csd:|pagealloc|Busy inodes|MSR|vmalloc|ref_tracker|kobject|sysfs:|Unhandled|still has objects|for writeback|idle thread|softirq|need_resched|bogus return|wrong timeout|swap|Fix your code|bad address|kmemleak|slab|percpu: alloc|neighbour|csum|nVHE/i;

export interface Opening {
  row: SplatPattern;
  title: string;
  /** As the line names it, with its offset in the kernel when it says so. */
  frame?: string;
}

/** Where a line stands. */
export interface Surroundings {
  /** The line above. */
  above: string;
  /** Only rows that are sure of their words: a program printed it, or WARN() in its own report. */
  strict: boolean;
}

const ALONE: Surroundings = {above: '', strict: false};

/** What a line opens or goes on with; undefined for nearly all. */
export function matchOpening(line: string, {above, strict} = ALONE): Opening | undefined {
  if (!WORTH_A_LOOK.test(line)) return undefined;
  for (const row of SPLATS) {
    if ((strict && row.loose !== undefined) || row.below?.test(above) === false) continue;
    const match = row.pattern.exec(line);
    if (match === null) continue;
    const frame = row.frame === undefined ? undefined : match.groups?.[row.frame];
    return {row, title: row.title(match), ...(frame === undefined ? {} : {frame})};
  }
  return undefined;
}
