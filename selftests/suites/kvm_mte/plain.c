// SPDX-License-Identifier: GPL-2.0-only
/* A machine without KVM_CAP_ARM_MTE knows nothing of tags, on any kernel. */
#include "checks.h"

/* The field MTE of ID_AA64PFR1_EL1 */
#define PFR1_MTE(value)		(((value) >> 8) & 0xf)
/* The field EC of ESR_EL1, and its value for an instruction that is undefined */
#define ESR_EC(value)		(((value) >> 26) & 0x3f)
#define EC_UNKNOWN		0

static bool hides_mte(void)
{
	struct guest guest = guest_create(false);
	uint64_t id = guest_number(&guest, guest_id_aa64pfr1, 0, 0);

	guest_destroy(&guest);
	return expect("ID_AA64PFR1_EL1.MTE", PFR1_MTE(id), 0);
}

static bool has_no_registers(void)
{
	struct guest guest = guest_create(false);
	struct answer answer = guest_ask(&guest, guest_gcr, 0, 0);

	guest_destroy(&guest);
	return expect("KVM_RUN", answer.error, 0) &&
	       expect("exception", answer.exception, true) &&
	       expect("ESR_EL1.EC", ESR_EC(answer.value), EC_UNKNOWN);
}

/* The memory has tags, of the host: they are not for this guest. */
static bool stores_no_tag(void)
{
	struct guest guest = guest_create(false);
	uint64_t tagged;

	guest_must_take(&guest, fresh_memory(PAGE), PAGE);
	guest_number(&guest, guest_store, TEST_RAM, 1);
	guest_number(&guest, guest_stg, with_tag(TEST_RAM, 7), 0);
	tagged = guest_number(&guest, guest_ldg, TEST_RAM, 0);
	guest_destroy(&guest);
	return expect("tag", tag_of(tagged), 0);
}

static bool cannot_copy_tags(void)
{
	struct guest guest = guest_create(false);
	unsigned char tags[TAGS_PER_PAGE];
	struct kvm_arm_copy_mte_tags copy = {
		.guest_ipa = TEST_RAM,
		.length = PAGE,
		.addr = tags,
		.flags = KVM_ARM_TAGS_FROM_GUEST,
	};
	int result;

	guest_must_take(&guest, fresh_memory(PAGE), PAGE);
	result = ioctl(guest.vm.fd, KVM_ARM_MTE_COPY_TAGS, &copy) ? errno : 0;
	guest_destroy(&guest);
	return expect("errno", result, EINVAL);
}

static bool uses_file(int flags)
{
	struct guest guest = guest_create(false);
	uint64_t *memory = untagged_memory(PAGE, flags);
	uint64_t seen = 0;
	bool fits;

	memory[0] = 0x5eed;
	fits = expect("slot", guest_give(&guest, memory, PAGE), 0);
	if (fits)
		seen = guest_number(&guest, guest_load, TEST_RAM, 0);
	guest_destroy(&guest);
	return fits && expect("word", seen, 0x5eed);
}

static bool uses_shared_file(void)
{
	return uses_file(MAP_SHARED);
}

static bool uses_private_file(void)
{
	return uses_file(MAP_PRIVATE);
}

const struct check plain_checks[] = {
	{ "without the capability: no MTE in ID_AA64PFR1_EL1", hides_mte },
	{ "without the capability: GCR_EL1 is undefined", has_no_registers },
	{ "without the capability: STG stores no tag", stores_no_tag },
	{ "without the capability: COPY_TAGS is EINVAL", cannot_copy_tags },
	{ "without the capability: a shared file is memory", uses_shared_file },
	{ "without the capability: a private file is memory", uses_private_file },
	{ }
};
