// SPDX-License-Identifier: GPL-2.0-only
/* Ways to make a page writable or to replace it, each on a page of its own. */
#define _GNU_SOURCE
#include <stdatomic.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cases.h"
#include "ktap.h"
#include "uffd.h"

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
	page->start = mmap(NULL, page->size, PROT_READ | PROT_WRITE, flags,
			   page->fd, 0);
	if (page->start == MAP_FAILED)
		ktap_bail("cannot map a page");
	/* Not every kernel has huge pages to be kept out. */
	madvise(page->start, page->size, MADV_NOHUGEPAGE);
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
	if (ftruncate(page->fd, page->size))
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
	if (mprotect(page->start, page->size, PROT_READ))
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
	if (mprotect(page->start, page->size, PROT_READ | PROT_WRITE))
		ktap_bail("cannot make the page writable");
	write_to(page->start);
}

static void unprotect_by_uffd_and_write(struct page *page)
{
	struct uffd_range range = { page->fd, page->start, page->size };

	uffd_write_protect(&range, false);
	write_to(page->start);
}

void release_page(struct page *page)
{
	munmap(page->start, page->size);
	if (page->fd >= 0)
		close(page->fd);
}

const struct test tests[] = {
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

const size_t test_count = ARRAY_SIZE(tests);
