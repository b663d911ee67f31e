// SPDX-License-Identifier: MIT
import {AT, type SplatPattern} from './pattern.js';

/** Faults that the kernel tells in plain words, without BUG or WARNING. In the order of `SPLATS`. */
export const PLAIN: readonly SplatPattern[] = [
  // kernel/sched, kernel/softirq.c, kernel/irq, kernel/time.
  {
    kind: 'atomic-sleep',
    pattern: /^bad: scheduling from the idle thread!/,
    title: () => 'scheduling from the idle thread',
  },
  {
    kind: 'bug',
    pattern: /^(?:softirq: )?huh, entered softirq \d+ (\w+) .*preempt_count/,
    title: (m) => `softirq ${m[1]} leaves another preempt_count`,
    traced: 'never',
  },
  {
    kind: 'soft-lockup',
    pattern: /^sched: CPU \d+ need_resched set for > /,
    title: () => 'a CPU does not schedule',
  },
  {
    kind: 'bug',
    pattern: /^irq event \d+: bogus return value/,
    title: () => 'irq: bogus return value',
    detail: /^\[<[^>]*>\] (?<frame>[A-Za-z_][\w.]*)/,
    depth: 1,
  },
  {
    kind: 'warning',
    pattern: /^schedule_timeout: wrong timeout value/,
    title: () => 'schedule_timeout: wrong timeout value',
    traced: true,
  },

  // mm.
  {
    kind: 'warning',
    pattern: /^FAULT_FLAG_ALLOW_RETRY missing/,
    title: () => 'FAULT_FLAG_ALLOW_RETRY missing',
    traced: true,
  },
  {
    kind: 'bug',
    pattern: /^(?:\w+: )*(Bad swap (?:file|offset) entry|Unused swap (?:file|offset) entry)/,
    title: (m) => `swap: ${m[1]}`,
    traced: 'never',
  },
  {
    kind: 'warning',
    pattern: /^Unexpected gfp: .* Fix your code!/,
    title: () => 'unexpected gfp',
    traced: true,
  },
  {kind: 'warning', pattern: /^iounmap: bad address/, title: () => 'iounmap: bad address', traced: true},
  {
    kind: 'bug',
    pattern:
      /^kmemleak: (Cannot insert|Found object by alias|(?:Partially freeing|Freeing|Trying to color|Not scanning) unknown object)/,
    title: (m) => `kmemleak: ${m[1]}`,
    traced: true,
  },
  // SLAB, until 6.8.
  {
    kind: 'bug',
    pattern: /^slab error in \w+\(\): cache [`'](.*)': (.*)/,
    title: (m) => `slab ${m[1]}: ${m[2]}`,
    traced: true,
  },
  {kind: 'bug', pattern: /^Slab corruption \(.*?\): (\S+) start=/, title: (m) => `slab ${m[1]}: corruption`},
  {
    kind: 'alloc-failure',
    pattern: /^percpu: allocation failed, .*atomic=\d, (.+)/,
    title: (m) => `percpu: allocation failed: ${m[1]}`,
  },
  {
    kind: 'alloc-failure',
    pattern: /: page allocation stalls? for .*order:(\d+)/,
    title: (m) => `page allocation stall of order ${m[1]}`,
  },

  // net.
  {kind: 'bug', pattern: /^NEIGH: BUG, (double timer add)/, title: (m) => `neighbour: ${m[1]}`, traced: true},
  {kind: 'bug', pattern: /^Destroying alive neighbour/, title: () => 'neighbour: destroyed alive', traced: true},
  {kind: 'bug', pattern: /^\S+: hw csum failure/, title: () => 'net: hw csum failure', traced: true},

  // arm64: KVM's hypervisor dies, and the panic of the host tells it.
  {
    kind: 'bug',
    pattern: new RegExp(`^kvm \\[\\d+\\]: nVHE hyp (\\w+) at: (?:\\[<[0-9a-f]+>\\] ${AT}|\\S+)`),
    title: (m) => `nVHE hyp ${m[1]}`,
    frame: 'frame',
  },
];
