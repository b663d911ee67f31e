// SPDX-License-Identifier: MIT
/** The functions of a call trace: how both arches print them, and which of them say where something happened. */

export interface Frame {
  /** Normalised: `do_wp_page`, whatever copy of it the compiler made. */
  name: string;
  /** As printed, for a look into vmlinux: the symbol's own name and the offset in it. */
  symbol: string;
  offset: number;
  module?: string;
}

/** `func+0x1/0x2 [module]`, x86_64 with `? ` before what the unwinder only guessed, arm64 with `(P)` behind. */
const FRAME =
  /^\s*(?:\[<[0-9a-f]+>\] )?(\? )?([A-Za-z_][\w.$]*)\+0x([0-9a-f]+)\/0x[0-9a-f]+(?: \([A-Z]+\))*(?: \[([\w-]+)(?: [0-9a-f]+)?\])?(?: \([A-Z]+\))?\s*$/;
/** x86_64: `RIP: 0010:func+0x1/0x2`; arm64: `pc : func+0x1/0x2`. A user's (`RIP: 0033:0x4011`) has no name. */
const COUNTER = /^(?:RIP: [0-9a-f]{4}:|pc : )([A-Za-z_][\w.$]*)\+0x([0-9a-f]+)\/0x[0-9a-f]+(?: \[([\w-]+)[^\]]*\])?/;
/** x86_64 writes `Call Trace:`, arm64 `Call trace:`. */
const TRACE = /^\s*Call [Tt]race:/;

export const isTrace = (line: string): boolean => TRACE.test(line);

/** A frame of a trace; undefined for any other line, `unsure` for one that the unwinder only guessed. */
export function parseFrame(line: string): Frame | 'unsure' | undefined {
  const [, unsure, symbol, offset, module] = FRAME.exec(line) ?? [];
  if (symbol === undefined || offset === undefined) return undefined;
  return unsure === undefined ? makeFrame(symbol, offset, module) : 'unsure';
}

/** Where the CPU was, by its program counter. */
export function parseCounter(line: string): Frame | undefined {
  const [, symbol, offset, module] = COUNTER.exec(line) ?? [];
  return symbol === undefined || offset === undefined ? undefined : makeFrame(symbol, offset, module);
}

function makeFrame(symbol: string, offset: string, module: string | undefined): Frame {
  const frame = {name: normalName(symbol), symbol, offset: Number.parseInt(offset, 16)};
  return module === undefined ? frame : {...frame, module};
}

/** What compilers append to a copy of a function, and each arch's own name for a system call. */
const SUFFIX = /(?:\.(?:isra|constprop|part|cold|lto_priv|llvm|localalias|clone|str|specialized)(?:\.\d+)*|\.\d+)+$/;
const SYSCALL = /^__(?:x64|ia32|arm64|do|se)_(?:compat_)?sys_/;

export const normalName = (symbol: string): string => symbol.replace(SUFFIX, '').replace(SYSCALL, 'sys_');

/**
 * How a report was made, or how one got to where it waits: never where it happened. Skipped at the top of a trace.
 * From kernel/panic.c, lib/dump_stack.c, mm/kasan, kernel/locking, kernel/rcu, kernel/watchdog.c, arch/ARCH/mm/fault.c.
 */
