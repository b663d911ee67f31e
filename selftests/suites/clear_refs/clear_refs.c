// SPDX-License-Identifier: GPL-2.0-only
/*
 * Are writes lost while /proc/PID/clear_refs clears the soft-dirty bits?
 *
 * Clearing write-protects every page and flushes the TLBs once, at the end.
 * Until then one CPU can go on writing through its old entry. If another CPU
 * may fault on such a page meanwhile, and the fault copies the page instead of
 * reusing it (because something holds a reference to it), then what the first
 * CPU writes between the copy and the flush goes to the old page and is lost.
 *
 * Three threads play this:
 *   clearer	pins the hot pages, writes "4" to clear_refs, unpins
 *   counter	increments in the hot pages, without a pause
 *   faulter	writes to the hot pages as soon as they are clean
 *
 * With two CPUs the clearer and the faulter share one. The clearer offers it
 * after every page table, so the faulter gets its turn in the middle of the
 * work. Emulated on a host with two CPUs this meets far more often than one
 * CPU for each thread.
 *
 * Transparent huge pages must be off: they are cleared by one entry for 512
 * pages, and never copied.
 *
 * Before that, the flush itself: once clear_refs has returned, no CPU may have
 * an entry left through which it writes without setting the soft-dirty bit.
 */
#define _GNU_SOURCE
#include <pthread.h>
#include <stdatomic.h>

#include "hot_pages.h"
#include "ktap.h"
#include "pagemap.h"
#include "pin.h"
#include "race_options.h"
#include "soft_dirty.h"

/* Rounds are numbered from 1. */
struct race {
	struct counting counting;
	atomic_ulong begun;
	atomic_ulong ended;
	atomic_ulong met;	/* rounds with a write before their end */
	unsigned long count;	/* of all pages */
};

static const char * const bit_tests[] = {
	"clear_refs clears soft-dirty",
	"a write sets soft-dirty",
	"a write leaves the next page clean",
};

static const char flush_test[] =
	"what another CPU writes after clear_refs sets soft-dirty";

#define FLUSH_ROUNDS	20

static void test_bits(unsigned char *pages)
{
	clear_soft_dirty();
	ktap_result(!page_has(pages, PM_SOFT_DIRTY), bit_tests[0]);
	atomic_store(&hot_page(pages, 0)->mark, 2);
	ktap_result(page_has(pages, PM_SOFT_DIRTY), bit_tests[1]);
	ktap_result(!page_has(hot_page(pages, 1), PM_SOFT_DIRTY), bit_tests[2]);
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
static void test_flush(unsigned char *pages)
{
	struct counting counting = { .pages = pages };
	pthread_t counter;
	bool passed = true;
	int round;

	run_on(1);
	if (pthread_create(&counter, NULL, count_in_hot_pages, &counting))
		ktap_bail("cannot start the thread");
	for (round = 0; round < FLUSH_ROUNDS && passed; round++) {
		passed = wait_for_writes(&counting);
		clear_soft_dirty();
		passed = passed && wait_for_writes(&counting) &&
			 all_soft_dirty(pages);
	}
	atomic_store(&counting.stop, true);
	pthread_join(counter, NULL);
	ktap_note("%d rounds", round);
	note_lost_write(&counting);
	ktap_result(passed, flush_test);
}

static void *fault_on_hot_pages(void *arg)
{
	struct race *race = arg;
	unsigned char *pages = race->counting.pages;
	unsigned long i, round, last = 0;

	run_on(2);
	while (!atomic_load(&race->counting.stop)) {
		round = atomic_load(&race->begun);
		if (round == last ||
		    (atomic_load(&race->ended) < round &&
		     page_has(pages, PM_SOFT_DIRTY))) {
			sched_yield();
			continue;
		}
		last = round;
		for (i = 0; i < HOT_PAGES; i++)
			atomic_store(&hot_page(pages, i)->mark, round);
		if (atomic_load(&race->ended) < round)
			atomic_fetch_add(&race->met, 1);
		/* A kernel that never flushes would never let it fault again. */
		evict_hot_pages(pages, race->count);
	}
	return NULL;
}

static void run_race(const struct pin *pin, unsigned char *pages,
		     const struct race_options *options)
{
	struct race race = {
		.counting.pages = pages, .count = options->pages,
	};
	atomic_bool *lost = &race.counting.lost;
	pthread_t counter, faulter;
	unsigned long round;

	run_on(1);
	if (pthread_create(&counter, NULL, count_in_hot_pages, &race.counting) ||
	    pthread_create(&faulter, NULL, fault_on_hot_pages, &race))
		ktap_bail("cannot start the threads");
	for (round = 0; round < options->rounds && !atomic_load(lost);) {
		pin->take(pages);
		atomic_store(&race.begun, ++round);
		clear_soft_dirty();
		atomic_store(&race.ended, round);
		pin->drop(pages);
	}
	atomic_store(&race.counting.stop, true);
	pthread_join(counter, NULL);
	pthread_join(faulter, NULL);

	ktap_note("%lu rounds, in %lu of them a write came before the end",
		  round, atomic_load(&race.met));
	note_lost_write(&race.counting);
	ktap_result(!atomic_load(lost), pin->test);
}

int main(int argc, char **argv)
{
	struct race_options options = { .pages = 131072, .rounds = 300 };
	unsigned char *pages = NULL;
	const char *reason;
	size_t i;

	parse_race_options(argc, argv, &options);
	use_cpus = 2;
	ktap_plan(ARRAY_SIZE(bit_tests) + 1 +
		  (options.pin ? 1 : ARRAY_SIZE(pins)));
	reason = why_no_soft_dirty(map_pages(HOT_PAGES, true));
	if (!reason) {
		pages = map_pages(options.pages, false);
		test_bits(pages);
		test_flush(pages);
	} else {
		for (i = 0; i < ARRAY_SIZE(bit_tests); i++)
			ktap_skip(bit_tests[i], reason);
		ktap_skip(flush_test, reason);
	}
	for (i = 0; i < ARRAY_SIZE(pins); i++) {
		if (options.pin && options.pin != &pins[i])
			continue;
		if (reason)
			ktap_skip(pins[i].test, reason);
		else
			run_race(&pins[i], pages, &options);
	}
	return ktap_exit_code();
}
