/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a write to clear_refs has done once it has returned: the bits are clear, and
 * no CPU has an entry left through which it writes without setting them.
 */
#ifndef CLEARED_H
#define CLEARED_H

#include <pthread.h>
#include <stdatomic.h>

#include "hot_pages.h"
#include "ktap.h"
#include "new_process.h"
#include "pagemap.h"
#include "soft_dirty.h"

static const char * const bit_tests[] = {
	"clear_refs clears soft-dirty",
	"a write sets soft-dirty",
	"a write leaves the next page clean",
};

static const char flush_test[] =
	"what another CPU writes after clear_refs sets soft-dirty";

#define FLUSH_ROUNDS	20

/* Shared by the parent, which clears nothing, and the children that do. */
struct cleared {
	unsigned char *pages;
	bool bits[ARRAY_SIZE(bit_tests)];
	bool flushed;
};

static void see_bits(void *of)
{
	struct cleared *cleared = of;
	unsigned char *pages = cleared->pages;

	open_own_files();
	write_hot_pages(pages);
	clear_soft_dirty();
	cleared->bits[0] = !page_has(pages, PM_SOFT_DIRTY);
	atomic_store(&hot_page(pages, 0)->mark, 2);
	cleared->bits[1] = page_has(pages, PM_SOFT_DIRTY);
	cleared->bits[2] = !page_has(hot_page(pages, 1), PM_SOFT_DIRTY);
}

static bool all_soft_dirty(unsigned char *pages)
{
	int i;

	for (i = 0; i < HOT_PAGES; i++) {
		if (!page_has(hot_page(pages, i), PM_SOFT_DIRTY)) {
			ktap_note("page %d was written and is not soft-dirty", i);
			return false;
		}
	}
	return true;
}

/* The counter's entries are hot: without a flush it would go on with them. */
static void see_flush(void *of)
{
	struct cleared *cleared = of;
	struct counting counting = { .pages = cleared->pages };
	pthread_t counter;
	bool passed = true;
	int round;

	open_own_files();
	write_hot_pages(counting.pages);
	run_on(1);
	if (pthread_create(&counter, NULL, count_in_hot_pages, &counting))
		ktap_bail("cannot start the thread");
	for (round = 0; round < FLUSH_ROUNDS && passed; round++) {
		passed = wait_for_writes(&counting);
		clear_soft_dirty();
		passed = passed && wait_for_writes(&counting) &&
			 all_soft_dirty(counting.pages);
	}
	atomic_store(&counting.stop, true);
	pthread_join(counter, NULL);
	ktap_note("%d rounds", round);
	note_lost_write(&counting);
	cleared->flushed = passed;
}

static inline void test_cleared(unsigned char *pages)
{
	struct cleared *cleared = share_with_children(sizeof(*cleared));
	size_t i;

	cleared->pages = pages;
	in_new_process(see_bits, cleared);
	for (i = 0; i < ARRAY_SIZE(bit_tests); i++)
		ktap_result(cleared->bits[i], bit_tests[i]);
	in_new_process(see_flush, cleared);
	ktap_result(cleared->flushed, flush_test);
}

static inline void skip_cleared(const char *reason)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(bit_tests); i++)
		ktap_skip(bit_tests[i], reason);
	ktap_skip(flush_test, reason);
}

#define CLEARED_TESTS	(ARRAY_SIZE(bit_tests) + 1)

#endif /* CLEARED_H */
