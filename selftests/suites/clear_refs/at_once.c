// SPDX-License-Identifier: GPL-2.0-only
/*
 * The race of clear_refs.c once more, by threads that do not wait for one
 * another, in a process that has not cleared soft-dirty bits before: see
 * at_once.h. It is slower to lose a write than clear_refs.c, but asks nothing
 * of the kernel: a kernel that fails only in a process which begins like this
 * one, or only after the walk, is found here.
 */
#define _GNU_SOURCE
#include "at_once.h"
#include "copied.h"
#include "hot_pages.h"
#include "ktap.h"
#include "pin.h"
#include "race_options.h"
#include "soft_dirty.h"

static void clear(void *of)
{
	(void)of;
	clear_soft_dirty();
}

/* In a child: its own clear_refs. */
static void clear_own(unsigned char *pages)
{
	(void)pages;
	if (!open_clear_refs())
		ktap_bail("cannot open /proc/self/clear_refs");
	clear_soft_dirty();
	close(clear_refs_fd);
}

int main(int argc, char **argv)
{
	struct race_options options = {
		.pages = 60000, .rounds = 600, .pin = find_pin("vmsplice"),
	};
	struct at_once race = { .protect = clear };
	const char *reason;

	parse_race_options(argc, argv, &options);
	ktap_plan(1);
	reason = why_no_soft_dirty(map_pages(HOT_PAGES, true));
	if (reason) {
		ktap_skip(options.pin->test, reason);
		return ktap_exit_code();
	}
	shorten_if_never_copied(&options, clear_own);
	race.pin = options.pin;
	race.rounds = options.rounds;
	race.pages = options.pages;
	race.counting.pages = map_pages(options.pages, true);
	race_at_once(&race);
	return ktap_exit_code();
}
