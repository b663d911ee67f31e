// SPDX-License-Identifier: MIT
/**
 * Functions that are never where something happened: how a report was made, and what locks, waits, allocates or moves
 * bytes for somebody else. They are skipped at the top of a trace. To teach it another helper, add its name to a row:
 * `*` stands for any characters, and neither leading underscores nor `_noprof` at the end (6.10 and later) count.
 */

interface HelperRow {
  /** Where the kernel has them. */
  from: string;
  names: string;
  /** It works for its caller; it is named where a trace has nothing else. */
  serves?: true;
}

export const HELPERS: readonly HelperRow[] = [
  // The report itself.
  {
    from: 'lib/dump_stack.c, */kernel/stacktrace.c',
    names:
      'dump_stack* dump_backtrace* dump_page* dump_cpu_task* show_stack* show_regs* show_trace* show_state* print_* stack_trace_save*',
  },
  {
    from: 'kernel/panic.c, lib/bug.c',
    names:
      'warn warn_printk warn_slowpath_* report_* bug_handler* bug_get* handle_bug panic vpanic nmi_panic* die die_* cfi_check cfi_check_fail cfi_slowpath* report_cfi* check_panic_on_warn* stack_chk_fail oops_* refcount_*',
  },
  {
    from: 'mm/kasan, kfence, kmsan, kernel/kcsan, lib/ubsan.c, mm/kmemleak.c',
    names:
      'kmemleak_* link_object create_object* kasan_* asan_* hwasan_* kfence_* kmsan_* msan_* kcsan_* tsan_* ubsan_* handle_overflow* check_region* check_memory_region* memory_is_poisoned*',
  },
  {from: 'mm/kasan/hw_tags.c, arch/arm64/kernel/mte.c', names: 'mte_check_tfsr_*'},
  {
    from: 'mm/slub.c',
    names:
      'object_err* slab_err* cache_free_debugcheck slab_bug* free_debug* alloc_debug* check_slab* check_object* check_bytes* on_freelist slab_pad_check',
  },
  {
    from: 'mm/page_alloc.c, page_poison.c, mempool.c, rmap.c',
    names:
      'bad_page* warn_alloc* kernel_unpoison_pages kernel_poison_pages unpoison_page check_poison_mem free_page_is_bad* free_pages_prepare* check_new_page* poison_error check_element poison_element kasan_unpoison_element',
  },
  {
    from: 'lib/debugobjects.c',
    names:
      'debug_print_object debug_check_no_obj_freed debug_object_* debug_objects_* debug_timer_* debug_hrtimer_* debug_work_* debug_rcu_* lookup_object_or_alloc init_work init_timer_key init_timer_on_stack_key timer_init_key* timer_destroy_on_stack destroy_*_on_stack',
  },
  {
    from: 'kernel/locking/spinlock_debug.c',
    names:
      'spin_dump spin_bug rwlock_bug debug_spin_* debug_write_* debug_read_* debug_mutex_* debug_rt_mutex_* debug_rwsem*',
  },
  {
    from: 'kernel/locking/lockdep.c',
    names:
      'lockdep_* lock_acquire* lock_release* lock_is_held* lock_set_class lock_downgrade lock_pin_lock lock_contended lock_acquired check_prev* check_noncircular check_deadlock check_irq* check_usage* check_wait* check_chain* mark_lock* mark_held* mark_usage validate_chain* debug_locks_off* debug_check_no_locks* register_lock_class assign_lock_key look_up_lock_class save_trace add_lock_to_list* add_chain_cache* alloc_chain_hlocks alloc_list_entry lookup_chain_cache* graph_lock rcu_lockdep*',
  },
  {from: 'lib/smp_processor_id.c', names: 'check_preemption_disabled debug_smp_processor_id this_cpu_preempt_check'},
  {
    from: 'kernel/sched/core.c, include/linux/sched/mm.h',
    names:
      'might_* schedule_bug* schedule_debug* cant_sleep* cant_migrate* sched_show_task* switch_to* prepare_task_switch finish_task_switch',
  },
  {
    from: 'lib/list_debug.c, mm/usercopy.c, lib/string_helpers.c',
    names:
      'list_add* list_del* list_valid* usercopy_abort check_object_size* check_heap_object* fortify_* page_counter_cancel check_data_corruption',
  },
  {from: 'net/core/dev.c', names: 'netdev_rx_csum_fault'},
  {from: 'lib/ref_tracker.c', names: 'ref_tracker_* netdev_tracker_*'},
  {from: 'rust/, the core library of Rust', names: 'rust_helper_BUG rust_begin_unwind rustc::* core::* alloc::*'},
  // How a fault was noticed.
  {
    from: 'arch/x86/{kernel/traps.c,mm,entry}',
    names:
      'page_fault_oops do_user_addr_fault bad_area* no_context fixup_bug handle_cfi_failure fixup_exception ex_handler_* do_kern_addr_fault exc_* asm_exc_* error_entry do_error_trap do_trap* do_page_fault handle_stack_overflow native_read_msr* native_write_msr* do_trace_*_msr do_kernel_cp_fault irqentry_* raw_irqentry_* dynamic_irqentry_*',
  },
  {
    from: 'arch/arm64/{kernel,mm}',
    names:
      'do_translation_fault do_tag_check_fault do_alignment_fault do_mem_abort do_sea do_bad_area do_kernel_fault el1_* el1h_* do_undefinstr do_el1_* call_*_break_handler *break_hook brk_handler *_brk_handler do_debug_exception arm64_serror* do_serror* arm64_notify_die panic_bad_stack handle_bad_stack bad_stack panic_unhandled *_ftrace_caller *exit_to_kernel_mode* arm64_preempt_schedule_irq nvhe_hyp_panic_handler',
  },
  // What finds a CPU or a task that does not go on.
  {
    from: 'kernel/{rcu,watchdog.c,smp.c,hung_task.c}',
    names:
      'rcu_dump* rcu_check* rcu_pending* rcu_sched_clock* rcu_stall* check_cpu_stall* check_slow_stall* synchronize_rcu_expedited_wait* trigger_*_backtrace trigger_*_backtrace_* arch_trigger_* nmi_* watchdog_* lockup_* softlockup* do_nmi* default_do_nmi csd_lock_wait_toolong csd_lock_wait* perf_event_nmi_handler perf_event_overflow handle_pmi_common *_pmu_handle_irq end_repeat_nmi',
  },
  {
    from: 'kernel/time, kernel/irq, arch/*/kernel/irq.c',
    names:
      'update_process_times* tick_* hrtimer_* sysvec_* asm_sysvec_* asm_call_* asm_common_interrupt common_interrupt run_irq_on_irqstack* run_on_irqstack* run_sysvec_on_irqstack* local_apic_timer_interrupt* smp_apic_timer_interrupt* apic_timer_interrupt arch_timer_* timer_handler handle_percpu_* generic_handle* handle_irq* handle_domain_irq* handle_edge_irq* handle_level_irq* handle_fasteoi_* report_bad_irq note_interrupt call_on_irq_stack* do_interrupt_handler* gic_* irq_exit* handle_softirqs* do_softirq* invoke_softirq* sched_tick scheduler_tick',
  },
  // What waits, and what moves bytes, for somebody else.
  {
    from: 'kernel/locking',
    serves: true,
    names:
      'raw_*spin_* raw_*read_* raw_*write_* do_raw_* native_queued_* queued_* pv_queued_* mutex_* down down_* rwsem_* up_read* up_write* osq_* percpu_down_* percpu_rwsem_* ww_mutex_*',
  },
  {
    from: 'kernel/locking/{rtmutex,spinlock_rt,rwbase_rt,ww_rt_mutex}.c',
    serves: true,
    names:
      'rt_spin_* rt_mutex_* rt_read_* rt_write_* rtlock_* rtmutex_* rwbase_* rt_rwlock_* task_blocks_on_rt_mutex try_to_take_rt_mutex remove_waiter mark_wakeup_next_waiter',
  },
  {
    from: 'kernel/sched',
    serves: true,
    names:
      'schedule schedule_* preempt_schedule* io_schedule* wait_for_common* wait_for_completion* do_wait_for_* wait_on_bit* do_wait_* bit_wait* out_of_line_wait* sleep_on* msleep* fsleep ssleep usleep_range* preempt_latency_* dequeue_task_idle resched_latency_warn smp_call_function* on_each_cpu_cond*',
  },
  {
    from: 'kernel/rcu, kernel/workqueue.c, fs/buffer.c, mm/filemap.c',
    serves: true,
    names:
      'call_rcu* wait_rcu_gp synchronize_rcu* synchronize_srcu* synchronize_sched* rcu_barrier* flush_work flush_workqueue wait_on_buffer folio_wait_* wait_on_page_*',
  },
  {
    from: 'kernel/time/timer.c',
    serves: true,
    names: 'mod_timer* add_timer* timer_delete* timer_shutdown* timer_reduce del_timer* try_to_del_timer_sync',
  },
  {from: 'include/linux/instrumented.h', serves: true, names: 'instrument_*'},
  {
    from: 'lib, arch/*/lib',
    serves: true,
    names:
      'memcpy* memset* memmove* memcmp* memchr* pi_* copy_from_* copy_to_* raw_copy_* arch_copy_* rep_* strlen* strnlen* strcmp* strcpy* strncpy* strscpy* clear_page clear_page_erms clear_page_rep clear_page_orig',
  },
  {
    from: 'mm/{slub,slab_common,util,mempool,page_alloc,vmalloc,percpu}.c',
    serves: true,
    names:
      'kmalloc* do_kmalloc_* kmem_cache_alloc* kmem_cache_free* kmem_cache_zalloc* kfree kfree_sensitive free_large_kmalloc* kvfree* vfree* kvmalloc* krealloc* kvrealloc* do_krealloc kzalloc* kcalloc* kmemdup* kstrdup* kstrndup kvmemdup memdup_user* vmemdup_user devm_kmalloc* slab_alloc* slab_post_alloc* slab_pre_alloc* slab_free* do_slab_free free_to_partial* new_slab* allocate_slab* alloc_slab_page refill_objects* should_failslab* should_fail_alloc_page* should_fail* fail_dump mempool_alloc* mempool_free* prepare_alloc_pages alloc_pages* alloc_frozen_pages* folio_alloc* get_free_pages* get_free_page get_page_from* post_alloc_hook* prep_new_page* free_frozen_* free_unref_* free_pages free_pages_ok folio_put* folios_put* release_pages put_page vmalloc* vzalloc* vmalloc_node* cache_alloc_* alloc_slab_obj_exts* pcpu_alloc* alloc_percpu*',
  },
];

const compile = (rows: readonly HelperRow[]): RegExp => {
  const names = rows.flatMap((row) => row.names.split(' ')).map((name) => name.replaceAll('*', '.*'));
  return new RegExp(`^(?:${names.join('|')})$`);
};
const ANY = compile(HELPERS);
const SERVES = compile(HELPERS.filter(({serves}) => serves === true));
const bare = (name: string): string => name.replace(/^_+/, '').replace(/_noprof$/, '');

/** The table has it. */
export const isHelper = (name: string): boolean => ANY.test(bare(name));
/** It works for its caller. */
export const serves = (name: string): boolean => SERVES.test(bare(name));
