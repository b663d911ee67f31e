/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Once UFFDIO_WRITEPROTECT has returned, no CPU may have an entry left in its
 * TLB through which it writes.
 */
#ifndef WP_FLUSH_H
#define WP_FLUSH_H

#include <pthread.h>
#include <stdatomic.h>
#include <unistd.h>

#include "hot_pages.h"
#include "ktap.h"
#include "uffd.h"

static const char flush_test[] =
	"no other CPU writes to a page that was write-protected";

#define FLUSH_ROUNDS	20
#define TIME_TO_WRITE	2000	/* microseconds; some thousand writes emulated */

static unsigned long sum_of_counts(unsigned char *pages)
{
	unsigned long sum = 0;
	int i;

	for (i = 0; i < HOT_PAGES; i++)
		sum += atomic_load(&hot_page(pages, i)->counter);
	return sum;
}

/* Until the counter has been once around. False: it has lost a write. */
static bool wait_awake(const struct uffd_range *hot, struct counting *counting)
{
	atomic_ulong *counter = &hot_page(hot->start, 0)->counter;
	unsigned long before = atomic_load(counter);

	while (atomic_load(counter) < before + 2) {
		if (atomic_load(&counting->lost))
			return false;
		uffd_wake(hot);
	}
	return true;
}

/* The counter's entries are hot: without a flush it would go on with them. */
static void test_flush(const struct uffd_range *range)
{
	struct uffd_range hot = { range->fd, range->start, hot_size() };
	struct counting counting = { .pages = range->start };
	unsigned long before, writes = 0;
	pthread_t counter;
	int round;

	run_on(1);
	if (pthread_create(&counter, NULL, count_in_hot_pages, &counting))
		ktap_bail("cannot start the thread");
	for (round = 0; round < FLUSH_ROUNDS && !writes; round++) {
		if (!wait_awake(&hot, &counting))
			break;
		uffd_write_protect(&hot, true);
		before = sum_of_counts(range->start);
		usleep(TIME_TO_WRITE);
		writes = sum_of_counts(range->start) - before;
		uffd_write_protect(&hot, false);
	}
	atomic_store(&counting.stop, true);
	uffd_join(&hot, counter);
	ktap_note("%d rounds, %lu writes got through in the last", round, writes);
	note_lost_write(&counting);
	ktap_result(!writes && !atomic_load(&counting.lost), flush_test);
}

#endif /* WP_FLUSH_H */
