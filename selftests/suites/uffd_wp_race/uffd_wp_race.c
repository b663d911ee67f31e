// SPDX-License-Identifier: GPL-2.0-only
/*
 * Are writes lost while userfaultfd write-protects and un-protects pages?
 *
 * UFFDIO_WRITEPROTECT holds mmap_lock for read and flushes the TLBs once, at
 * its end. Until then one CPU can go on writing through its old entry. If
 * another thread un-protects the page meanwhile, a third one can fault on it
 * without the fault being given to userfaultfd. When that fault copies the page
 * (because something holds a reference to it), then what the first CPU writes
 * between the copy and the flush goes to the old page and is lost.
 *
 * Four threads play this, each waiting for the one before it:
 *   counter	increments in the hot pages, without a pause
 *   protector	pins the hot pages, write-protects the whole range
 *   resolver	un-protects the range while the protector is at work
 *   faulter	writes to the hot pages while both are at work
 *
 * With two CPUs all but the counter share one: both ioctls offer it after every
 * page table. The range must be large enough for the two to take longer than a
 * tick. Transparent huge pages must be off: they are never copied.
 *
 * The threads see by pagemap when their turn is, from 5.14 on; at_once.c needs
 * no pagemap.
 *
 * Before that, the flush itself (wp_flush.h).
 */
#define _GNU_SOURCE
#include <pthread.h>
#include <stdatomic.h>

#include "hot_pages.h"
#include "kernel_release.h"
#include "ktap.h"
#include "pagemap.h"
#include "pin.h"
#include "race_options.h"
#include "uffd.h"
#include "wp_flush.h"

/* What one thread is doing; rounds are numbered from 1. */
struct turn {
	atomic_ulong begun;
	atomic_ulong ended;
};

struct race {
	struct counting counting;
	struct uffd_range range;
	struct turn protecting;
	struct turn resolving;
	atomic_ulong met;	/* rounds in which all of them met */
};

static const char * const bit_tests[] = {
	"write-protecting sets the uffd-wp bit",
	"un-protecting clears the uffd-wp bit",
};

/* Before that pagemap shows no uffd-wp bit, and nobody sees when to begin. */
#define BIT_MAJOR	5
#define BIT_MINOR	14
static const char no_bit[] = "pagemap shows no uffd-wp bit before 5.14";

/* False: the bit is not seen, by which the threads of a race find each other. */
static bool test_bits(const struct uffd_range *range)
{
	bool seen;

	uffd_write_protect(range, true);
	seen = page_has(range->start, PM_UFFD_WP);
	ktap_result(seen, bit_tests[0]);
	uffd_write_protect(range, false);
	ktap_result(!page_has(range->start, PM_UFFD_WP), bit_tests[1]);
	return seen;
}

static bool under_way(struct turn *turn)
{
	return atomic_load(&turn->ended) < atomic_load(&turn->begun);
}

static void *resolve(void *arg)
{
	struct race *race = arg;
	unsigned long round, last = 0;

	run_on(2);
	while (!atomic_load(&race->counting.stop)) {
		round = atomic_load(&race->protecting.begun);
		if (round == last || !under_way(&race->protecting) ||
		    !page_has(race->range.start, PM_UFFD_WP)) {
			sched_yield();
			continue;
		}
		last = round;
		atomic_store(&race->resolving.begun, round);
		uffd_write_protect(&race->range, false);
		atomic_store(&race->resolving.ended, round);
	}
	return NULL;
}

static void *fault_on_hot_pages(void *arg)
{
	struct race *race = arg;
	unsigned long i, round, last = 0;

	run_on(3);
	while (!atomic_load(&race->counting.stop)) {
		round = atomic_load(&race->resolving.begun);
		if (round == last || !under_way(&race->resolving) ||
		    page_has(race->range.start, PM_UFFD_WP)) {
			sched_yield();
			continue;
		}
		last = round;
		for (i = 0; i < HOT_PAGES; i++)
			atomic_store(&hot_page(race->range.start, i)->mark,
				     round);
		if (under_way(&race->protecting) && under_way(&race->resolving))
			atomic_fetch_add(&race->met, 1);
	}
	return NULL;
}

static void run_race(const struct pin *pin, const struct uffd_range *range,
		     unsigned long rounds)
{
	struct race race = { .counting.pages = range->start, .range = *range };
	struct uffd_range hot = { range->fd, range->start, hot_size() };
	atomic_bool *lost = &race.counting.lost;
	pthread_t counter, resolver, faulter;
	unsigned long round;

	run_on(1);
	if (pthread_create(&counter, NULL, count_in_hot_pages, &race.counting) ||
	    pthread_create(&resolver, NULL, resolve, &race) ||
	    pthread_create(&faulter, NULL, fault_on_hot_pages, &race))
		ktap_bail("cannot start the threads");
	for (round = 0; round < rounds && !atomic_load(lost);) {
		pin->take(range->start);
		atomic_store(&race.protecting.begun, ++round);
		uffd_write_protect(range, true);
		atomic_store(&race.protecting.ended, round);
		while (under_way(&race.resolving))
			sched_yield();
		/* Whoever waits for a hot page goes on. */
		uffd_write_protect(&hot, false);
		pin->drop(range->start);
	}
	atomic_store(&race.counting.stop, true);
	pthread_join(resolver, NULL);
	uffd_write_protect(&hot, false);
	uffd_join(&hot, counter);
	uffd_join(&hot, faulter);

	ktap_note("%lu rounds, in %lu of them all threads met",
		  round, atomic_load(&race.met));
	note_lost_write(&race.counting);
	ktap_result(!atomic_load(lost), pin->test);
}

static void skip_bits(const char *reason)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(bit_tests); i++)
		ktap_skip(bit_tests[i], reason);
}

int main(int argc, char **argv)
{
	struct race_options options = { .pages = 131072, .rounds = 120 };
	struct uffd_range range;
	const char *reason;
	size_t i;

	parse_race_options(argc, argv, &options);
	use_cpus = 2;
	ktap_plan(ARRAY_SIZE(bit_tests) + 1 +
		  (options.pin ? 1 : ARRAY_SIZE(pins)));
	reason = open_pagemap() ?
		 uffd_open(&range, map_pages(options.pages, false),
			   options.pages) :
		 "no /proc/PID/pagemap: CONFIG_PROC_PAGE_MONITOR is off";

	if (reason) {
		skip_bits(reason);
		ktap_skip(flush_test, reason);
	} else {
		if (kernel_is_before(BIT_MAJOR, BIT_MINOR)) {
			reason = no_bit;
			skip_bits(reason);
		} else if (!test_bits(&range)) {
			reason = "the uffd-wp bit is not seen: no race can begin";
		}
		test_flush(&range);
	}
	for (i = 0; i < ARRAY_SIZE(pins); i++) {
		if (options.pin && options.pin != &pins[i])
			continue;
		if (reason)
			ktap_skip(pins[i].test, reason);
		else
			run_race(&pins[i], &range, options.rounds);
	}
	return ktap_exit_code();
}
