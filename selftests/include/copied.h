/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Does a write fault on this kernel copy a page that is pinned? Where it does
 * not, no write can be lost that way, and a race need not be played for long.
 */
#ifndef KVERDICT_COPIED_H
#define KVERDICT_COPIED_H

#include <stdbool.h>
#include <unistd.h>

#include "hot_pages.h"
#include "ktap.h"
#include "new_process.h"
#include "pagemap.h"
#include "pin.h"
#include "race_options.h"

#define COPY_TRIES	10
#define NEVER_COPIED	3	/* exit code of the process that looks */
#define IDLE_SHARE	10

/*
 * What makes the entries read-only may have left out its flush; so the write
 * comes from a CPU that has not seen the pages yet. Nothing is unmapped between
 * the pin and the write: that would drain the list of mlock's pages. Unknown, as
 * without the right to see frames, counts as copied.
 */
static inline bool sees_copy(const struct pin *pin,
			     void (*protect)(unsigned char *pages))
{
	uint64_t before[HOT_PAGES];
	unsigned char *pages;
	bool copied = false;
	int i, try;

	if (!open_pagemap())
		return true;
	for (try = 0; try < COPY_TRIES && !copied; try++) {
		run_on(0);
		pages = map_pages(HOT_PAGES, true);
		for (i = 0; i < HOT_PAGES; i++)
			before[i] = frame_of(hot_page(pages, i));
		pin->take(pages);
		protect(pages);
		run_on(1);
		for (i = 0; i < HOT_PAGES; i++) {
			atomic_store(&hot_page(pages, i)->mark, 2);
			copied |= !before[i] ||
				  frame_of(hot_page(pages, i)) != before[i];
		}
		pin->drop(pages);
	}
	return copied;
}

/*
 * Asked in a process of its own: what is tested must not have begun before.
 * @protect makes the hot pages such that a write faults, and is called there.
 */
static inline bool pinned_page_is_copied(const struct pin *pin,
					 void (*protect)(unsigned char *pages))
{
	pid_t child = start_process();
	int status;

	if (!child)
		_exit(sees_copy(pin, protect) ? 0 : NEVER_COPIED);
	status = wait_for_process(child);
	return !WIFEXITED(status) || WEXITSTATUS(status) != NEVER_COPIED;
}

/* Where nothing can be lost: a tenth of the rounds, with a tenth of the pages. */
static inline void shorten_if_never_copied(struct race_options *options,
					   void (*protect)(unsigned char *pages))
{
	if (pinned_page_is_copied(options->pin, protect))
		return;
	options->rounds = (options->rounds + IDLE_SHARE - 1) / IDLE_SHARE;
	options->pages = (options->pages + IDLE_SHARE - 1) / IDLE_SHARE;
	if (options->pages < HOT_PAGES)
		options->pages = HOT_PAGES;
	ktap_note("a write fault does not copy pages pinned by %s here, so nothing can be lost: %lu pages, %lu rounds",
		  options->pin->name, options->pages, options->rounds);
}

#endif
