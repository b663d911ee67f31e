// SPDX-License-Identifier: GPL-2.0-only
/*
 * What may a device behind an SMMU write to, while its mappings change?
 *
 * The device is QEMU's edu, driven from here through VFIO. Its SMMU keeps
 * translations, and forgets them when the driver tells it to: whatever the
 * driver forgets to invalidate goes on working as it did, or goes on failing.
 *
 * Data is judged first: did a word of memory change? The driver's messages
 * about faults say why. It prints at most ten in five seconds, and the device
 * faults once for every four bytes, so a transfer that is to fail has one word.
 *
 * Usage: smmu_dma type1|iommufd
 */
#define _GNU_SOURCE
#include <stdatomic.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#include "back_end.h"
#include "edu.h"
#include "fault_log.h"
#include "ktap.h"
#include "pci_device.h"

/* As make and getopt users expect it: 2 is "you called me wrongly". */
#define EXIT_USAGE	2

/* Below edu's 28 bits, away from where the SMMU lets MSIs through. */
#define IOVA		0x1000000

/* Words of the round trip; the others move one. */
#define WORDS		64
#define WORD		sizeof(uint32_t)

/* What edu carries, and what is in memory until then. */
#define CARGO(i)	(0xc0ffee00u + (i))
#define UNTOUCHED	0x5eed5eedu

static const char * const checks[] = {
	"read-write: what goes to the device comes back",
	"read-only: a device write does not land",
	"read-only: the SMMU reports a permission fault",
	"read-write again: a device write lands",
	"read-write again: the SMMU reports nothing",
	"unmapped: a device write does not land",
	"unmapped: the SMMU reports a translation fault",
	"mapped to another page: a device write lands there",
	"mapped to another page: the old page is untouched",
	"made read-only: a device write does not land",
};

static const struct back_end *back_end;
static size_t page_size;
static atomic_uint *first;
static atomic_uint *second;

static void result(bool passed)
{
	ktap_result(passed, checks[ktap_count]);
}

static atomic_uint *new_page(void)
{
	void *page = mmap(NULL, page_size, PROT_READ | PROT_WRITE,
			  MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);

	if (page == MAP_FAILED)
		ktap_bail("cannot map a page");
	return page;
}

static void map(atomic_uint *page, enum access access)
{
	back_end->map(IOVA, page, page_size, access);
}

static void unmap(void)
{
	back_end->unmap(IOVA, page_size);
}

/* The device writes a word to IOVA; what is there is a mark until it does. */
static void device_writes(void)
{
	atomic_store(first, UNTOUCHED);
	atomic_store(second, UNTOUCHED);
	listen_for_faults();
	edu_store(IOVA, WORD);
}

static bool holds(atomic_uint *page, unsigned int wanted)
{
	unsigned int found = atomic_load(page);

	if (found != wanted)
		ktap_note("%#x in the %s page instead of %#x",
			  found, page == first ? "first" : "second", wanted);
	return found == wanted;
}

static bool round_trip(void)
{
	unsigned int i, wrong = 0;

	for (i = 0; i < WORDS; i++)
		atomic_store(first + i, CARGO(i));
	edu_load(IOVA, WORDS * WORD);
	for (i = 0; i < WORDS; i++)
		atomic_store(first + i, UNTOUCHED);
	edu_store(IOVA, WORDS * WORD);
	for (i = 0; i < WORDS; i++)
		wrong += atomic_load(first + i) != CARGO(i);
	if (wrong)
		ktap_note("%u of %u words differ", wrong, WORDS);
	return !wrong;
}

static void run_checks(void)
{
	map(first, DEVICE_READS_AND_WRITES);
	result(round_trip());

	unmap();
	map(first, DEVICE_READS);
	device_writes();
	result(holds(first, UNTOUCHED));
	result(heard(SMMU_PERMISSION_FAULT));

	unmap();
	map(first, DEVICE_READS_AND_WRITES);
	device_writes();
	result(holds(first, CARGO(0)));
	result(heard(SMMU_NO_EVENT));

	unmap();
	device_writes();
	result(holds(first, UNTOUCHED));
	result(heard(SMMU_TRANSLATION_FAULT));

	map(first, DEVICE_READS_AND_WRITES);
	device_writes();
	unmap();
	map(second, DEVICE_READS_AND_WRITES);
	device_writes();
	result(holds(second, CARGO(0)));
	result(holds(first, UNTOUCHED));

	unmap();
	map(second, DEVICE_READS);
	device_writes();
	/* What is stale may be the first mapping as well. */
	result(holds(second, UNTOUCHED) && holds(first, UNTOUCHED));
}

/* NULL: it can be tested. */
static const char *why_not(void)
{
	struct pci_device device = { };
	const char *reason;
	int fd;

	if (!pci_find(&device, EDU_VENDOR, EDU_DEVICE))
		return "this machine has no PCI device edu";
	reason = pci_give_to_vfio(&device);
	if (!reason)
		reason = back_end->open(&device, &fd);
	if (!reason)
		edu_open(fd);
	return reason;
}

int main(int argc, char **argv)
{
	const char *reason;
	size_t i;

	back_end = argc == 2 ? find_back_end(argv[1]) : NULL;
	if (!back_end) {
		fprintf(stderr, "Usage: %s type1|iommufd\n", argv[0]);
		return EXIT_USAGE;
	}
	ktap_plan(ARRAY_SIZE(checks));
	page_size = sysconf(_SC_PAGESIZE);
	first = new_page();
	second = new_page();
	reason = why_not();
	for (i = 0; reason && i < ARRAY_SIZE(checks); i++)
		ktap_skip(checks[i], reason);
	if (!reason)
		run_checks();
	return ktap_exit_code();
}
