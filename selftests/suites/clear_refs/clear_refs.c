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
 * Before that, the flush itself (cleared.h).
 *
 * Who clears is a child of a process that never does. A race has several, one
 * after another: a half-done fix can be wrong only the first times that a process
 * clears its bits.
 */
#define _GNU_SOURCE
#include <pthread.h>
#include <stdatomic.h>

#include "cleared.h"
#include "hot_pages.h"
#include "ktap.h"
#include "new_process.h"
#include "pagemap.h"
#include "pin.h"
#include "race_options.h"
#include "soft_dirty.h"

/* What the children of one race do, and what they saw of it. */
struct part {
	const struct pin *pin;
	unsigned char *pages;
	unsigned long count;	/* of pages */
	unsigned long rounds;	/* of the next child */
	unsigned long played;
	unsigned long met;
	bool lost;
};

/* In a child. Rounds are numbered from 1. */
struct race {
	struct counting counting;
	atomic_ulong begun;
	atomic_ulong ended;
	atomic_ulong met;	/* rounds with a write before their end */
	unsigned long count;	/* of all pages */
};

#define ROUNDS_OF_A_CHILD	50

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
		/*
		 * Written and not marked: by an entry that the kernel did not
		 * flush, through which it would never fault again.
		 */
		if (!page_has(pages, PM_SOFT_DIRTY))
			evict_hot_pages(pages, race->count);
	}
	return NULL;
}

static void play_rounds(void *of)
{
	struct part *part = of;
	unsigned char *pages = part->pages;
	struct race race = {
		.counting.pages = pages, .count = part->count,
	};
	atomic_bool *lost = &race.counting.lost;
	pthread_t counter, faulter;
	unsigned long round;

	open_own_files();
	write_hot_pages(pages);
	run_on(1);
	if (pthread_create(&counter, NULL, count_in_hot_pages, &race.counting) ||
	    pthread_create(&faulter, NULL, fault_on_hot_pages, &race))
		ktap_bail("cannot start the threads");
	/* A round before it counts would be lost, and the first are few. */
	wait_for_writes(&race.counting);
	for (round = 0; round < part->rounds && !atomic_load(lost);) {
		part->pin->take(pages);
		atomic_store(&race.begun, ++round);
		clear_soft_dirty();
		atomic_store(&race.ended, round);
		part->pin->drop(pages);
	}
	atomic_store(&race.counting.stop, true);
	pthread_join(counter, NULL);
	pthread_join(faulter, NULL);

	note_lost_write(&race.counting);
	part->played += round;
	part->met += atomic_load(&race.met);
	part->lost = atomic_load(lost);
}

static void run_race(const struct pin *pin, unsigned char *pages,
		     const struct race_options *options)
{
	struct part *part = share_with_children(sizeof(*part));

	part->pin = pin;
	part->pages = pages;
	part->count = options->pages;
	while (part->played < options->rounds && !part->lost) {
		part->rounds = options->rounds - part->played;
		if (part->rounds > ROUNDS_OF_A_CHILD)
			part->rounds = ROUNDS_OF_A_CHILD;
		in_new_process(play_rounds, part);
	}
	ktap_note("%lu rounds, in %lu of them a write came before the end",
		  part->played, part->met);
	ktap_result(!part->lost, pin->test);
}

int main(int argc, char **argv)
{
	struct race_options options = { .pages = 131072, .rounds = 300 };
	unsigned char *pages = NULL;
	const char *reason;
	size_t i;

	parse_race_options(argc, argv, &options);
	use_cpus = 2;
	ktap_plan(CLEARED_TESTS + (options.pin ? 1 : ARRAY_SIZE(pins)));
	reason = why_no_soft_dirty(map_pages(HOT_PAGES, true));
	if (!reason) {
		/* Once, as it takes as long as many rounds: a child has it too. */
		pages = map_pages(options.pages, false);
		test_cleared(pages);
	} else {
		skip_cleared(reason);
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
