// SPDX-License-Identifier: GPL-2.0-only
/*
 * Do secondary TLBs hear of it when a page becomes writable?
 *
 * arm64 invalidates the TLB when an entry goes from read-only to read-write. A
 * device that shares the page tables and takes no broadcast invalidations has
 * to be told as well, or it goes on faulting on a page that it may write to.
 * secondary_tlb.ko is such a device's driver, and tells what it was told.
 *
 * x86_64 does not invalidate there: its CPUs and IOMMUs look again before they
 * fault. So it must not notify either; one that begins to do so pays for it in
 * every write fault. What replaces a page or changes a mapping notifies on
 * every architecture: these cases also show that silence is not deafness.
 *
 * Each case gets a page ready, forgets what was said so far, does one thing,
 * and reads what was said: invalidations of exactly that page and of nothing
 * else, or nothing at all.
 */
#include <stdint.h>
#include <unistd.h>

#include "cases.h"
#include "ktap.h"
#include "listen.h"

#ifdef __x86_64__
#define ARCH_FLUSHES_UPGRADES	false
#else
#define ARCH_FLUSHES_UPGRADES	true
#endif

/* A lost race for a page, as with somebody who looks at it just then. */
#define MAX_TRIES		10

static size_t page_size;

static bool is_of_page(const struct secondary_tlb_event *event,
		       const struct page *page)
{
	return event->start == (uintptr_t)page->start &&
	       event->end == event->start + page->size;
}

static void judge(const struct test *test, const struct page *page, int count)
{
	bool silent = test->expected == NOTHING ||
		      (test->expected == PAGE_IF_FLUSHED &&
		       !ARCH_FLUSHES_UPGRADES);
	int i, exact = 0, other = 0;

	if (count > SECONDARY_TLB_EVENTS) {
		ktap_note("more than %d invalidations", SECONDARY_TLB_EVENTS);
		ktap_result(false, test->name);
		return;
	}
	for (i = 0; i < count; i++) {
		if (is_of_page(&events[i], page)) {
			exact++;
			continue;
		}
		other++;
		ktap_note("invalidated %#llx-%#llx",
			  (unsigned long long)events[i].start,
			  (unsigned long long)events[i].end);
	}
	ktap_note("page %#lx: %d invalidations of it, %d others; expected %s",
		  (unsigned long)page->start, exact, other,
		  silent ? "none" : "some of it and no other");
	if (test->expected == PAGE_IF_FLUSHED && !silent && !count)
		ktap_fail(test->name, "nobody was told: so it is on every arm64 kernel before 6.6, and a bug");
	else
		ktap_result(!other && silent == !exact, test->name);
}

static void run_test(const struct test *test)
{
	const char *reason = NULL;
	struct page page;
	int try, count;

	for (try = 0; try < MAX_TRIES; try++) {
		page = (struct page){ .size = page_size, .fd = -1 };
		reason = test->prepare(&page);
		if (reason)
			break;
		count = act_and_listen(test, &page);
		if (!test->must_stay || !page.moved)
			break;
		reason = "the write copied the page every time: no entry became writable";
		release_page(&page);
	}
	if (reason) {
		ktap_skip(test->name, reason);
		if (try < MAX_TRIES && page.start)
			release_page(&page);
		return;
	}
	if (test->expected == PAGE_IF_FLUSHED && ARCH_FLUSHES_UPGRADES &&
	    !page.faults)
		ktap_skip(test->name, "no fault: the hardware makes such an entry writable by itself");
	else
		judge(test, &page, count);
	release_page(&page);
}

int main(void)
{
	const char *reason;
	size_t i;

	ktap_plan(test_count);
	page_size = sysconf(_SC_PAGESIZE);
	reason = start_listening();
	for (i = 0; i < test_count; i++) {
		if (reason)
			ktap_skip(tests[i].name, reason);
		else
			run_test(&tests[i]);
	}
	return ktap_exit_code();
}
