// SPDX-License-Identifier: GPL-2.0-only
/* The guest's own use of tags, and what the host does to memory that has them. */
#include "checks.h"

#define ESR_EC(value)		(((value) >> 26) & 0x3f)
#define ESR_DFSC(value)		((value) & 0x3f)
#define EC_DATA_ABORT		0x25	/* taken from EL1 to EL1 */
#define DFSC_TAG_CHECK		0x11

static bool is_too_late_after_vcpu(void)
{
	struct vm vm = vm_create();
	int vcpu = ioctl(vm.fd, KVM_CREATE_VCPU, 0);
	int result = vm_enable(&vm, KVM_CAP_ARM_MTE, 0);

	close(vcpu);
	vm_destroy(&vm);
	return expect("KVM_ENABLE_CAP", result, -EINVAL);
}

static bool shows_mte(void)
{
	struct guest guest = guest_create(true);
	uint64_t id = guest_number(&guest, guest_id_aa64pfr1, 0, 0);

	guest_destroy(&guest);
	ktap_note("ID_AA64PFR1_EL1.MTE is %u", (unsigned int)(id >> 8) & 0xf);
	return ((id >> 8) & 0xf) >= 2;
}

static bool stores_and_loads(void)
{
	struct guest guest = guest_create(true);
	bool same = true;
	unsigned int i;

	guest_must_take(&guest, fresh_memory(PAGE), PAGE);
	/* What fresh pages have is not the question here. */
	guest_number(&guest, guest_fill, TEST_RAM, TEST_RAM + PAGE);
	guest_number(&guest, guest_store, TEST_RAM, 0xda7a);
	for (i = 0; i < 16; i++)
		guest_number(&guest, guest_stg,
			     with_tag(TEST_RAM + i * GRANULE, i), 0);
	for (i = 0; i < 16; i++)
		same &= expect("tag", tag_of(guest_number(&guest, guest_ldg,
				TEST_RAM + i * GRANULE, 0)), i);
	same &= expect("granules with a tag",
		       guest_number(&guest, guest_count, TEST_RAM,
				    TEST_RAM + PAGE), 15);
	same &= expect("data", guest_number(&guest, guest_load, TEST_RAM, 0),
		       0xda7a);
	guest_destroy(&guest);
	return same;
}

/* A guest with a word at TEST_RAM whose granule has the tag 3. */
static struct guest tagged_word(uint64_t sctlr)
{
	struct guest guest = guest_create(true);

	guest_must_take(&guest, fresh_memory(PAGE), PAGE);
	guest_number(&guest, guest_store, TEST_RAM, 0xda7a);
	guest_number(&guest, guest_stg, with_tag(TEST_RAM, 3), 0);
	vcpu_set(&guest.vcpu, SCTLR_EL1, SCTLR_ON | SCTLR_ATA | sctlr);
	return guest;
}

static bool faults_on_other_tag(void)
{
	struct guest guest = tagged_word(SCTLR_TCF_SYNC);
	struct answer answer;

	answer = guest_ask(&guest, guest_load, with_tag(TEST_RAM, 4), 0);
	guest_destroy(&guest);
	return expect("KVM_RUN", answer.error, 0) &&
	       expect("exception", answer.exception, true) &&
	       expect("ESR_EL1.EC", ESR_EC(answer.value), EC_DATA_ABORT) &&
	       expect("ESR_EL1.DFSC", ESR_DFSC(answer.value), DFSC_TAG_CHECK) &&
	       expect("FAR_EL1", with_tag(answer.fault, 0), TEST_RAM);
}

static bool loads_with_tag(uint64_t sctlr, unsigned int tag)
{
	struct guest guest = tagged_word(sctlr);
	struct answer answer;

	answer = guest_ask(&guest, guest_load, with_tag(TEST_RAM, tag), 0);
	guest_destroy(&guest);
	return expect("KVM_RUN", answer.error, 0) &&
	       expect("exception", answer.exception, false) &&
	       expect("word", answer.value, 0xda7a);
}

