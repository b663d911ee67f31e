/* SPDX-License-Identifier: GPL-2.0-only */
/* KTAP version 1 for small C programs: a plan first, then one line a test. */
#ifndef KVERDICT_KTAP_H
#define KVERDICT_KTAP_H

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#ifndef __printf
#define __printf(a, b)		__attribute__((format(printf, a, b)))
#endif
#ifndef __noreturn
#define __noreturn		__attribute__((noreturn))
#endif
#ifndef ARRAY_SIZE
#define ARRAY_SIZE(a)		(sizeof(a) / sizeof((a)[0]))
#endif

/* Exit codes as in tools/testing/selftests/kselftest.h. */
#define KTAP_EXIT_PASS	0
#define KTAP_EXIT_FAIL	1
#define KTAP_EXIT_SKIP	4

static unsigned int ktap_count;
static unsigned int ktap_failed;
static unsigned int ktap_skipped;

static inline void ktap_plan(unsigned int tests)
{
	/* A guest that is lost must not take with it what was already said. */
	setvbuf(stdout, NULL, _IOLBF, 0);
	printf("KTAP version 1\n1..%u\n", tests);
}

/* What belongs to the next result line. */
static inline __printf(1, 2) void ktap_note(const char *format, ...)
{
	va_list args;

	printf("# ");
	va_start(args, format);
	vprintf(format, args);
	va_end(args);
	printf("\n");
}

static inline void ktap_result(bool passed, const char *name)
{
	printf("%sok %u %s\n", passed ? "" : "not ", ++ktap_count, name);
	if (!passed)
		ktap_failed++;
}

/* A failure with what is known about it. */
static inline void ktap_fail(const char *name, const char *reason)
{
	printf("not ok %u %s # %s\n", ++ktap_count, name, reason);
	ktap_failed++;
}

static inline void ktap_skip(const char *name, const char *reason)
{
	printf("ok %u %s # SKIP %s\n", ++ktap_count, name, reason);
	ktap_skipped++;
}

static inline int ktap_exit_code(void)
{
	if (ktap_failed)
		return KTAP_EXIT_FAIL;
	return ktap_skipped == ktap_count ? KTAP_EXIT_SKIP : KTAP_EXIT_PASS;
}

/* The host or the guest's set-up is at fault, not the kernel under test. */
static inline __noreturn void ktap_bail(const char *what)
{
	printf("Bail out! %s: %m\n", what);
	exit(KTAP_EXIT_FAIL);
}

#endif