const REPORTING: readonly RegExp[] = [
  // The report itself.
  /^(?:__)?dump_(?:stack|backtrace|page|cpu_task)/,
  /^(?:__)?show_(?:stack|regs|trace|state)/,
  /^(?:__)?print_|^__?warn(?:_|$)|^report_|^bug_(?:handler|get)|^handle_bug$|^v?panic$|^nmi_panic|^(?:__)?die(?:_|$)/,
  /^(?:__)?kasan_|^__asan_|^__hwasan_|^(?:__)?kfence_|^kmsan_|^__msan_|^kcsan_|^__tsan_|^(?:__)?ubsan_|^handle_overflow/,
  /^check_region|^memory_is_poisoned|^object_err|^slab_err|^free_debug|^check_(?:slab|object|bytes)|^bad_page$|^warn_alloc/,
  // How a fault was noticed.
  /^oops_|^page_fault_oops$|^do_user_addr_fault$|^(?:__)?bad_area|^no_context$|^fixup_bug$|^do_kern_addr_fault$/,
  /^(?:asm_)?exc_|^do_error_trap$|^do_trap|^do_(?:page|translation|tag_check|alignment)_fault$|^do_(?:mem_abort|sea|bad_area)$/,
  /^__do_kernel_fault$|^el1h?_|^do_undefinstr$|^brk_handler$|^\w*break_hook$|^do_debug_exception$|^(?:arm64_|do_)serror/,
  // Checks of locks, and the tick that finds a stall.
  /^lockdep_|^__lock_acquire|^lock_(?:acquire|release)|^check_(?:prev|noncircular|deadlock|irq|usage|wait)|^mark_(?:lock|held)/,
  /^validate_chain|^debug_(?:locks_off|check)|^__might_|^rcu_lockdep|^__schedule_bug|^__cant_/,
  /^rcu_(?:dump|check|pending|sched_clock|stall)|^check_(?:cpu|slow|exp)_?stall|^sched_show_task|^__switch_to/,
  /^(?:arch_)?trigger_(?:\w*_)?(?:cpu|cpumask)_backtrace|^nmi_|^watchdog_|^lockup_|^softlockup|^do_nmi|^default_do_nmi/,
  /^update_process_times|^tick_|^(?:__)?hrtimer_|^(?:asm_|__)?sysvec_|^arch_timer_|^handle_percpu_|^generic_handle|^__?handle_irq/,
  /^gic_|^call_on_irq_stack|^do_interrupt_handler|^(?:__)?irq_exit|^handle_softirqs|^(?:__)?do_softirq/,
  // What waits, and what moves bytes, for somebody else.
  /^(?:do_)?_?raw_\w*(?:spin|read|write)_|^(?:native_)?queued_|^(?:__)?mutex_|^(?:__)?down_|^rwsem_|^up_(?:read|write)$|^osq_/,
  /^(?:__|preempt_|io_)?schedule|^(?:__|do_)?wait_for_(?:common|completion)|^__wait_|^do_wait_|^bit_wait|^out_of_line_wait/,
  /^[mfs]?sleep(?:_interruptible|_timeout|_range)?$|^usleep_range|^sleep_on(?:_|$)/,
  /^(?:__)?mem(?:cpy|set|move|cmp|chr)|^__pi_|^(?:__|raw_)?(?:arch_)?copy_(?:from|to)_|^rep_|^str(?:len|cmp|cpy|n)/,
  /^clear_page(?:_erms|_rep|_orig)?$|^refcount_|^__list_(?:add|del)|^page_counter_cancel$|^usercopy_abort$|^__check_(?:heap_)?object/,
  /^(?:__)?(?:alloc_(?:frozen_)?pages|folio_alloc|kmalloc|kmem_cache_(?:alloc|free)|kfree$|free_(?:frozen|unref)_|folio_put)|^free_to_partial|^get_page_from/,
];

/** How anything came into the kernel: from here on a trace says nothing about what happened. */
const ENTRY =
  /^(?:do_syscall_|entry_SYSCALL|entry_|syscall_|x64_sys_call|invoke_syscall|el0|do_el0|ret_from_fork|kthread$|start_(?:kernel|secondary)|secondary_start|x86_64_start|__primary|worker_thread|cpuhp_thread|smpboot_thread|asm_|irqentry_)/;

/** Where it happened, innermost first: without the functions that report, and without how the kernel was entered. */
export function relevantFrames(frames: readonly Frame[]): Frame[] {
  const [counter, ...trace] = frames;
  if (counter === undefined) return [];
  // The program counter may be followed by the trace of whoever reports it.
  const rest = isReporting(counter.name) ? withoutReport(trace) : [counter, ...withoutReport(trace)];
  const entry = rest.findIndex(({name}) => ENTRY.test(name));
  return entry < 0 ? rest : rest.slice(0, entry);
}

function withoutReport(trace: readonly Frame[]): Frame[] {
  const first = trace.findIndex(({name}) => !isReporting(name));
  return first < 0 ? [] : trace.slice(first);
}

export const isReporting = (name: string): boolean => REPORTING.some((pattern) => pattern.test(name));
