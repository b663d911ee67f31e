// SPDX-License-Identifier: GPL-2.0-only
/* KVM_ARM_MTE_COPY_TAGS: a byte for each granule, in both directions. */
#include "checks.h"

#define PAGES		4UL
#define TAGS		(PAGES * TAGS_PER_PAGE)
#define SIZE		(PAGES * PAGE)

static unsigned char tags[TAGS];

/* The number of bytes of guest memory that were copied, or -errno. */
static int copy_tags(struct guest *guest, struct kvm_arm_copy_mte_tags copy)
{
	int done = ioctl(guest->vm.fd, KVM_ARM_MTE_COPY_TAGS, &copy);

	return done < 0 ? -errno : done;
}

static struct guest guest_with_pages(void)
{
	struct guest guest = guest_create(true);

	guest_must_take(&guest, fresh_memory(SIZE), SIZE);
	return guest;
}

/* All tags of the guest's memory: what 0 as a return value says. */
static int copy_all(struct guest *guest, uint64_t flags)
{
	return copy_tags(guest, (struct kvm_arm_copy_mte_tags) {
		.guest_ipa = TEST_RAM,
		.length = SIZE,
		.addr = tags,
		.flags = flags,
	});
}

/* No tag repeats at the distance of a page, so a page too far is seen. */
static unsigned int some_tag(unsigned long granule)
{
	return (granule + granule / TAGS_PER_PAGE * 5 + 1) & 0xf;
}

static bool reaches_guest(void)
{
	struct guest guest = guest_with_pages();
	bool same;
	unsigned long i;

	for (i = 0; i < TAGS; i++)
		tags[i] = some_tag(i);
	same = expect("bytes", copy_all(&guest, 0), SIZE);
	for (i = 0; same && i < TAGS; i += 7)
		same = expect("tag", tag_of(guest_number(&guest, guest_ldg,
				TEST_RAM + i * GRANULE, 0)), some_tag(i));
	guest_destroy(&guest);
	return same;
}

static bool comes_from_guest(void)
{
	struct guest guest = guest_with_pages();
	unsigned long i, tagged = 0;
	bool same;

	guest_number(&guest, guest_fill, TEST_RAM, TEST_RAM + SIZE);
	for (i = 0; i < TAGS; i += 7)
		guest_number(&guest, guest_stg,
			     with_tag(TEST_RAM + i * GRANULE, some_tag(i)), 0);
	memset(tags, 0xff, sizeof(tags));
	same = expect("bytes", copy_all(&guest, KVM_ARM_TAGS_FROM_GUEST), SIZE);
	for (i = 0; same && i < TAGS; i++) {
		same = expect("tag", tags[i], i % 7 ? 0 : some_tag(i));
		tagged += !!tags[i];
	}
	guest_destroy(&guest);
	ktap_note("%lu of %lu tags are not 0", tagged, TAGS);
	return same && tagged > 0;
}

static bool is_zero_before_tags(void)
{
	struct guest guest = guest_with_pages();
	unsigned long i;
	bool zero;

	memset(tags, 0xff, sizeof(tags));
	zero = expect("bytes", copy_all(&guest, KVM_ARM_TAGS_FROM_GUEST), SIZE);
	for (i = 0; zero && i < TAGS; i++)
		zero = expect("tag", tags[i], 0);
	guest_destroy(&guest);
	return zero;
}