static bool loads_with_its_tag(void)
{
	return loads_with_tag(SCTLR_TCF_SYNC, 3);
}

static bool loads_unchecked(void)
{
	return loads_with_tag(0, 4);
}

static bool survives_host_writes(void)
{
	struct guest guest = guest_create(true);
	unsigned char *memory = fresh_memory(4 * PAGE);
	uint64_t end = TEST_RAM + 4 * PAGE;
	unsigned int low, high;

	guest_must_take(&guest, memory, 4 * PAGE);
	guest_number(&guest, guest_touch, TEST_RAM, end);
	guest_number(&guest, guest_fill, with_tag(TEST_RAM, 9), with_tag(end, 9));
	memset(memory, 0x55, 4 * PAGE);
	low = tag_of(guest_number(&guest, guest_ldg, TEST_RAM, 0));
	high = tag_of(guest_number(&guest, guest_ldg, end - GRANULE, 0));
	guest_destroy(&guest);
	return expect("first tag", low, 9) && expect("last tag", high, 9);
}

static uint64_t host_ldg(void *address)
{
	void *tagged = address;

	asm volatile(".arch armv8.5-a+memtag\n\tldg %0, [%1]"
		     : "+r"(tagged) : "r"(address) : "memory");
	return (uintptr_t)tagged;
}

/* The same page of a memfd, plain and with PROT_MTE. */
static void map_twice(unsigned char **plain, unsigned char **tagged)
{
	int fd = open_memfd(PAGE);

	*plain = map_file(fd, PAGE, 0, MAP_SHARED);
	*tagged = map_file(fd, PAGE, PROT_MTE, MAP_SHARED);
	close(fd);
}

static bool shows_tags_to_host(void)
{
	struct guest guest;
	unsigned char *plain, *tagged;
	uint64_t seen;

	if (!may_share_memory())
		return false;
	guest = guest_create(true);
	map_twice(&plain, &tagged);
	guest_must_take(&guest, plain, PAGE);
	guest_number(&guest, guest_store, TEST_RAM, 1);
	guest_number(&guest, guest_stg, with_tag(TEST_RAM + GRANULE, 6), 0);
	seen = host_ldg(tagged + GRANULE);
	guest_destroy(&guest);
	return expect("tag", tag_of(seen), 6);
}

static bool shows_tags_of_host(void)
{
	struct guest guest;
	unsigned char *plain, *tagged;
	uint64_t pointer;
	unsigned int seen;

	if (!may_share_memory())
		return false;
	guest = guest_create(true);
	map_twice(&plain, &tagged);
	tagged[0] = 1;
	pointer = with_tag((uintptr_t)tagged + GRANULE, 12);
	asm volatile(".arch armv8.5-a+memtag\n\tstg %0, [%0]"
		     : : "r"(pointer) : "memory");
	guest_must_take(&guest, plain, PAGE);
	guest_number(&guest, guest_store, TEST_RAM, 1);
	seen = tag_of(guest_number(&guest, guest_ldg, TEST_RAM + GRANULE, 0));
	guest_destroy(&guest);
	return expect("tag", seen, 12);
}

const struct check tag_checks[] = {
	{ "the capability is refused once there is a vCPU",
	  is_too_late_after_vcpu },
	{ "the guest sees MTE in ID_AA64PFR1_EL1", shows_mte },
	{ "LDG loads what STG stored, and data stays", stores_and_loads },
	{ "a load with another tag is a tag check fault", faults_on_other_tag },
	{ "a load with its tag is none", loads_with_its_tag },
	{ "a load with another tag is none with checks off", loads_unchecked },
	{ "tags survive writes of the host", survives_host_writes },
	{ "a PROT_MTE mapping of the host shows the guest's tags",
	  shows_tags_to_host },
	{ "the guest loads tags that the host stored", shows_tags_of_host },
	{ }
};
