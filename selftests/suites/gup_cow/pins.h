/* SPDX-License-Identifier: GPL-2.0-only */
/* Ways to hold a page, and to read it later without its mapping. */
#ifndef KVERDICT_PINS_H
#define KVERDICT_PINS_H

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "ktap.h"
#include "memory.h"
#include "splice.h"

/* The file of CONFIG_GUP_TEST; its ioctls are those of mm/gup_test.h. */
#define GUP_TEST_FILE	"/sys/kernel/debug/gup_test"

struct pin_request {
	uint64_t addr;
	uint64_t size;
	uint32_t flags;
};

#define PIN_START	_IOW('g', 7, struct pin_request)
#define PIN_STOP	_IO('g', 8)
#define PIN_READ	_IOW('g', 9, uint64_t)

#define PIN_WRITE	1
#define PIN_FAST	2

enum holder {
	IN_A_PIPE,
	PINNED,
	PINNED_FAST,
	PINNED_READ_ONLY,
	PINNED_READ_ONLY_FAST,
	HOLDERS,
};

static const struct {
	const char *name;
	uint32_t flags;
} holders[HOLDERS] = {
	[IN_A_PIPE] = { "vmspliced" },
	[PINNED] = { "pinned", PIN_WRITE },
	[PINNED_FAST] = { "pinned by GUP-fast", PIN_WRITE | PIN_FAST },
	[PINNED_READ_ONLY] = { "pinned read-only" },
	[PINNED_READ_ONLY_FAST] = { "pinned read-only by GUP-fast", PIN_FAST },
};

static int gup_fd = -1;
static int splice_pipe[2];

/* NULL, or why a page cannot be held this way. */
static inline const char *why_not_hold(enum holder holder)
{
	if (holder == IN_A_PIPE || gup_fd >= 0)
		return NULL;
	gup_fd = open(GUP_TEST_FILE, O_RDWR | O_CLOEXEC);
	if (gup_fd >= 0)
		return NULL;
	return "no gup_test in debugfs: CONFIG_GUP_TEST is off, or debugfs is not mounted";
}

/* NULL, or why the kernel does not know how to. */
static inline const char *hold_page(enum holder holder, const struct memory *memory)
{
	struct pin_request request = {
		.addr = (uintptr_t)memory->start,
		.size = page_size(),
		.flags = holders[holder].flags,
	};

	if (holder == IN_A_PIPE) {
		make_pipe(splice_pipe);
		if (!splice_page(splice_pipe[1], memory->start))
			ktap_bail("cannot vmsplice the page");
		return NULL;
	}
	if (!ioctl(gup_fd, PIN_START, &request))
		return NULL;
	if (errno == EINVAL || errno == ENOTTY)
		return "gup_test cannot hold a pin (6.2 and newer can)";
	ktap_bail("cannot pin the page");
}

/* What the page holds, whatever is mapped by now. */
static inline void read_held(enum holder holder, unsigned char *copy)
{
	uint64_t address = (uintptr_t)copy;

	if (holder == IN_A_PIPE)
		read_page(splice_pipe[0], copy);
	else if (ioctl(gup_fd, PIN_READ, &address))
		ktap_bail("cannot read the pinned page");
}

static inline void let_go(enum holder holder)
{
	if (holder == IN_A_PIPE)
		close_pipe(splice_pipe);
	else if (ioctl(gup_fd, PIN_STOP))
		ktap_bail("cannot unpin the page");
}

#endif
