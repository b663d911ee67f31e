// SPDX-License-Identifier: GPL-2.0-only
/* Reads what was invalidated while a page was acted on, and looks at the page. */
#include <errno.h>
#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "ktap.h"
#include "listen.h"
#include "pagemap.h"

/* Documentation/admin-guide/mm/pagemap.rst */
#define PM_PFN			((1ULL << 55) - 1)

struct secondary_tlb_event events[SECONDARY_TLB_EVENTS];
static int notifier_fd = -1;

const char *start_listening(void)
{
	notifier_fd = open("/dev/" SECONDARY_TLB_DEVICE, O_RDONLY | O_CLOEXEC);
	if (notifier_fd < 0 && errno == ENOENT)
		return "no /dev/" SECONDARY_TLB_DEVICE ": CONFIG_MMU_NOTIFIER is off, or secondary_tlb.ko is not loaded";
	if (notifier_fd < 0)
		ktap_bail("cannot open /dev/" SECONDARY_TLB_DEVICE);
	if (!open_pagemap())
		return "no /proc/PID/pagemap: CONFIG_PROC_PAGE_MONITOR is off";
	return NULL;
}

/*
 * Number of events since the last call. They may be stored in a page that fork
 * made read-only: then reading them is an event of its own.
 */
static int read_events(void)
{
	ssize_t got = read(notifier_fd, events, sizeof(events));

	if (got < 0 && errno == EOVERFLOW)
		return SECONDARY_TLB_EVENTS + 1;
	if (got < 0)
		ktap_bail("cannot read /dev/" SECONDARY_TLB_DEVICE);
	return got / sizeof(events[0]);
}

static uint64_t page_frame(const struct page *page)
{
	uint64_t entry;
	off_t offset = (uintptr_t)page->start / page->size * sizeof(entry);

	if (pread(pagemap_fd, &entry, sizeof(entry), offset) != sizeof(entry))
		ktap_bail("cannot read /proc/self/pagemap");
	return entry & PM_PFN;
}

static long faults_so_far(void)
{
	struct rusage usage;

	if (getrusage(RUSAGE_SELF, &usage))
		ktap_bail("cannot count faults");
	return usage.ru_minflt;
}

/* Nothing between the two read_events() may touch memory for the first time. */
int act_and_listen(const struct test *test, struct page *page)
{
	uint64_t frame = page_frame(page);
	int count;

	do {
		page->faults = faults_so_far();
	} while (read_events());
	test->act(page);
	count = read_events();
	page->faults = faults_so_far() - page->faults;
	page->moved = page_frame(page) != frame;
	return count;
}
