// SPDX-License-Identifier: GPL-2.0-only
/*
 * Does the Memory Tagging Extension of this machine do what it must?
 *
 * Only what the processor does is asked, and what a kernel without any bug
 * shows of it: tags that were stored come back, an access whose tag does not
 * match is told in each mode and nowhere else, and the pieces of an access
 * that crosses into another granule are checked each.
 */
#define _GNU_SOURCE
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "ktap.h"
#include "mte_faults.h"
#include "mte_tags.h"

#define PROT_TAGS	0x20	/* PROT_MTE; libc may have no word for it */
#define BYTES		4096

static unsigned char *pages;

static void tag_page(unsigned char *page, unsigned int tag)
{
	unsigned int i;

	for (i = 0; i < BYTES; i += GRANULE)
		store_tag(with_tag(page + i, tag));
}

static void test_tags(void)
{
	static const unsigned char zeroes[GRANULE];
	unsigned int tag, wrong = 0;

	for (tag = 0; tag < TAGS; tag++) {
		store_tag(with_tag(pages, tag));
		if (load_tag(pages) != tag || load_tag(pages + 8) != tag)
			wrong++;
	}
	ktap_result(!wrong, "a stored tag is loaded again");

	/* QEMU 7.2 keeps one tag for all of a page. */
	for (tag = 0; tag < TAGS; tag++)
		store_tag(with_tag(pages + tag * GRANULE, tag));
	for (wrong = 0, tag = 0; tag < TAGS; tag++)
		wrong += load_tag(pages + tag * GRANULE) != tag;
	if (wrong)
		ktap_note("%u of %u granules have the tag of another one",
			  wrong, TAGS);
	ktap_result(!wrong, "each granule of a page has a tag of its own");

	tag_page(pages, 0);
	store_two_tags(with_tag(pages + 2 * GRANULE, 5));
	ktap_result(load_tag(pages + GRANULE) == 0 &&
		    load_tag(pages + 2 * GRANULE) == 5 &&
		    load_tag(pages + 3 * GRANULE) == 5 &&
		    load_tag(pages + 4 * GRANULE) == 0,
		    "two tags are stored at once, and no more");

	tag_page(pages, 0);
	memset(pages, 0xff, 3 * GRANULE);
	store_tag_and_zero(with_tag(pages + GRANULE, 7));
	ktap_result(load_tag(pages + GRANULE) == 7 &&
		    pages[GRANULE - 1] == 0xff && pages[2 * GRANULE] == 0xff &&
		    !memcmp(with_tag(pages + GRANULE, 7), zeroes, GRANULE),
		    "a granule is tagged and cleared at once");
}

static void test_random_tags(void)
{
	unsigned int tag, i, wrong = 0;

	for (tag = 0; tag < TAGS; tag++) {
		set_mode(TCF_SYNC, 1U << tag);
		for (i = 0; i < 16; i++)
			wrong += tag_of(random_tag(pages)) != tag;
	}
	ktap_result(!wrong, "a random tag is one of those allowed");
	set_mode(TCF_SYNC, 0xfffe);
}

static void test_sync(void)
{
	unsigned char *good = with_tag(pages + 64, 3);
	unsigned char *bad = with_tag(pages + 64, 9);
	uint64_t kept = 0;

	tag_page(pages, 3);
	set_mode(TCF_SYNC, 0xfffe);
	ktap_result(!write_at(good, 0x1234) && !read_at(good),
		    "a matching tag is no fault");
	ktap_result(read_at(bad) == SYNC_FAULT &&
		    with_tag(fault_address, 0) == pages + 64,
		    "sync: a read with another tag faults, at its address");
	ktap_result(write_at(bad, 0x5678) == SYNC_FAULT &&
		    with_tag(fault_address, 0) == pages + 64,
		    "sync: a write with another tag faults, at its address");
	memcpy(&kept, good, sizeof(kept));
	ktap_result(kept == 0x1234, "sync: the write did not happen");

	/* The second half lies in a granule with another tag. */
	store_tag(with_tag(pages + 80, 4));
	ktap_result(read_at(with_tag(pages + 76, 3)) == SYNC_FAULT &&
		    write_at(with_tag(pages + 76, 3), 1) == SYNC_FAULT,
		    "sync: an access across two granules is checked in both");
}

static void test_async(void)
{
	unsigned char *bad = with_tag(pages + 64, 9);
	int at_once, later;

	tag_page(pages, 3);
	set_mode(TCF_ASYNC, 0xfffe);
	fault_code = 0;
	asm volatile("str %0, [%1]" : : "r" (1UL), "r" (bad) : "memory");
	at_once = fault_code;
	getppid();
	later = fault_code;
	set_mode(TCF_SYNC, 0xfffe);
	if (at_once)
		ktap_note("a signal came before the next system call");
	ktap_result(later == ASYNC_FAULT, "async: a write with another tag is told at the next system call");
	ktap_result(*(volatile uint64_t *)with_tag(pages + 64, 3) == 1,
		    "async: the write happened");
}

static void test_unchecked(unsigned char *untagged)
{
	unsigned char *bad = with_tag(pages + 64, 9);

	tag_page(pages, 3);
	set_mode(0, 0xfffe);
	ktap_result(!write_at(bad, 2) && !read_at(bad),
		    "without a mode nothing is checked");
	set_mode(TCF_SYNC, 0xfffe);
	asm volatile(MEMTAG "msr tco, #1" : : : "memory");
	ktap_result(!read_at(bad), "checks can be overridden (TCO)");
	asm volatile(MEMTAG "msr tco, #0" : : : "memory");
	ktap_result(read_at(bad) == SYNC_FAULT, "and be switched on again");
	ktap_result(!write_at(with_tag(untagged, 9), 3) &&
		    !read_at(with_tag(untagged, 0)),
		    "a page without PROT_MTE is not checked");
}

/* The kernel reads and writes for the program, and its accesses are checked. */
static void test_kernel(void)
{
	unsigned char *bad = with_tag(pages, 9), *good = with_tag(pages, 3);
	ssize_t refused, taken;
	int ends[2];

	tag_page(pages, 3);
	set_mode(TCF_SYNC, 0xfffe);
	if (pipe(ends))
		ktap_bail("cannot make a pipe");
	refused = write(ends[1], bad, 64);
	taken = write(ends[1], good, 64);
	ktap_result(refused < 0 && taken == 64,
		    "sync: the kernel does not read what has another tag");
	refused = read(ends[0], bad, 32);
	taken = read(ends[0], good, 32);
	ktap_result(refused < 0 && taken == 32,
		    "sync: the kernel does not write what has another tag");
	close(ends[0]);
	close(ends[1]);
}

int main(void)
{
	struct sigaction action = {
		.sa_sigaction = on_fault,
		.sa_flags = SA_SIGINFO | SA_NODEFER,
	};
	unsigned char *untagged;

	ktap_plan(18);
	set_mode(TCF_SYNC, 0xfffe);
	pages = mmap(NULL, BYTES, PROT_READ | PROT_WRITE | PROT_TAGS,
		     MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	untagged = mmap(NULL, BYTES, PROT_READ | PROT_WRITE,
			MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (pages == MAP_FAILED || untagged == MAP_FAILED)
		ktap_bail("cannot map a page with tags");
	if (sigaction(SIGSEGV, &action, NULL))
		ktap_bail("cannot handle SIGSEGV");

	test_tags();
	test_random_tags();
	test_sync();
	test_async();
	test_unchecked(untagged);
	test_kernel();
	return ktap_exit_code();
}
