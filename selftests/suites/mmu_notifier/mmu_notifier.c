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
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "ktap.h"
#include "pagemap.h"
#include "secondary_tlb.h"
#include "uffd.h"

#ifdef __x86_64__
#define ARCH_FLUSHES_UPGRADES	false
#else
#define ARCH_FLUSHES_UPGRADES	true
#endif

/* Documentation/admin-guide/mm/pagemap.rst */
#define PM_PFN			((1ULL << 55) - 1)

/* A lost race for a page, as with somebody who looks at it just then. */
#define MAX_TRIES		10

struct page {
	unsigned char *start;
	int fd;			/* of the memory behind it; of its userfaultfd */
	long faults;		/* taken by the action */
	bool moved;		/* it is another page after the action */
};

enum expected {
	PAGE,			/* that page and nothing else */
	PAGE_IF_FLUSHED,	/* the same, where the architecture flushes */
	NOTHING,
};

struct test {
	const char *name;
	enum expected expected;
	bool must_stay;		/* a copy is not what this case is about */
	/* NULL, or why not. What it maps, release() unmaps. */
	const char *(*prepare)(struct page *page);
	void (*act)(struct page *page);
};

static int notifier_fd = -1;
static size_t page_size;
static struct secondary_tlb_event events[SECONDARY_TLB_EVENTS];

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

static void write_to(unsigned char *address)
{
	atomic_store((atomic_uchar *)address, 1);
}

static void read_from(const unsigned char *address)
{
	(void)atomic_load((const atomic_uchar *)address);
}

static void map_page(struct page *page, int flags)
{
	page->start = mmap(NULL, page_size, PROT_READ | PROT_WRITE, flags,
			   page->fd, 0);
	if (page->start == MAP_FAILED)
		ktap_bail("cannot map a page");
	/* Not every kernel has huge pages to be kept out. */
	madvise(page->start, page_size, MADV_NOHUGEPAGE);
}

static const char *map_private(struct page *page)
{
	map_page(page, MAP_PRIVATE | MAP_ANONYMOUS);
	return NULL;
}

/* Fork makes the page read-only; the child is gone when this returns. */
static const char *fork_once(struct page *page)
{
	pid_t child;

	map_private(page);
	write_to(page->start);
	child = fork();
	if (child < 0)
		ktap_bail("cannot fork");
	if (child == 0)
		_exit(0);
	if (waitpid(child, NULL, 0) != child)
		ktap_bail("cannot wait for the child");
	return NULL;
}

static const char *fork_and_write(struct page *page)
{
	fork_once(page);
	write_to(page->start);
	return NULL;
}

/* A read maps it writable, where the hardware or a fault marks it dirty. */
static const char *map_shared_clean(struct page *page)
{
	page->fd = memfd_create("mmu_notifier", MFD_CLOEXEC);
	if (page->fd < 0)
		return "no memfd: CONFIG_MEMFD_CREATE or CONFIG_SHMEM is off";
	if (ftruncate(page->fd, page_size))
		ktap_bail("cannot give the memfd its size");
	map_page(page, MAP_SHARED);
	read_from(page->start);
	return NULL;
}

static const char *map_zero_page(struct page *page)
{
	map_private(page);
	read_from(page->start);
	return NULL;
}

static const char *protect(struct page *page)
{
	map_private(page);
	write_to(page->start);
	if (mprotect(page->start, page_size, PROT_READ))
		ktap_bail("cannot make the page read-only");
	return NULL;
}

static const char *protect_by_uffd(struct page *page)
{
	struct uffd_range range;
	const char *reason;

	map_private(page);
	write_to(page->start);
	reason = uffd_open(&range, page->start, 1);
	page->fd = range.fd;
	if (!reason)
		uffd_write_protect(&range, true);
	return reason;
}

static void write_once(struct page *page)
{
	write_to(page->start);
}

static void unprotect_and_write(struct page *page)
{
	if (mprotect(page->start, page_size, PROT_READ | PROT_WRITE))
		ktap_bail("cannot make the page writable");
	write_to(page->start);
}

static void unprotect_by_uffd_and_write(struct page *page)
{
	struct uffd_range range = { page->fd, page->start, page_size };

	uffd_write_protect(&range, false);
	write_to(page->start);
}

static void release(struct page *page)
{
	munmap(page->start, page_size);
	if (page->fd >= 0)
		close(page->fd);
}

static const struct test tests[] = {
	{ "write after fork, the page is reused", PAGE_IF_FLUSHED, true,
	  fork_once, write_once },
	{ "second write after fork", NOTHING, true,
	  fork_and_write, write_once },
	{ "write to a clean shared page", PAGE_IF_FLUSHED, true,
	  map_shared_clean, write_once },
	{ "write to the zero page, it is copied", PAGE, false,
	  map_zero_page, write_once },
	{ "mprotect to writable, then write", PAGE, true,
	  protect, unprotect_and_write },
	{ "userfaultfd un-protects, then write", PAGE, true,
	  protect_by_uffd, unprotect_by_uffd_and_write },
};

static uint64_t page_frame(const unsigned char *address)
{
	uint64_t entry;
	off_t offset = (uintptr_t)address / page_size * sizeof(entry);

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
static int act_and_listen(const struct test *test, struct page *page)
{
	uint64_t frame = page_frame(page->start);
	int count;

	do {
		page->faults = faults_so_far();
	} while (read_events());
	test->act(page);
	count = read_events();
	page->faults = faults_so_far() - page->faults;
	page->moved = page_frame(page->start) != frame;
	return count;
}

static bool is_of_page(const struct secondary_tlb_event *event,
		       const struct page *page)
{
	return event->start == (uintptr_t)page->start &&
	       event->end == event->start + page_size;
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
	ktap_result(!other && silent == !exact, test->name);
}

static void run_test(const struct test *test)
{
	const char *reason = NULL;
	struct page page;
	int try, count;

	for (try = 0; try < MAX_TRIES; try++) {
		page = (struct page){ .fd = -1 };
		reason = test->prepare(&page);
		if (reason)
			break;
		count = act_and_listen(test, &page);
		if (!test->must_stay || !page.moved)
			break;
		reason = "the write copied the page every time: no entry became writable";
		release(&page);
	}
	if (reason) {
		ktap_skip(test->name, reason);
		if (try < MAX_TRIES && page.start)
			release(&page);
		return;
	}
	if (test->expected == PAGE_IF_FLUSHED && ARCH_FLUSHES_UPGRADES &&
	    !page.faults)
		ktap_skip(test->name, "no fault: the hardware makes such an entry writable by itself");
	else
		judge(test, &page, count);
	release(&page);
}

/* NULL: it can be tested. */
static const char *why_not(void)
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

int main(void)
{
	const char *reason;
	size_t i;

	ktap_plan(ARRAY_SIZE(tests));
	page_size = sysconf(_SC_PAGESIZE);
	reason = why_not();
	for (i = 0; i < ARRAY_SIZE(tests); i++) {
		if (reason)
			ktap_skip(tests[i].name, reason);
		else
			run_test(&tests[i]);
	}
	return ktap_exit_code();
}
