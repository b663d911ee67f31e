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

static int pagemap_fd = -1;

/* False when the kernel has none (CONFIG_PROC_PAGE_MONITOR). */
static inline bool open_pagemap(void)
{
	pagemap_fd = open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC);
	return pagemap_fd >= 0;
}

static inline bool page_has(const void *address, uint64_t bit)
{
	uint64_t entry;
	off_t offset;

	offset = (uintptr_t)address / sysconf(_SC_PAGESIZE) * sizeof(entry);
	if (pread(pagemap_fd, &entry, sizeof(entry), offset) != sizeof(entry))
		ktap_bail("cannot read /proc/self/pagemap");
	return entry & bit;
}

#endif
