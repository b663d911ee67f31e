/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A race whose threads do not wait for one another, as it is posted on mailing
 * lists. While the caller write-protects all pages again and again,
 *   counter	increments in the hot page, without a pause
 *   evictor	writes to the hot page, and touches so many others in between
 *		that its CPU has forgotten the hot ones when it comes back
 *   pinner	takes references to the hot page and drops them
 * Every page has memory. One is hot: the time in which a write can be lost is
 * often that of a copy, and the counter must not be somewhere else then.
 *
 * No thread has a CPU of its own: the scheduler may move them.
 *
 * Nothing here looks at pagemap, and nothing may be write-protected before
 * the threads are there: how a kernel tells what is pending can depend on what
 * came before, and hide what a process shows that has just begun.
 */
#ifndef KVERDICT_AT_ONCE_H
#define KVERDICT_AT_ONCE_H

#ifdef KVERDICT_HOT_PAGES_H
#error "at_once.h says how many pages are hot, and must come first"
#endif
#define HOT_PAGES	1

#include <pthread.h>
#include <stdatomic.h>
#include <unistd.h>

#include "hot_pages.h"
#include "ktap.h"
#include "pin.h"

struct at_once {
	struct counting counting;
	unsigned long pages;
	unsigned long rounds;
	const struct pin *pin;
	/* One round: write-protects all pages. */
	void (*protect)(void *of);
	/* When all threads have ended. */
	void (*end)(void *of);
	void *of;
};

static inline void *evict(void *arg)
{
	struct at_once *race = arg;
	unsigned char *pages = race->counting.pages;
	unsigned long i, seen, stored = 1;

	while (!atomic_load(&race->counting.stop)) {
		for (i = 0; i < HOT_PAGES; i++) {
			seen = atomic_load(&hot_page(pages, i)->mark);
			if (seen != stored) {
				say_lost(&race->counting, i, stored, seen);
				return NULL;
			}
			atomic_store(&hot_page(pages, i)->mark, stored + 1);
		}
		stored++;
		evict_hot_pages(pages, race->pages);
	}
	return NULL;
}

static inline void *pin_and_drop(void *arg)
{
	struct at_once *race = arg;

	while (!atomic_load(&race->counting.stop)) {
		race->pin->take(race->counting.pages);
		if (race->pin->hold)
			usleep(race->pin->hold);
		race->pin->drop(race->counting.pages);
	}
	return NULL;
}

/* The one result of a process. */
static inline void race_at_once(struct at_once *race)
{
	struct counting *counting = &race->counting;
	pthread_t counter, evictor, pinner;
	unsigned long round;

	use_cpus = 0;
	if (pthread_create(&counter, NULL, count_in_hot_pages, counting) ||
	    pthread_create(&evictor, NULL, evict, race) ||
	    pthread_create(&pinner, NULL, pin_and_drop, race))
		ktap_bail("cannot start the threads");
	for (round = 0; round < race->rounds; round++) {
		if (atomic_load(&counting->lost))
			break;
		race->protect(race->of);
	}
	atomic_store(&counting->stop, true);
	pthread_join(counter, NULL);
	pthread_join(evictor, NULL);
	pthread_join(pinner, NULL);
	if (race->end)
		race->end(race->of);

	ktap_note("%lu rounds", round);
	note_lost_write(counting);
	ktap_result(!atomic_load(&counting->lost), race->pin->test);
}

#endif
