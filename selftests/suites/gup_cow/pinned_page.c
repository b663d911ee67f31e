// SPDX-License-Identifier: GPL-2.0-only
/*
 * Does a page that is held stay the page that its process has mapped?
 *
 * Whoever pins a page (a device, a pipe) expects to see what the process writes
 * later. A write fault that copies the page because somebody holds a reference
 * to it gives the process another one: from then on the two are out of sync.
 * A fault comes when an entry lost its write bit: after clear_refs cleared the
 * soft-dirty bits, after userfaultfd un-protected, after mprotect(), after the
 * page was swapped out, after fork().
 *
 * Each case: hold a page, do one of these, write through the mapping, and read
 * what the holder sees.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "ktap.h"
#include "memory.h"
#include "pagemap.h"
#include "pins.h"
#include "uffd.h"

#ifndef MADV_PAGEOUT
#define MADV_PAGEOUT	21
#endif

/* What happens to the mapping while the page is held. NULL, or why it cannot. */
struct event {
	const char *name;
	const char *(*happen)(const struct memory *memory);
	bool pins_only;	/* a reference that is not a pin may be left behind */
};

static int clear_refs_fd = -1;
static pid_t child;
static int child_ends[2];

static const char *clear_soft_dirty(const struct memory *memory)
{
	if (pagemap_fd < 0 && !open_pagemap())
		return "no /proc/PID/pagemap: CONFIG_PROC_PAGE_MONITOR is off";
	if (clear_refs_fd < 0)
		clear_refs_fd = open("/proc/self/clear_refs", O_WRONLY);
	if (clear_refs_fd < 0)
		return "no /proc/PID/clear_refs: CONFIG_PROC_PAGE_MONITOR is off";
	/* It was written a moment ago. */
	if (!page_has(memory->start, PM_SOFT_DIRTY))
		return "no soft-dirty bit: CONFIG_MEM_SOFT_DIRTY is off, or not possible on this architecture";
	if (write(clear_refs_fd, "4", 1) != 1)
		ktap_bail("cannot write 4 to /proc/self/clear_refs");
	return NULL;
}

static const char *protect_and_unprotect(const struct memory *memory)
{
	struct uffd_range range;
	const char *reason;

	reason = uffd_open(&range, memory->start, memory->size / page_size());
	if (reason)
		return reason;
	uffd_write_protect(&range, true);
	uffd_write_protect(&range, false);
	close(range.fd);
	return NULL;
}

static const char *make_read_only_and_back(const struct memory *memory)
{
	if (mprotect(memory->start, memory->size, PROT_READ) ||
	    mprotect(memory->start, memory->size, PROT_READ | PROT_WRITE))
		ktap_bail("cannot change the protection");
	return NULL;
}

static const char *page_out(const struct memory *memory)
{
	char line[128];
	FILE *swaps = fopen("/proc/swaps", "r");
	bool any;

	if (!swaps)
		return "no swap: CONFIG_SWAP is off";
	any = fgets(line, sizeof(line), swaps) &&
	      fgets(line, sizeof(line), swaps);
	fclose(swaps);
	if (!any)
		return "no swap is switched on";
	if (madvise(memory->start, memory->size, MADV_PAGEOUT))
		return "no MADV_PAGEOUT (5.4 and newer have it)";
	return NULL;
}

/* The child lives until the page was looked at. */
static const char *fork_a_child(const struct memory *memory)
{
	char byte;

	(void)memory;
	make_pipe(child_ends);
	child = fork();
	if (child < 0)
		ktap_bail("cannot fork");
	if (!child) {
		close(child_ends[1]);
		_exit(read(child_ends[0], &byte, 1));
	}
	return NULL;
}

static void end_the_child(void)
{
	int status;

	if (child <= 0)
		return;
	close_pipe(child_ends);
	if (waitpid(child, &status, 0) != child)
		ktap_bail("cannot wait for the child");
	child = 0;
}

static const struct event events[] = {
	{ .name = "clear_refs", .happen = clear_soft_dirty },
	{ .name = "userfaultfd un-protects it", .happen = protect_and_unprotect },
	{ .name = "mprotect", .happen = make_read_only_and_back },
	{ .name = "being paged out", .happen = page_out },
	{ .name = "fork", .happen = fork_a_child, .pins_only = true },
};

static void run_case(enum holder holder, const struct event *event,
		     enum memory_kind kind)
{
	unsigned char copy[page_size()];
	struct memory memory;
	const char *reason;
	char name[128];
	bool held = false;

	snprintf(name, sizeof(name), "in sync after %s, %s, %s", event->name,
		 memory_names[kind], holders[holder].name);
	reason = why_not_hold(holder);
	if (!reason)
		reason = map_memory(kind, &memory);
	if (reason) {
		ktap_skip(name, reason);
		return;
	}
	reason = hold_page(holder, &memory);
	held = !reason;
	if (held)
		reason = event->happen(&memory);
	if (reason) {
		ktap_skip(name, reason);
	} else {
		memset(memory.start, NEW, page_size());
		read_held(holder, copy);
		if (holds(copy, OLD) && holds(memory.start, NEW))
			ktap_fail(name, "the write went to a copy: so it is on every kernel from 5.9 to 5.18, and a bug");
		else
			ktap_result(holds(copy, NEW) && holds(memory.start, NEW), name);
	}
	end_the_child();
	if (held)
		let_go(holder);
	unmap_memory(&memory);
}

int main(void)
{
	int holder, kind;
	size_t i;

	/* The fork is the one that is not for a page in a pipe. */
	ktap_plan((ARRAY_SIZE(events) * HOLDERS - 1) * MEMORY_KINDS);
	for (holder = 0; holder < HOLDERS; holder++) {
		for (kind = 0; kind < MEMORY_KINDS; kind++) {
			for (i = 0; i < ARRAY_SIZE(events); i++) {
				if (holder != IN_A_PIPE || !events[i].pins_only)
					run_case(holder, &events[i], kind);
			}
		}
	}
	return ktap_exit_code();
}
