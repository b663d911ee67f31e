// SPDX-License-Identifier: MIT
import t from 'tap';
import {HELPERS, isHelper, serves} from '../../klog/helpers.js';
import {relevantFrames} from '../../klog/where.js';

const named = (names: string): string =>
  relevantFrames(names.split(' ').map((name) => ({name, symbol: name, offset: 16})))
    .map(({name}) => name)
    .join(' ');

t.test('where it happened', async (t) => {
  t.equal(named('dump_stack_lvl spin_dump _raw_spin_lock alpha beta do_syscall_64'), 'alpha beta');
  t.equal(named('alpha beta'), 'alpha beta', 'no entry');
  t.equal(named('a_helper_nobody_knows alpha el0_svc'), 'a_helper_nobody_knows alpha', 'one that no row has is named');
  t.equal(named('_raw_spin_lock worker_thread kthread ret_from_fork'), 'worker_thread', 'a thread, when nothing else');
  t.equal(named('__mutex_lock _raw_spin_lock do_syscall_64'), '__mutex_lock', 'else the innermost that serves');
  t.equal(named('__warn_printk warn_when_full do_syscall_64'), 'warn_when_full', 'a name that begins like a helper');
  t.equal(
    named('__schedule preempt_schedule_irq irqentry_exit asm_sysvec_apic_timer_interrupt alpha beta do_syscall_64'),
    'alpha beta',
    'a task that was preempted',
  );
  t.equal(named('alpha handle_softirqs run_ksoftirqd smpboot_thread_fn kthread'), 'alpha', 'a softirq, in its thread');
  t.equal(named('alpha beta handle_softirqs irq_exit_rcu asm_sysvec_x gamma'), 'alpha beta', 'and in an interrupt');
  t.equal(named('handle_softirqs irq_exit_rcu sysvec_x asm_sysvec_x gamma do_syscall_64'), 'handle_softirqs', 'itself');
  t.equal(named('do_syscall_64 entry_SYSCALL_64_after_hwframe'), 'do_syscall_64', 'a fault in the entry itself');
  t.equal(named('debug_object_activate call_rcu alpha'), 'alpha', 'who gave RCU a head twice');
  t.equal(named('dump_stack panic do_syscall_64'), '', 'what only reports is never named');
});

t.test('the table of helpers', async (t) => {
  t.ok(isHelper('___might_sleep'), 'underscores do not count');
  t.ok(isHelper('__kmalloc_cache_noprof'), 'nor does _noprof');
  t.notOk(isHelper('my_dump_stack'), 'a name begins at its begin');
  t.ok(serves('rt_spin_lock'));
  t.notOk(serves('spin_dump'));
  const names = HELPERS.flatMap((row) => row.names.split(' '));
  t.same(
    names.filter((name) => !/^[\w*:]+$/.test(name) || name.startsWith('_')),
    [],
    'names and stars',
  );
  t.same(
    names.filter((name, at) => names.indexOf(name) !== at),
    [],
    'each once',
  );
});
