// SPDX-License-Identifier: GPL-2.0-only
/*
 * A guest with tags gets memory that can have them, when the slot is made and
 * when it is used. Anonymous memory and shmem can; a file of ramfs cannot.
 */
#define _GNU_SOURCE
#include <sys/mount.h>
#include <sys/stat.h>

#include "checks.h"
#include "kernel_release.h"

#define SIZE		(2 * PAGE)
#define HUGE		(2UL << 20)

/* A file without a name on a file system that is not mounted any more. */
static int open_untagged_file(void)
{
	char folder[] = "/tmp/kvm_mte-XXXXXX";
	char file[sizeof(folder) + 2];
	int fd;

	mkdir("/tmp", 01777);
	if (!mkdtemp(folder) || mount("ramfs", folder, "ramfs", 0, NULL))
		ktap_bail("cannot mount ramfs");
	snprintf(file, sizeof(file), "%s/f", folder);
	fd = open(file, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (fd < 0)
		ktap_bail("cannot make a file on ramfs");
	umount2(folder, MNT_DETACH);
	rmdir(folder);
	return fd;
}

void *untagged_memory(size_t size, int flags)
{
	int fd = open_untagged_file();
	void *memory;

	if (ftruncate(fd, size))
		ktap_bail("cannot give the file its size");
	memory = map_file(fd, size, 0, flags);
	close(fd);
	return memory;
}

bool may_share_memory(void)
{
	struct guest guest = guest_create(true);
	int fd = open_memfd(SIZE);
	void *memory = map_file(fd, SIZE, 0, MAP_SHARED);
	int result = guest_give(&guest, memory, SIZE);

	close(fd);
	guest_destroy(&guest);
	munmap(memory, SIZE);
	/* "KVM: arm64: permit all VM_MTE_ALLOWED mappings with MTE enabled" */
	if (result != -EINVAL || !kernel_is_before(6, 2))
		return true;
	skip_reason = "guests with tags get no shared memory before 6.2";
	return false;
}

/* Puts the file where anonymous memory is. */
static void swap_for_file(void *memory, size_t size)
{
	void *file = untagged_memory(size, MAP_SHARED);

	if (mremap(file, size, size, MREMAP_MAYMOVE | MREMAP_FIXED, memory) !=
	    memory)
		ktap_bail("cannot put the file into its place");
}

static bool slot_is(void *memory, int wanted)
{
	struct guest guest = guest_create(true);
	int result = guest_give(&guest, memory, SIZE);

	guest_destroy(&guest);
	return expect("slot", result, wanted);
}

static bool refuses_shared_file(void)
{
	return slot_is(untagged_memory(SIZE, MAP_SHARED), -EINVAL);
}

static bool refuses_private_file(void)
{
	return slot_is(untagged_memory(SIZE, MAP_PRIVATE), -EINVAL);
}

static bool refuses_file_in_second_half(void)
{
	unsigned char *memory = fresh_memory(SIZE);

	swap_for_file(memory + PAGE, PAGE);
	return slot_is(memory, -EINVAL);
}

static bool refuses_file_when_flags_change(void)
{
	struct guest guest = guest_create(true);
	void *memory = fresh_memory(SIZE);
	int result;

	guest_must_take(&guest, memory, SIZE);
	swap_for_file(memory, SIZE);
	result = vm_set_slot(&guest.vm, TEST_SLOT, KVM_MEM_LOG_DIRTY_PAGES,
			     TEST_RAM, memory, SIZE);
	guest_destroy(&guest);
	return expect("slot", result, -EINVAL);
}

static bool tags_memory(void *memory, size_t size)
{
	struct guest guest = guest_create(true);
	unsigned int seen = 0;
	bool fits;

	fits = expect("slot", guest_give(&guest, memory, size), 0);
	if (fits) {
		guest_number(&guest, guest_store, TEST_RAM, 1);
		guest_number(&guest, guest_stg, with_tag(TEST_RAM, 8), 0);
		seen = tag_of(guest_number(&guest, guest_ldg, TEST_RAM, 0));
	}
	guest_destroy(&guest);
	return fits && expect("tag", seen, 8);
}

static bool accepts_memfd(int flags)
{
	int fd = open_memfd(SIZE);
	void *memory = map_file(fd, SIZE, 0, flags);

	close(fd);
	return tags_memory(memory, SIZE);
}

static bool accepts_shared_memfd(void)
{
	return may_share_memory() && accepts_memfd(MAP_SHARED);
}

static bool accepts_private_memfd(void)
{
	return accepts_memfd(MAP_PRIVATE);
}

/* Refused up to 6.12; where it is accepted, it has to work. */
static bool hugetlb_works_or_is_refused(void)
{
	void *memory = mmap(NULL, HUGE, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS | MAP_HUGETLB, -1, 0);
	struct guest guest;
	uint64_t tags;
	int result;

	if (memory == MAP_FAILED) {
		skip_reason = "no huge page is reserved";
		return true;
	}
	guest = guest_create(true);
	result = guest_give(&guest, memory, HUGE);
	if (!result) {
		guest_number(&guest, guest_store, TEST_RAM, 1);
		tags = guest_number(&guest, guest_count, TEST_RAM,
				    TEST_RAM + HUGE);
	}
	guest_destroy(&guest);
	ktap_note("hugetlb memory is %s", result ? "refused" : "accepted");
	if (result)
		return expect("slot", result, -EINVAL);
	return expect("tags of a fresh page", tags, 0) &&
	       tags_memory(memory, HUGE);
}

/* The pages are mapped in stage 2 already, or not yet. */
static bool faults_on_swapped(bool mapped)
{
	struct guest guest = guest_create(true);
	void *memory = fresh_memory(SIZE);
	struct answer answer;

	guest_must_take(&guest, memory, SIZE);
	if (mapped)
		guest_number(&guest, guest_touch, TEST_RAM, TEST_RAM + SIZE);
	swap_for_file(memory, SIZE);
	answer = guest_ask(&guest, guest_store, TEST_RAM, 1);
	guest_destroy(&guest);
	return expect("errno of KVM_RUN", answer.error, EFAULT);
}

static bool faults_on_swapped_before_use(void)
{
	return faults_on_swapped(false);
}

static bool faults_on_swapped_after_use(void)
{
	return faults_on_swapped(true);
}

const struct check slot_checks[] = {
	{ "slot: a shared file without VM_MTE_ALLOWED is EINVAL",
	  refuses_shared_file },
	{ "slot: a private file without VM_MTE_ALLOWED is EINVAL",
	  refuses_private_file },
	{ "slot: anonymous memory and then a file is EINVAL",
	  refuses_file_in_second_half },
	{ "slot: new flags after a file came into its place is EINVAL",
	  refuses_file_when_flags_change },
	{ "slot: a shared memfd has tags", accepts_shared_memfd },
	{ "slot: a private memfd has tags", accepts_private_memfd },
	{ "slot: hugetlb is refused, or has tags and none at first",
	  hugetlb_works_or_is_refused },
	{ "a file put under a live slot: KVM_RUN is EFAULT, never used",
	  faults_on_swapped_before_use },
	{ "a file put under a live slot: KVM_RUN is EFAULT, used before",
	  faults_on_swapped_after_use },
	{ }
};
