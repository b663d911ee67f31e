// SPDX-License-Identifier: MIT
/** What a report's lines are, beside its frames. */

export const END = /^-{3,}\[ end (?:trace|Kernel panic)/;
/** `<TASK>`, `<IRQ>`, `<#DF>`: a stack of the trace begins, and ends with a slash. */
export const STACK = /^\s*<(\/?)([#A-Z][A-Z_]+)\d?>/;
/** Between the parts of one trace: an interrupt's registers, and what printk says about itself. */
export const INSIDE =
  /^(?:RIP|RSP|RAX|RBX|RCX|RDX|RSI|RDI|RBP|R\d\d|ORIG_RAX|FS|CS|CR2|DR\d|PKRU|EFLAGS|Code|pc|lr|sp|x\d+|pstate)\b ?:|^\*\* replaying previous printk message|^Exception stack/;
/** After its trace a report goes on with these, or with another trace. */
export const GOES_ON =
  /^(?:Code:|Modules linked in:|---\[|CPU: |Hardware name:|task:|Task dump|NMI backtrace|Sending NMI|stack backtrace|rcu:|\(detected|Kernel Offset|Memory Limit|SMP: |CR2:|note: |irq event|hardirqs|softirqs|Allocated by|Freed by|The buggy|page:|flags:|raw:|Memory state|kasan:|other info|Possible|\*\*\*|\d+ locks? held|which lock|the existing|-> #|but task|csd: (?:Continued|CSD lock|Re-sending)|INFO: task .* blocked on an? |INFO: lockdep is turned off|handlers:|Disabling IRQ|Uninit was|Local variable|Bytes? \d|Memory access of|Data copied to|kfence-#|allocated by|freed by|(?:read|write|read-write|assert)\b.* to 0x|value changed:|Reported by Kernel Concurrency)/;
/** lockdep: `#0: … at: func+0x1/0x2`, `(lock){…}, at: func+0x1/0x2`. */
export const LOCKER = /\bat: ([A-Za-z_][\w.$]*)\+0x/;
/** From here on a lockdep report tells of locks that have no part in it. */
export const OTHER_LOCKS = /^other info that might|^\d+ locks? held by|^stack backtrace/;
/** The RCU thread's own stack, and that of the CPU it last ran on, stand before those of the CPUs that stall. */
export const BYSTANDER = /RCU grace-period kthread stack dump:|Stack dump where RCU GP kthread last ran:/;
/** What stands for a trace when that CPU has nothing to do. */
export const NO_TRACE = /NMI backtrace for cpu \d+ skipped/;
export const HEADER = /^CPU: (\d+) (?:UID: \d+ )?PID: \d+ Comm: (.*?) (?:Not tainted|Tainted:|Kdump:)/;
/** lockdep's second line, `6.12.95 #1 Not tainted`. */
export const IDENT = /^\S+ #\d\S* (?:Not tainted|Tainted: )/;
/** A trace follows that is of no report: it was asked for, or says who ran out of memory. */
export const TRACE_OF_ANOTHER =
  /^FAULT_INJECTION: |^sysrq: |^.{0,40}(?:invoked oom-killer|: page allocation (?:failure|stall)): |a kernel self test and not a bug/;
/** Lines that reports are made of, before the trace: held locks, chains, memory, stacks of others. */
export const OF_A_REPORT = /^\s|^$|^(?:->|\[<|#\d|\.\.\.)|^[0-9a-f]{8,}:/;
