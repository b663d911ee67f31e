/* SPDX-License-Identifier: GPL-2.0-only */
/* What is done to a page, and which invalidations it must bring about. */
#ifndef MMU_NOTIFIER_CASES_H
#define MMU_NOTIFIER_CASES_H

#include <stdbool.h>
#include <stddef.h>

struct page {
	unsigned char *start;
	size_t size;
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
	/* NULL, or why not. What it maps, release_page() unmaps. */
	const char *(*prepare)(struct page *page);
	void (*act)(struct page *page);
};

extern const struct test tests[];
extern const size_t test_count;

void release_page(struct page *page);

#endif
