// SPDX-License-Identifier: GPL-2.0-only
/*
 * Pages that a guest gets for the first time have no tags, whatever the page
 * was before. Each check begins with a write: a load alone would map the zero
 * page, whose tags are 0 anyway.
 *
 * What a check has looked at stays mapped. The next one would get the same
 * pages again, clean.
 */
#include "checks.h"

#define SIZE		(16UL << 20)
#define END		(TEST_RAM + SIZE)
#define HUGE		(2UL << 20)
#define DIRTY_TAG	10U

static size_t available_memory(void)
{
	unsigned long kib = 0;
	char line[128];
	FILE *file;

	file = fopen("/proc/meminfo", "r");
	if (!file)
		ktap_bail("cannot read /proc/meminfo");
	while (fgets(line, sizeof(line), file))
		if (sscanf(line, "MemAvailable: %lu", &kib) == 1)
			break;
	fclose(file);
	return kib << 10;
}

/* DC GVA stores one tag for a block, of 64 bytes in most cases. */
void dirty_free_memory(void)
{
	size_t size = (available_memory() / 5 * 4) & -HUGE;
	unsigned long dczid, block;
	unsigned char *memory;
	uint64_t at, end;

	asm("mrs %0, dczid_el0" : "=r"(dczid));
	block = 4UL << (dczid & 0xf);
	memory = mmap(NULL, size, PROT_READ | PROT_WRITE | PROT_MTE,
		      MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (memory == MAP_FAILED)
		ktap_bail("cannot map memory with tags");
	/* Fewer faults where there are huge pages; it works without. */
	madvise(memory, size, MADV_HUGEPAGE);
	at = with_tag((uintptr_t)memory, DIRTY_TAG);
	end = at + size;
	for (; at < end; at += block)
		asm volatile(".arch armv8.5-a+memtag\n\tdc gva, %0"
			     : : "r"(at) : "memory");
	munmap(memory, size);
	ktap_note("%zu MiB of free memory have the tag %u", size >> 20,
		  DIRTY_TAG);
}

static bool has_no_tags(struct guest *guest)
{
	uint64_t tags = guest_number(guest, guest_count, TEST_RAM, END);

	guest_destroy(guest);
	if (tags)
		ktap_note("%lu of %lu granules have a tag", tags,
			  SIZE / GRANULE);
	return !tags;
}

static bool guest_writes_first(void *memory)
{
	struct guest guest = guest_create(true);

	guest_must_take(&guest, memory, SIZE);
	guest_number(&guest, guest_touch, TEST_RAM, END);
	return has_no_tags(&guest);
}

static bool private_by_guest(void)
{
	return guest_writes_first(fresh_memory(SIZE));
}

static bool private_by_host(void)
{
	struct guest guest = guest_create(true);
	unsigned char *memory = fresh_memory(SIZE);
	size_t i;

	for (i = 0; i < SIZE; i += PAGE)
		memory[i] = 1;
	guest_must_take(&guest, memory, SIZE);
	return has_no_tags(&guest);
}

static bool of_memfd(void)
{
	void *memory;
	int fd;

	if (!may_share_memory())
		return false;
	fd = open_memfd(SIZE);
	memory = map_file(fd, SIZE, 0, MAP_SHARED);
	close(fd);
	return guest_writes_first(memory);
}

/* One fault of the guest, and 512 pages whose tags have to be cleared. */
static bool of_huge_pages(void)
{
	uintptr_t memory = (uintptr_t)fresh_memory(SIZE + HUGE);

	memory = (memory + HUGE - 1) & -HUGE;
	if (madvise((void *)memory, SIZE, MADV_HUGEPAGE)) {
		skip_reason = "no huge pages: CONFIG_TRANSPARENT_HUGEPAGE is off";
		return true;
	}
	return guest_writes_first((void *)memory);
}

/* The guest has tagged the old pages; these come from its own dirt. */
static bool of_pages_replaced(void)
{
	struct guest guest = guest_create(true);
	void *memory = fresh_memory(SIZE);

	guest_must_take(&guest, memory, SIZE);
	guest_number(&guest, guest_touch, TEST_RAM, END);
	guest_number(&guest, guest_fill, with_tag(TEST_RAM, DIRTY_TAG),
		     with_tag(END, DIRTY_TAG));
	if (madvise(memory, SIZE, MADV_DONTNEED))
		ktap_bail("cannot drop the pages");
	guest_number(&guest, guest_touch, TEST_RAM, END);
	return has_no_tags(&guest);
}

const struct check fresh_checks[] = {
	{ "fresh private pages have no tags, the guest writes first",
	  private_by_guest },
	{ "fresh private pages have no tags, the host writes first",
	  private_by_host },
	{ "fresh pages of a memfd have no tags", of_memfd },
	{ "fresh huge pages have no tags", of_huge_pages },
	{ "pages dropped and faulted in again have no tags", of_pages_replaced },
	{ }
};
