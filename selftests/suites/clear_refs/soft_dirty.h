/* SPDX-License-Identifier: GPL-2.0-only */
/* Whether this kernel has soft-dirty bits, and clearing them. */
#ifndef KVERDICT_SOFT_DIRTY_H
#define KVERDICT_SOFT_DIRTY_H

#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "ktap.h"
#include "pagemap.h"

static int clear_refs_fd = -1;

static inline void clear_soft_dirty(void)
{
	if (write(clear_refs_fd, "4", 1) != 1)
		ktap_bail("cannot write 4 to /proc/self/clear_refs");
}

/*
 * A kernel with CONFIG_MEM_SOFT_DIRTY marks every new mapping, and says so as
 * "sd" in smaps. Without that and without the bit in pagemap there is nothing
 * to test; the one without the other is a bug, and the tests will tell.
 */
static inline bool have_soft_dirty(unsigned char *fresh)
{
	bool found = page_has(fresh, PM_SOFT_DIRTY);
	char line[512];
	FILE *smaps;

	smaps = fopen("/proc/self/smaps", "r");
	if (!smaps)
		return found;
	while (!found && fgets(line, sizeof(line), smaps))
		found = !strncmp(line, "VmFlags:", 8) && strstr(line, " sd");
	fclose(smaps);
	return found;
}

static inline bool open_clear_refs(void)
{
	clear_refs_fd = open("/proc/self/clear_refs", O_WRONLY | O_CLOEXEC);
	return clear_refs_fd >= 0;
}

/* In a child: those that are open are its parent's. */
static inline void open_own_files(void)
{
	if (!open_pagemap() || !open_clear_refs())
		ktap_bail("cannot open pagemap and clear_refs of /proc/self");
}

/* NULL: it can be tested. Clears nothing. */
static inline const char *why_no_soft_dirty(unsigned char *fresh)
{
	if (!open_pagemap())
		return "no /proc/PID/pagemap: CONFIG_PROC_PAGE_MONITOR is off";
	if (!open_clear_refs())
		return "no /proc/PID/clear_refs: CONFIG_PROC_PAGE_MONITOR is off";
	if (!have_soft_dirty(fresh))
		return "no soft-dirty bit: CONFIG_MEM_SOFT_DIRTY is off, or not possible on this architecture";
	return NULL;
}

#endif
