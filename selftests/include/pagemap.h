/* SPDX-License-Identifier: GPL-2.0-only */
/* One page's entry of /proc/self/pagemap. */
#ifndef KVERDICT_PAGEMAP_H
#define KVERDICT_PAGEMAP_H

#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <unistd.h>

#include "ktap.h"

/* Documentation/admin-guide/mm/pagemap.rst */
#define PM_SOFT_DIRTY	(1ULL << 55)
#define PM_UFFD_WP	(1ULL << 57)
#define PM_FRAME	((1ULL << 55) - 1)

static int pagemap_fd = -1;

/* False when the kernel has none (CONFIG_PROC_PAGE_MONITOR). */
static inline bool open_pagemap(void)
{
	pagemap_fd = open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC);
	return pagemap_fd >= 0;
}

static inline uint64_t page_entry(const void *address)
{
	uint64_t entry;
	off_t offset;

	offset = (uintptr_t)address / sysconf(_SC_PAGESIZE) * sizeof(entry);
	if (pread(pagemap_fd, &entry, sizeof(entry), offset) != sizeof(entry))
		ktap_bail("cannot read /proc/self/pagemap");
	return entry;
}

static inline bool page_has(const void *address, uint64_t bit)
{
	return page_entry(address) & bit;
}

/* 0 without CAP_SYS_ADMIN. */
static inline uint64_t frame_of(const void *address)
{
	return page_entry(address) & PM_FRAME;
}

#endif
