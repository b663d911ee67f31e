/* SPDX-License-Identifier: GPL-2.0-only */
/* One page of private memory: by itself, or as a part of a huge page. */
#ifndef KVERDICT_MEMORY_H
#define KVERDICT_MEMORY_H

#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "ktap.h"

/* What a page holds, byte for byte: at first, and after the write. */
#define OLD	0x5a
#define NEW	0xa5

#define HUGE_SIZE_FILE	"/sys/kernel/mm/transparent_hugepage/hpage_pmd_size"

enum memory_kind {
	SMALL,		/* a page of its own */
	HUGE,		/* a huge page, mapped by one entry */
	SPLIT,		/* a huge page, mapped page by page */
	MEMORY_KINDS,
};

static const char * const memory_names[MEMORY_KINDS] = {
	"small page", "huge page", "huge page mapped by small ones",
};

struct memory {
	unsigned char *start;	/* the page that is looked at */
	size_t size;		/* of the memory that one folio backs */
	void *mapping;
	size_t mapped;
};

static inline size_t page_size(void)
{
	return sysconf(_SC_PAGESIZE);
}

/* 0: the kernel has no transparent huge pages. */
static inline size_t huge_size(void)
{
	unsigned long size;
	FILE *file = fopen(HUGE_SIZE_FILE, "r");

	if (!file)
		return 0;
	if (fscanf(file, "%lu", &size) != 1)
		size = 0;
	fclose(file);
	return size;
}

/* Does one entry map all of it? In /proc/self/smaps, AnonHugePages says so. */
static inline bool is_huge(const struct memory *memory)
{
	unsigned long first, last, kib, found = 0;
	bool inside = false;
	char line[512];
	FILE *smaps;

	smaps = fopen("/proc/self/smaps", "r");
	if (!smaps)
		return false;
	while (fgets(line, sizeof(line), smaps)) {
		if (sscanf(line, "%lx-%lx ", &first, &last) == 2)
			inside = first <= (uintptr_t)memory->start &&
				 (uintptr_t)memory->start < last;
		else if (inside && sscanf(line, "AnonHugePages: %lu", &kib) == 1)
			found = kib;
	}
	fclose(smaps);
	return found * 1024 >= memory->size;
}

static inline void unmap_memory(const struct memory *memory)
{
	if (munmap(memory->mapping, memory->mapped))
		ktap_bail("cannot unmap the memory");
}

/* A part that is read-only for a moment needs entries of its own. */
static inline void split_mapping(const struct memory *memory)
{
	void *second = memory->start + page_size();

	if (mprotect(second, page_size(), PROT_READ) ||
	    mprotect(second, page_size(), PROT_READ | PROT_WRITE))
		ktap_bail("cannot split the mapping");
}

/*
 * Maps memory that holds OLD. Twice the size, so that a huge page has room for
 * its alignment. NULL, or why there is no such memory: then nothing is mapped.
 */
static inline const char *map_memory(enum memory_kind kind,
				     struct memory *memory)
{
	size_t size = kind == SMALL ? page_size() : huge_size();

	if (!size)
		return "no transparent huge pages: CONFIG_TRANSPARENT_HUGEPAGE is off";
	memory->size = size;
	memory->mapped = 2 * size;
	memory->mapping = mmap(NULL, memory->mapped, PROT_READ | PROT_WRITE,
			       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (memory->mapping == MAP_FAILED)
		ktap_bail("cannot map memory");
	memory->start = (void *)(((uintptr_t)memory->mapping + size - 1) &
				 -size);
	/* EINVAL: a kernel that cannot do it at all. Then it is seen below. */
	madvise(memory->mapping, memory->mapped,
		kind == SMALL ? MADV_NOHUGEPAGE : MADV_HUGEPAGE);
	memset(memory->start, OLD, size);
	if (kind == SMALL)
		return NULL;
	if (!is_huge(memory)) {
		unmap_memory(memory);
		return "the kernel gave no huge page";
	}
	if (kind == SPLIT) {
		split_mapping(memory);
		if (is_huge(memory)) {
			unmap_memory(memory);
			return "the huge page is still mapped by one entry";
		}
	}
	return NULL;
}

/* Does the whole page hold this byte? The first that does not is told. */
static inline bool holds(const unsigned char *page, unsigned char byte)
{
	size_t i;

	for (i = 0; i < page_size(); i++) {
		if (page[i] == byte)
			continue;
		ktap_note("byte %zu is %#x, expected %#x", i, page[i], byte);
		return false;
	}
	return true;
}

#endif
