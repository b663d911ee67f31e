/* SPDX-License-Identifier: GPL-2.0-only */
/* --pages N --rounds N --pin none|mlock|vmsplice */
#ifndef KVERDICT_RACE_OPTIONS_H
#define KVERDICT_RACE_OPTIONS_H

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>

#include "pin.h"

/* As make and getopt users expect it: 2 is "you called me wrongly". */
#define EXIT_USAGE	2

struct race_options {
	unsigned long pages;
	unsigned long rounds;
	const struct pin *pin;	/* NULL: one race with each */
};

static inline __noreturn void race_usage(const char *program)
{
	fprintf(stderr,
		"Usage: %s [--pages N] [--rounds N] [--pin none|mlock|vmsplice]\n"
		"N is a number from %d (pages) or 1 (rounds)\n",
		program, HOT_PAGES);
	exit(EXIT_USAGE);
}

static inline unsigned long parse_count(const char *program, const char *word,
					unsigned long least)
{
	char *end;
	unsigned long value = strtoul(word, &end, 10);

	if (*end || end == word || value < least)
		race_usage(program);
	return value;
}

/* What is not given stays as it is. Exits with EXIT_USAGE. */
static inline void parse_race_options(int argc, char **argv,
				      struct race_options *options)
{
	static const struct option names[] = {
		{ "pages", required_argument, NULL, 'p' },
		{ "rounds", required_argument, NULL, 'r' },
		{ "pin", required_argument, NULL, 'k' },
		{ }
	};
	int option;

	while ((option = getopt_long(argc, argv, "", names, NULL)) != -1) {
		switch (option) {
		case 'p':
			options->pages = parse_count(argv[0], optarg, HOT_PAGES);
			break;
		case 'r':
			options->rounds = parse_count(argv[0], optarg, 1);
			break;
		case 'k':
			options->pin = find_pin(optarg);
			if (!options->pin)
				race_usage(argv[0]);
			break;
		default:
			race_usage(argv[0]);
		}
	}
	if (optind != argc)
		race_usage(argv[0]);
}

#endif
