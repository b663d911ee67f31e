// SPDX-License-Identifier: GPL-2.0-only
/*
 * The race of uffd_wp_race.c once more, by threads that do not wait for one
 * another: see at_once.h. A fifth one un-protects the hot page all the time.
 * Nobody looks at pagemap, which shows no uffd-wp bit before 5.14, so this
 * works from 5.7 on.
 */
#define _GNU_SOURCE
#include <pthread.h>

#include "at_once.h"
#include "copied.h"
#include "hot_pages.h"
#include "ktap.h"
#include "pin.h"
#include "race_options.h"
#include "uffd.h"

struct protection {
	struct at_once race;
	struct uffd_range range;
	pthread_t resolver;
	atomic_bool over;
};

static void protect(void *of)
{
	struct protection *protection = of;

	uffd_write_protect(&protection->range, true);
}

static void *resolve(void *arg)
{
	struct protection *protection = arg;
	struct uffd_range hot = protection->range;

	hot.size = hot_size();
	/* Also when the rounds are over: others may still wait in a fault. */
	while (!atomic_load(&protection->over))
		uffd_write_protect(&hot, false);
	return NULL;
}

static void end(void *of)
{
	struct protection *protection = of;

	atomic_store(&protection->over, true);
	pthread_join(protection->resolver, NULL);
}

/* As a race would, but in turns: the next write finds the page read-only. */
static void protect_and_resolve(unsigned char *pages)
{
	struct uffd_range range;

	if (uffd_open(&range, pages, HOT_PAGES))
		ktap_bail("cannot write-protect the pages");
	uffd_write_protect(&range, true);
	uffd_write_protect(&range, false);
	close(range.fd);
}

int main(int argc, char **argv)
{
	struct race_options options = {
		.pages = 60000, .rounds = 300, .pin = find_pin("vmsplice"),
	};
	struct protection of = {
		.race = { .protect = protect, .end = end, .of = &of },
	};
	unsigned char *pages;
	const char *reason;

	parse_race_options(argc, argv, &options);
	ktap_plan(1);
	reason = uffd_open(&of.range, map_pages(HOT_PAGES, true),
			   HOT_PAGES);
	if (reason) {
		ktap_skip(options.pin->test, reason);
		return ktap_exit_code();
	}
	close(of.range.fd);
	shorten_if_never_copied(&options, protect_and_resolve);
	of.race.pin = options.pin;
	of.race.rounds = options.rounds;
	pages = map_pages(options.pages, true);
	of.race.pages = options.pages;
	of.race.counting.pages = pages;
	if (uffd_open(&of.range, pages, options.pages))
		ktap_bail("cannot write-protect the pages");
	if (pthread_create(&of.resolver, NULL, resolve, &of))
		ktap_bail("cannot start the thread");
	race_at_once(&of.race);
	return ktap_exit_code();
}
