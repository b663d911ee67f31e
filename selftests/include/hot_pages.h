/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A large private mapping whose first pages are "hot": one thread increments a
 * counter in each of them without a pause, and so keeps the writable entries
 * in its CPU's TLB. Nobody else writes to the counters: one that is not what
 * its thread last stored is a lost write, whatever the timing was.
 */
#ifndef KVERDICT_HOT_PAGES_H
#define KVERDICT_HOT_PAGES_H

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>

#include "ktap.h"

/* A pipe has 16 slots unless told otherwise: all of these fit into one. */
#ifndef HOT_PAGES
#define HOT_PAGES	8
#endif
/*
 * Memory under one page table with 4 KiB pages. The hot pages begin one, so
 * that a walk meets them first and lets go of their lock soon.
 */
#define TABLE_SIZE	(1UL << 21)

struct hot_page {
	atomic_ulong counter;	/* of the one thread that counts */
	atomic_ulong mark;	/* of a thread that wants to fault */
};

struct lost_write {
	unsigned long page, expected, seen;
};

struct counting {
	unsigned char *pages;
	atomic_bool stop;
	atomic_flag said;	/* the first to lose a write says which */
	atomic_bool lost;	/* set last: then `what` is whole */
	struct lost_write what;
};

static inline struct hot_page *hot_page(unsigned char *pages, unsigned long index)
{
	return (void *)(pages + index * sysconf(_SC_PAGESIZE));
}

/* Gives them memory. A child shares its parent's until then: each write copies one. */
static inline void write_hot_pages(unsigned char *pages)
{
	unsigned long i;

	for (i = 0; i < HOT_PAGES; i++)
		atomic_store(&hot_page(pages, i)->mark, 1);
}

/*
 * The kernel makes all pages present; a program that touched them itself would
 * leave QEMU a TLB that is large enough for all of them, and nothing would ever
 * be evicted. Unless all are filled, the hot pages have memory and the others map
 * the zero page: a range that takes long to walk costs page tables and no memory.
 * It stays mapped until the program ends.
 */
static inline unsigned char *map_pages(unsigned long count, bool filled)
{
	size_t size = count * sysconf(_SC_PAGESIZE);
	int read_write = PROT_READ | PROT_WRITE;
	unsigned char *start;

	start = mmap(NULL, size + TABLE_SIZE, PROT_NONE,
		     MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (start == MAP_FAILED)
		ktap_bail("cannot map the pages");
	start = (void *)(((uintptr_t)start + TABLE_SIZE - 1) & -TABLE_SIZE);
	if (mmap(start, size, filled ? read_write : PROT_READ,
		 MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED |
		 MAP_POPULATE, -1, 0) == MAP_FAILED ||
	    mprotect(start, size, read_write))
		ktap_bail("cannot map the pages");
	write_hot_pages(start);
	return start;
}

/*
 * Has this CPU forget the hot pages, by others that fall into the same sets of a
 * TLB: all that have up to EVICTING_STRIDE sets, and QEMU's, which has a power
 * of two of entries and grows by what is used, not by what collides.
 */
#define EVICTING_STRIDE	256

static inline void evict_hot_pages(unsigned char *pages, unsigned long count)
{
	unsigned long i, other;

	for (i = 0; i < HOT_PAGES; i++)
		for (other = i + EVICTING_STRIDE; other < count;
		     other += EVICTING_STRIDE)
			atomic_load(&hot_page(pages, other)->mark);
}

/*
 * How many of the allowed CPUs are used, 0 for whichever the scheduler takes;
 * set before there are threads.
 */
static int use_cpus = CPU_SETSIZE;

/*
 * CPU 0 of those that are allowed is for the thread that counts; the others
 * (1, 2, ...) share the rest. The first call is made before there are other
 * threads: it takes the mask that all of them share, before we narrow it.
 */
static inline void run_on(int number)
{
	static cpu_set_t allowed;
	cpu_set_t one;
	int cpu, cpus;

	if (!use_cpus)
		return;
	if (!CPU_COUNT(&allowed) &&
	    sched_getaffinity(0, sizeof(allowed), &allowed))
		ktap_bail("cannot read the CPU mask");
	cpus = CPU_COUNT(&allowed);
	if (cpus > use_cpus)
		cpus = use_cpus;
	if (number >= cpus)
		number = cpus > 1 ? 1 + (number - 1) % (cpus - 1) : 0;
	for (cpu = 0; !CPU_ISSET(cpu, &allowed) || number--; cpu++)
		;
	CPU_ZERO(&one);
	CPU_SET(cpu, &one);
	if (sched_setaffinity(0, sizeof(one), &one))
		ktap_bail("cannot choose a CPU");
}

static inline void say_lost(struct counting *counting, unsigned long page,
			    unsigned long expected, unsigned long seen)
{
	if (atomic_flag_test_and_set(&counting->said))
		return;
	counting->what = (struct lost_write){ page, expected, seen };
	atomic_store(&counting->lost, true);
}

/* A thread: counts until it is told to stop or a count is not what it was. */
static inline void *count_in_hot_pages(void *arg)
{
	struct counting *counting = arg;
	atomic_ulong *counter[HOT_PAGES];
	unsigned long stored[HOT_PAGES];
	unsigned long i, seen;
	bool last;

	run_on(0);
	for (i = 0; i < HOT_PAGES; i++) {
		counter[i] = &hot_page(counting->pages, i)->counter;
		stored[i] = atomic_load(counter[i]);
	}
	do {
		/* What is lost after the last increment is lost as well. */
		last = atomic_load_explicit(&counting->stop,
					    memory_order_relaxed);
		for (i = 0; i < HOT_PAGES; i++) {
			seen = atomic_load_explicit(counter[i],
						    memory_order_relaxed);
			if (seen != stored[i])
				goto lost;
			atomic_store_explicit(counter[i], ++stored[i],
					      memory_order_relaxed);
		}
	} while (!last);
	return NULL;
lost:
	say_lost(counting, i, stored[i], seen);
	return NULL;
}

/*
 * Until the thread that counts has been once around: it has written to each hot
 * page meanwhile. False: it has found a lost write, and ended.
 */
static inline bool wait_for_writes(struct counting *counting)
{
	atomic_ulong *counter = &hot_page(counting->pages, 0)->counter;
	unsigned long before = atomic_load(counter);

	while (atomic_load(counter) < before + 2) {
		if (atomic_load(&counting->lost))
			return false;
		sched_yield();
	}
	return true;
}

static inline void note_lost_write(struct counting *counting)
{
	if (atomic_load(&counting->lost))
		ktap_note("lost write: page %lu holds %lu, expected %lu",
			  counting->what.page, counting->what.seen,
			  counting->what.expected);
}

#endif
