/* SPDX-License-Identifier: GPL-2.0-only */
/* Ways to make the kernel hold further references to the hot pages. */
#ifndef KVERDICT_PIN_H
#define KVERDICT_PIN_H

#ifndef _GNU_SOURCE
#error "pin.h wants _GNU_SOURCE for vmsplice"
#endif
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/uio.h>
#include <unistd.h>

#include "hot_pages.h"
#include "ktap.h"

struct pin {
	const char *name;
	const char *test;	/* the KTAP name of the race with it */
	void (*take)(unsigned char *pages);
	void (*drop)(unsigned char *pages);
	useconds_t hold;	/* how long, by a thread that does nothing else */
};

static int pin_pipe[2] = { -1, -1 };

static inline size_t hot_size(void)
{
	return HOT_PAGES * sysconf(_SC_PAGESIZE);
}

static inline void pin_nothing(unsigned char *pages)
{
	(void)pages;
}

/*
 * Up to 5.17 the kernel takes a page off its list to mark it, and puts it back
 * by way of a list of the CPU, which holds a reference until it is drained: for
 * the last page of the range that is when munlock() meets it. Later kernels
 * drain before mlock() returns, and hold nothing.
 */
static inline void pin_by_mlock(unsigned char *pages)
{
	if (mlock(pages, hot_size()))
		ktap_bail("cannot mlock the pages");
}

static inline void unpin_by_munlock(unsigned char *pages)
{
	if (munlock(pages, hot_size()))
		ktap_bail("cannot munlock the pages");
}

static inline void pin_by_vmsplice(unsigned char *pages)
{
	struct iovec all = { pages, hot_size() };

	if (pin_pipe[0] < 0 && pipe(pin_pipe))
		ktap_bail("cannot make a pipe");
	if (vmsplice(pin_pipe[1], &all, 1, 0) != (ssize_t)all.iov_len)
		ktap_bail("cannot vmsplice the pages");
}

static inline void unpin_by_read(unsigned char *pages)
{
	static unsigned char sink[4096];
	size_t left = hot_size();

	(void)pages;
	while (left) {
		ssize_t got = read(pin_pipe[0], sink, sizeof(sink));

		if (got <= 0)
			ktap_bail("cannot read the pipe");
		left -= got;
	}
}

static const struct pin pins[] = {
	{ "none", "no write is lost, pages not pinned",
	  pin_nothing, pin_nothing, 0 },
	{ "mlock", "no write is lost, pages pinned by mlock",
	  pin_by_mlock, unpin_by_munlock, 0 },
	{ "vmsplice", "no write is lost, pages pinned by vmsplice",
	  pin_by_vmsplice, unpin_by_read, 2000 },
};

static inline const struct pin *find_pin(const char *name)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(pins); i++)
		if (!strcmp(pins[i].name, name))
			return &pins[i];
	return NULL;
}

#endif
