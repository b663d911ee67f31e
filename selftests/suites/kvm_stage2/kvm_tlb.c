// SPDX-License-Identifier: GPL-2.0-only
/*
 * Does KVM invalidate what a running vCPU's TLB holds when it takes permissions
 * or pages away? A vCPU that leaves the guest now and then may hide that it
 * does not: entering again may bring other entries. This one never leaves.
 *
 * It stores to two pages in turn. Each round something is done to the first
 * page; the second one tells when further stores have been made. They must
 * have met the new state of the first page.
 */
#define _GNU_SOURCE
#include <sys/uio.h>

#include "counting_guest.h"

#define ROUNDS		100

static const char * const tests[] = {
	"a store after KVM_CLEAR_DIRTY_LOG is logged",
	"a store after logging is switched on is logged",
	"a store after a page was dropped goes to a new page",
	"no store goes to a page that was dropped",
};

static void set_logging(struct counting_guest *guest, bool on)
{
	if (vm_set_slot(&guest->vm, LOGGED_SLOT,
			on ? KVM_MEM_LOG_DIRTY_PAGES : 0, LOGGED_RAM,
			guest->memory, LOGGED_SIZE))
		ktap_bail("cannot switch the dirty log");
}

static bool is_first_dirty(struct counting_guest *guest)
{
	uint64_t bits = 0;
	struct kvm_dirty_log log = { .slot = LOGGED_SLOT, .dirty_bitmap = &bits };

	if (ioctl(guest->vm.fd, KVM_GET_DIRTY_LOG, &log))
		ktap_bail("cannot get the dirty log");
	return bits & 1;
}

static void clear_first(struct counting_guest *guest)
{
	uint64_t bits = 1;
	struct kvm_clear_dirty_log log = {
		.slot = LOGGED_SLOT,
		.num_pages = LOGGED_PAGES,
		.dirty_bitmap = &bits,
	};

	if (ioctl(guest->vm.fd, KVM_CLEAR_DIRTY_LOG, &log))
		ktap_bail("cannot clear the dirty log");
}

/*
 * After a round that was lost, an exit lets the guest see what there is: each
 * round begins with a first page that is writable.
 */
static void recover(struct counting_guest *guest)
{
	kick(guest);
	wait_for_stores(guest);
}

static void judge(const char *test, unsigned int lost)
{
	ktap_note("%u of %u rounds were lost", lost, ROUNDS);
	ktap_result(!lost, test);
}

static void test_clear(void)
{
	struct counting_guest guest = { };
	unsigned int round, lost = 0;

	start_counting(&guest);
	set_logging(&guest, true);
	recover(&guest);
	for (round = 0; round < ROUNDS; round++) {
		if (!is_first_dirty(&guest))
			ktap_bail("the first page is not dirty before a round");
		clear_first(&guest);
		wait_for_stores(&guest);
		if (is_first_dirty(&guest))
			continue;
		lost++;
		recover(&guest);
	}
	stop_counting(&guest);
	judge(tests[0], lost);
}

static void test_switch_on(void)
{
	struct counting_guest guest = { };
	unsigned int round, lost = 0;

	start_counting(&guest);
	for (round = 0; round < ROUNDS; round++) {
		set_logging(&guest, true);
		wait_for_stores(&guest);
		if (!is_first_dirty(&guest)) {
			lost++;
			recover(&guest);
		}
		set_logging(&guest, false);
		wait_for_stores(&guest);
	}
	stop_counting(&guest);
	judge(tests[1], lost);
}

/* A reference to the first page, so that it is not given to somebody else. */
static void hold_first(struct counting_guest *guest, int pipe)
{
	struct iovec page = { guest->memory, PAGE };

	if (vmsplice(pipe, &page, 1, 0) != (ssize_t)PAGE)
		ktap_bail("cannot hold a page");
}

/* Lets go of it; what it held in the end. */
static unsigned long release_first(int pipe)
{
	unsigned long words[PAGE / sizeof(unsigned long)];

	if (read(pipe, words, PAGE) != (ssize_t)PAGE)
		ktap_bail("cannot release a page");
	return words[0];
}

static void test_drop(void)
{
	unsigned int round, old = 0, late = 0;
	struct counting_guest guest = { };
	unsigned long count;
	int pipes[2];

	if (pipe(pipes))
		ktap_bail("cannot make a pipe");
	start_counting(&guest);
	for (round = 0; round < ROUNDS; round++) {
		hold_first(&guest, pipes[1]);
		if (madvise(guest.memory, PAGE, MADV_DONTNEED))
			ktap_bail("cannot drop a page");
		/* The first page may be one ahead, and no more. */
		count = atomic_load(guest.second) + 1;
		wait_for_stores(&guest);
		old += !atomic_load(guest.first);
		/* Before the page is free, nobody has it in a TLB. */
		recover(&guest);
		late += release_first(pipes[0]) > count;
	}
	stop_counting(&guest);
	judge(tests[2], old);
	judge(tests[3], late);
}

/* NULL: it can be tested. */
static const char *why_not(void)
{
	if (sysconf(_SC_NPROCESSORS_ONLN) < 2)
		return "one CPU: the guest needs one of its own";
	if (kvm_open() < 0)
		return "no /dev/kvm: no EL2, or CONFIG_KVM is off";
	if (!(ioctl(kvm_open(), KVM_CHECK_EXTENSION,
		    KVM_CAP_MANUAL_DIRTY_LOG_PROTECT2) &
	      KVM_DIRTY_LOG_MANUAL_PROTECT_ENABLE))
		return "no KVM_CLEAR_DIRTY_LOG";
	return NULL;
}

int main(void)
{
	const char *reason;
	size_t i;

	ktap_plan(ARRAY_SIZE(tests));
	reason = why_not();
	if (reason) {
		for (i = 0; i < ARRAY_SIZE(tests); i++)
			ktap_skip(tests[i], reason);
		return ktap_exit_code();
	}
	run_on(0);
	test_clear();
	test_switch_on();
	test_drop();
	return ktap_exit_code();
}