/* What the guest did not have before is not left over from the host either. */
static bool clears_what_it_cannot_read(void)
{
	struct guest guest = guest_with_pages();
	unsigned char *half = mmap(NULL, 2 * PAGE, PROT_READ | PROT_WRITE,
				   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	uint64_t left;
	bool clear;

	if (half == MAP_FAILED || munmap(half + PAGE, PAGE))
		ktap_bail("cannot map a buffer");
	memset(half, 5, PAGE);
	/* Half the tags of a page, and then nothing. */
	clear = expect("bytes", copy_tags(&guest, (struct kvm_arm_copy_mte_tags) {
		.guest_ipa = TEST_RAM,
		.length = PAGE,
		.addr = half + PAGE - TAGS_PER_PAGE / 2,
	}), -EFAULT);
	left = guest_number(&guest, guest_count, TEST_RAM, TEST_RAM + PAGE);
	guest_destroy(&guest);
	return clear && expect("tags", left, 0);
}

/* Slot 1 ends in the middle of it. */
static bool tells_how_far_it_came(void)
{
	struct guest guest = guest_with_pages();
	int done = copy_tags(&guest, (struct kvm_arm_copy_mte_tags) {
		.guest_ipa = TEST_RAM + SIZE - PAGE,
		.length = 2 * PAGE,
		.addr = tags,
		.flags = KVM_ARM_TAGS_FROM_GUEST,
	});

	guest_destroy(&guest);
	return expect("bytes", done, PAGE);
}

static bool refuses_bad_arguments(void)
{
	static const struct {
		const char *what;
		struct kvm_arm_copy_mte_tags copy;
		int wanted;
	} bad[] = {
		{ "address inside a page",
		  { .guest_ipa = TEST_RAM + GRANULE, .length = PAGE }, -EINVAL },
		{ "length of half a page",
		  { .guest_ipa = TEST_RAM, .length = PAGE / 2 }, -EINVAL },
		{ "flag that does not exist",
		  { .guest_ipa = TEST_RAM, .length = PAGE, .flags = 2 },
		  -EINVAL },
		{ "reserved field",
		  { .guest_ipa = TEST_RAM, .length = PAGE, .reserved = { 0, 1 } },
		  -EINVAL },
		{ "length above INT_MAX",
		  { .guest_ipa = TEST_RAM, .length = 1UL << 32 }, -EINVAL },
		{ "address outside every slot",
		  { .guest_ipa = TEST_RAM + SIZE, .length = PAGE }, -EFAULT },
		{ "nothing to copy", { .guest_ipa = TEST_RAM }, 0 },
	};
	struct guest guest = guest_with_pages();
	bool right = true;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		struct kvm_arm_copy_mte_tags copy = bad[i].copy;

		copy.addr = tags;
		right &= expect(bad[i].what, copy_tags(&guest, copy),
				bad[i].wanted);
		copy.flags |= KVM_ARM_TAGS_FROM_GUEST;
		right &= expect(bad[i].what, copy_tags(&guest, copy),
				bad[i].wanted);
	}
	guest_destroy(&guest);
	return right;
}

/* Tags are not in the dirty log: what is copied then would be lost. */
static bool is_busy_while_logging(void)
{
	struct guest guest = guest_create(true);
	void *memory = fresh_memory(SIZE);
	bool right;

	if (vm_set_slot(&guest.vm, TEST_SLOT, KVM_MEM_LOG_DIRTY_PAGES, TEST_RAM,
			memory, SIZE))
		ktap_bail("cannot give the guest memory with a dirty log");
	right = expect("to the guest", copy_all(&guest, 0), -EBUSY);
	right &= expect("from the guest",
			copy_all(&guest, KVM_ARM_TAGS_FROM_GUEST), SIZE);
	guest_destroy(&guest);
	return right;
}

const struct check copy_checks[] = {
	{ "COPY_TAGS to the guest: it loads them", reaches_guest },
	{ "COPY_TAGS from the guest: what it stored", comes_from_guest },
	{ "COPY_TAGS from pages never touched: zeros", is_zero_before_tags },
	{ "COPY_TAGS from a buffer that ends: EFAULT, and no tag is left",
	  clears_what_it_cannot_read },
	{ "COPY_TAGS past the end of a slot: the bytes that were done",
	  tells_how_far_it_came },
	{ "COPY_TAGS refuses what makes no sense", refuses_bad_arguments },
	{ "COPY_TAGS to the guest is EBUSY while a dirty log is kept",
	  is_busy_while_logging },
	{ }
};
