// SPDX-License-Identifier: MIT
/** Reports as kernels print them, made of their parts: what is said first, who made the report, who called, where. */
import fc from 'fast-check';

/** What another attempt says otherwise. */
export interface Chance {
  comm: string;
  pid: number;
  cpu: number;
  line: number;
  offset: number;
  device: number;
  address: string;
}

interface Head {
  /** As text of one attempt; `''`: nothing more before the trace. */
  lines(chance: Chance): string[];
  /** Functions that made such a report, above the one that it is about. */
  helpers: readonly string[];
  trace: 'call' | 'bare';
}

const hex = (offset: number): string => `+0x${(offset + 1).toString(16)}/0x${(offset + 4096).toString(16)}`;
const call = (helpers: string, lines: Head['lines']): Head => ({
  lines,
  trace: 'call',
  helpers: helpers.split(' ').filter(Boolean),
});
const bare = (helpers: string, lines: Head['lines']): Head => ({...call(helpers, lines), trace: 'bare'});
const warn = (text: (c: Chance) => string): Head => call('', (c) => ['------------[ cut here ]------------', text(c)]);
const behind = ({cpu, comm, pid}: Chance): string => `, CPU#${cpu}: ${comm}/${pid}`;

export const HEADS: readonly Head[] = [
  warn((c) => `WARNING: mm/toy.c:${c.line} at alpha${hex(c.offset)}${behind(c)}`),
  warn((c) => `WARNING: mm/toy.c:${c.line} at alpha${hex(c.offset)} [toy]${behind(c)}`),
  warn((c) => `WARNING: [a[1] > 3] mm/toy.c:${c.line} at alpha${hex(c.offset)}${behind(c)}`),
  warn((c) => `WARNING: at alpha${hex(c.offset)}${behind(c)}`),
  warn((c) => `WARNING: CPU: ${c.cpu} PID: ${c.pid} at [n > 3] mm/toy.c:${c.line} alpha${hex(c.offset)}`),
  call('dump_stack_lvl spin_dump do_raw_spin_lock _raw_spin_lock', (c) => [
    `BUG: spinlock bad magic on CPU#${c.cpu}, ${c.comm}/${c.pid}`,
  ]),
  call('dump_stack_lvl check_preemption_disabled debug_smp_processor_id', (c) => [
    `BUG: using smp_processor_id() in preemptible [00000000] code: ${c.comm}/${c.pid}`,
  ]),
  call('dump_stack_lvl ___might_sleep __might_sleep', (c) => [
    `BUG: sleeping function called from invalid context at mm/toy.c:${c.line}`,
  ]),
  call('dump_stack_lvl assign_lock_key register_lock_class __lock_acquire lock_acquire', () => [
    'INFO: trying to register non-static key.',
  ]),
  call('dump_stack_lvl save_trace __lock_acquire lock_acquire', () => ['BUG: MAX_STACK_TRACE_ENTRIES too low!']),
  call('__schedule rt_mutex_schedule rt_mutex_slowlock rt_spin_lock', (c) => [
    `INFO: task ${c.comm}:${c.pid} blocked in I/O wait for more than ${c.line} seconds.`,
  ]),
  call('dump_stack_lvl __kernel_unpoison_pages post_alloc_hook get_page_from_freelist', () => [
    'pagealloc: memory corruption',
  ]),
  call('dump_stack_lvl', (c) => [`BUG: the state of veth${c.device} is wrong: ${c.comm}/${c.pid}`]),
  call('dump_stack_lvl', (c) => [`BUG: ${c.comm}:${c.pid} came from mm/toy.c:${c.line}, 0x${c.offset.toString(16)}`]),
  call('', (c) => [
    `unchecked MSR access error: WRMSR to 0x3a (tried to write 0x1) at rIP: 0x${c.address} (native_write_msr${hex(c.offset)})`,
  ]),
  call('rt_spin_lock', () => ['Oops: segment-related general protection fault: 0018 [#1] SMP']),
  bare('', (c) => [
    `BUG: KFENCE: use-after-free read in alpha${hex(c.offset)}`,
    '',
    `Use-after-free read at 0x${c.address} (in kfence-#1):`,
  ]),
  bare('mutex_spin_on_owner', (c) => [
    `BUG: KCSAN: data-race in mutex_spin_on_owner${hex(c.offset)}`,
    '',
    `race at unknown origin, with read to 0x${c.address} of 4 bytes by task ${c.pid} on cpu ${c.cpu}:`,
  ]),
  bare('__kmalloc_noprof', (c) => [
    `unreferenced object 0x${c.address} (size 96):`,
    `  comm "${c.comm}", pid ${c.pid}, jiffies 4294941388`,
    '  backtrace (crc 0):',
  ]),
  bare('', (c) => [
    `unregister_netdevice: waiting for veth${c.device} to become free. Usage count = 2`,
    `ref_tracker: veth${c.device}@${c.address} has 1/1 users at`,
  ]),
];

