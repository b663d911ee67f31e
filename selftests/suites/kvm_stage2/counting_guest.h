/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A virtual CPU that counts in two pages, on a CPU of its own. Nothing makes it
 * leave the guest but a fault, the timer tick of its CPU and a kick: what its
 * TLB holds stays there as long as KVM does not invalidate it.
 */
#ifndef COUNTING_GUEST_H
#define COUNTING_GUEST_H

#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <time.h>

#include "hot_pages.h"
#include "kvm_arm64.h"

#define PAGE		4096UL
/* As many pages as a word of the dirty bitmap has bits. */
#define LOGGED_PAGES	64
#define LOGGED_SIZE	(LOGGED_PAGES * PAGE)
#define LOGGED_SLOT	1
#define LOGGED_RAM	(GUEST_RAM + 0x08000000UL)

extern const char tlb_guest[], tlb_guest_count[], tlb_guest_end[];

struct counting_guest {
	struct vm vm;
	struct vcpu vcpu;
	unsigned char *memory;
	atomic_ulong *first, *second;	/* the numbers it stores, in this order */
	atomic_ulong exits;
	atomic_bool stop;
	pthread_t thread;
};

static inline void ignore_signal(int signal)
{
	(void)signal;
}

static inline void *run_counting_guest(void *arg)
{
	struct counting_guest *guest = arg;

	run_on(1);
	while (!atomic_load(&guest->stop)) {
		if (!ioctl(guest->vcpu.fd, KVM_RUN, 0) || errno != EINTR) {
			ktap_note("exit %u, ESR_EL1 0x%lx",
				  guest->vcpu.run->exit_reason,
				  vcpu_get(&guest->vcpu, X_REG(0)));
			ktap_bail("the guest does not count any more");
		}
		atomic_fetch_add(&guest->exits, 1);
	}
	return NULL;
}

static inline bool seconds_passed(const struct timespec *since, int seconds)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec - since->tv_sec > seconds;
}

/* Out of the guest and in again: whatever the TLB held is gone. */
static inline void kick(struct counting_guest *guest)
{
	unsigned long exits = atomic_load(&guest->exits);
	struct timespec start;

	clock_gettime(CLOCK_MONOTONIC, &start);
	while (atomic_load(&guest->exits) == exits) {
		pthread_kill(guest->thread, SIGUSR1);
		sched_yield();
		if (seconds_passed(&start, 30))
			ktap_bail("the guest cannot be interrupted");
	}
}

/* Until the guest has stored to both pages, wholly after this was called. */
static inline void wait_for_stores(struct counting_guest *guest)
{
	unsigned long until = atomic_load(guest->second) + 3;
	struct timespec start;

	clock_gettime(CLOCK_MONOTONIC, &start);
	while (atomic_load(guest->second) < until) {
		sched_yield();
		if (seconds_passed(&start, 30))
			ktap_bail("the guest does not count");
	}
}

static inline void start_counting(struct counting_guest *guest)
{
	struct sigaction action = { .sa_handler = ignore_signal };

	sigaction(SIGUSR1, &action, NULL);
	guest->vm = vm_create();
	/* What is dirty is asked for, and made clean, in two steps. */
	if (vm_enable(&guest->vm, KVM_CAP_MANUAL_DIRTY_LOG_PROTECT2,
		      KVM_DIRTY_LOG_MANUAL_PROTECT_ENABLE))
		ktap_bail("cannot have KVM_CLEAR_DIRTY_LOG");
	vm_load(&guest->vm, tlb_guest, tlb_guest_end);
	guest->memory = mmap(NULL, LOGGED_SIZE, PROT_READ | PROT_WRITE,
			     MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (guest->memory == MAP_FAILED ||
	    vm_set_slot(&guest->vm, LOGGED_SLOT, 0, LOGGED_RAM, guest->memory,
			LOGGED_SIZE))
		ktap_bail("cannot give the guest its pages");
	guest->first = (void *)guest->memory;
	guest->second = (void *)(guest->memory + PAGE);

	guest->vcpu = vcpu_create(&guest->vm, MAIR_NORMAL, 0);
	vcpu_set(&guest->vcpu, PC_REG,
		 GUEST_CODE + (tlb_guest_count - tlb_guest));
	vcpu_set(&guest->vcpu, X_REG(1), LOGGED_RAM);
	vcpu_set(&guest->vcpu, X_REG(2), LOGGED_RAM + PAGE);
	vcpu_set(&guest->vcpu, X_REG(4), GUEST_MMIO);
	if (pthread_create(&guest->thread, NULL, run_counting_guest, guest))
		ktap_bail("cannot start the vCPU's thread");
	wait_for_stores(guest);
}

static inline void stop_counting(struct counting_guest *guest)
{
	atomic_store(&guest->stop, true);
	kick(guest);
	pthread_join(guest->thread, NULL);
	vcpu_destroy(&guest->vcpu);
	vm_destroy(&guest->vm);
	munmap(guest->memory, LOGGED_SIZE);
}

#endif