/** Lines of others, which say nothing bad. */
export const OTHERS = [
  'eth0: link becomes ready',
  'systemd[1]: Started toy.',
  'random: crng reseeded',
  '  some indented words',
  'toy: a: b: c',
];
export const DROPPED = '** 12 printk messages dropped **';

export interface Composed {
  head: number;
  /** Who called alpha: enough that three functions count. */
  callers: number;
  /** A line that is put before the trace's own line of that number. */
  put: {at: number; what: string}[];
  stamped: boolean;
}

/** The report's lines; those of the trace are the ones that begin with a blank. */
export function render({head, callers, put, stamped}: Composed, chance: Chance): string {
  const {lines, helpers, trace} = HEADS[head % HEADS.length] as Head;
  const names = [...helpers, 'alpha', 'beta', 'gamma', ...Array.from({length: callers}, (_, n) => `caller_${n}`)];
  const frames = [...names, 'do_syscall_64', 'entry_SYSCALL_64_after_hwframe'].map(
    (name) => ` ${name}${hex(chance.offset)}`,
  );
  for (const {at, what} of put) frames.splice(1 + (at % (frames.length - 2)), 0, what);
  const header = `CPU: ${chance.cpu} UID: 0 PID: ${chance.pid} Comm: ${chance.comm} Not tainted 7.3.0 #1`;
  const whole =
    trace === 'bare'
      ? [...frames, '']
      : [header, 'Call Trace:', ' <TASK>', ...frames, ' </TASK>', '---[ end trace 0000000000000000 ]---'];
  const all = [...lines(chance), ...whole, 'toy: what comes after'];
  return all.map((line) => (stamped && line !== DROPPED ? `[   31.204518] ${line}\n` : `${line}\n`)).join('');
}

const nat = fc.nat({max: 0xffff});
/** Values that no other part of a report has, so that one of them in an identity is a fault. */
export const chances: fc.Arbitrary<Chance> = fc.record({
  comm: fc.constantFrom('zq7', 'zq8:x', 'kworker/u9:7', 'zq web content', 'zq-9'),
  pid: fc.integer({min: 70_000, max: 99_999}),
  cpu: fc.integer({min: 0, max: 255}),
  line: fc.integer({min: 1, max: 9999}),
  offset: nat,
  device: fc.nat({max: 99}),
  address: fc.integer({min: 1, max: 0xfffffff}).map((n) => `ffff8881${n.toString(16).padStart(8, '0')}`),
});
export const reports: fc.Arbitrary<Composed> = fc.record({
  head: fc.nat({max: HEADS.length - 1}),
  callers: fc.nat({max: 6}),
  put: fc.array(fc.record({at: nat, what: fc.constantFrom(...OTHERS, DROPPED)}), {maxLength: 4}),
  stamped: fc.boolean(),
});
