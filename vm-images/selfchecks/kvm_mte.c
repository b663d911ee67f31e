// SPDX-License-Identifier: GPL-2.0-only
/*
 * Do the tags of a virtual machine's memory do what they must?
 *
 * The guest switches its MMU on (with it off there are no tags), stores a tag,
 * loads it again, and takes a tag check fault. The host then reads the tags
 * with KVM_ARM_MTE_COPY_TAGS. A virtual machine that was not given the
 * capability must not see the extension at all.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include "kvm_guest.h"
#include "ktap.h"

#ifndef KVM_ARM_MTE_COPY_TAGS
#define KVM_ARM_TAGS_FROM_GUEST	1
struct kvm_arm_copy_mte_tags {
	__u64 guest_ipa;
	__u64 length;
	void *addr;
	__u64 flags;
	__u64 reserved[2];
};
#define KVM_ARM_MTE_COPY_TAGS \
	_IOR(KVMIO, 0xb4, struct kvm_arm_copy_mte_tags)
#endif

#define PAGE		4096
#define TABLE		(MEMORY + HALF)
#define DATA		(MEMORY + HALF + PAGE)
#define TAG		6
#define DFSC_TAG_CHECK	0x11

/*
 * x0: tables; x1: data, with a tag; x2: device. SCTLR_EL1 gets M, C, I, ATA and
 * TCF = sync; TCR_EL1 4 KiB, 32 bits, TBI0.
 */
asm(".arch armv8.5-a+memtag\n"
	".pushsection .rodata\n"
	".balign 16\n"		/* as the copy: the constants at the end are loaded */
	".globl tags_start, tags_end, vector_start, vector_end\n"
	"tags_start:\n"
	"	mrs	x9, ID_AA64PFR1_EL1\n"
	"	str	x9, [x2]\n"
	"	ldr	x9, =0xf004\n"		/* MAIR: 0 is a device, 1 tagged */
	"	msr	MAIR_EL1, x9\n"
	"	ldr	x9, =0x2000803520\n"	/* TCR */
	"	msr	TCR_EL1, x9\n"
	"	msr	TTBR0_EL1, x0\n"
	"	isb\n"
	"	mrs	x9, SCTLR_EL1\n"
	"	ldr	x10, =0x90000001005\n"
	"	orr	x9, x9, x10\n"
	"	msr	SCTLR_EL1, x9\n"
	"	isb\n"
	"	stg	x1, [x1]\n"
	"	and	x3, x1, #0x00ffffffffffffff\n"
	"	mov	x4, x3\n"
	"	ldg	x4, [x4]\n"
	"	str	x4, [x2]\n"
	"	str	x2, [x1]\n"		/* its own tag: no fault */
	"	str	x2, [x3]\n"		/* another tag */
	"	str	xzr, [x2]\n"
	"	b	.\n"
	"	.ltorg\n"
	"tags_end:\n"
	"vector_start:\n"
	"	mrs	x5, ESR_EL1\n"
	"	str	x5, [x2]\n"
	"	b	.\n"
	"vector_end:\n"
	".popsection\n");
extern const unsigned char tags_start[], tags_end[];
extern const unsigned char vector_start[], vector_end[];

/* What the guest stores to the device; anything else ends the test here. */
static uint64_t told(const struct kvm_guest *guest)
{
	uint64_t value = 0;

	run_guest(guest);
	if (guest->vcpu.run->exit_reason != KVM_EXIT_MMIO ||
	    !guest->vcpu.run->mmio.is_write || guest->vcpu.run->mmio.len != 8) {
		ktap_note("exit reason %u", guest->vcpu.run->exit_reason);
		errno = EPROTO;
		ktap_bail("the guest did not store to the device");
	}
	memcpy(&value, guest->vcpu.run->mmio.data, sizeof(value));
	return value;
}

static unsigned int mte_field(uint64_t pfr1)
{
	return pfr1 >> 8 & 0xf;
}

static void load_code(const struct kvm_guest *guest)
{
	uint64_t *table = (uint64_t *)(guest->memory + HALF);

	memcpy(guest->memory, tags_start, tags_end - tags_start);
	memcpy(guest->memory + VECTORS + SYNC_VECTOR, vector_start,
	       vector_end - vector_start);
	table[0] = BLOCK_DEVICE;
	table[1] = MEMORY | BLOCK_MEMORY;
	__builtin___clear_cache((char *)guest->memory,
				(char *)guest->memory + GUEST_BYTES);
	vcpu_set(&guest->vcpu, X_REG(0), TABLE);
	vcpu_set(&guest->vcpu, X_REG(1), DATA | (uint64_t)TAG << 56);
	vcpu_set(&guest->vcpu, X_REG(2), DEVICE);
	vcpu_set(&guest->vcpu, PC_REG, MEMORY);
}

static void test_copy(const struct kvm_guest *guest)
{
	unsigned char tags[PAGE / 16];
	struct kvm_arm_copy_mte_tags copy = {
		.guest_ipa = DATA,
		.length = PAGE,
		.addr = tags,
		.flags = KVM_ARM_TAGS_FROM_GUEST,
	};
	unsigned int i, others = 0;

	memset(tags, 0xff, sizeof(tags));
	ktap_result(ioctl(guest->vm.fd, KVM_ARM_MTE_COPY_TAGS, &copy) >= 0,
		    "the host reads the tags of a page");
	for (i = 1; i < sizeof(tags); i++)
		others += tags[i] != 0;
	ktap_result(tags[0] == TAG && !others,
		    "they are what the guest stored, the others are zero");
}

int main(void)
{
	struct kvm_guest plain, tagged;
	uint64_t value;

	ktap_plan(7);
	open_guest(&plain, false);
	ktap_result(ioctl(plain.vm.fd, KVM_CHECK_EXTENSION, KVM_CAP_ARM_MTE) > 0,
		    "KVM_CAP_ARM_MTE is there");
	load_code(&plain);
	ktap_result(mte_field(told(&plain)) == 0,
		    "without the capability a guest sees no tags");

	open_guest(&tagged, true);
	load_code(&tagged);
	ktap_result(mte_field(told(&tagged)) >= 2,
		    "with it, it sees the extension");
	value = told(&tagged);
	ktap_result(value == (DATA | (uint64_t)TAG << 56),
		    "a stored tag is loaded again");
	value = told(&tagged);
	if ((value & 0x3f) != DFSC_TAG_CHECK)
		ktap_note("it said %#llx", (unsigned long long)value);
	ktap_result((value & 0x3f) == DFSC_TAG_CHECK,
		    "a store with another tag is a tag check fault");
	test_copy(&tagged);
	return ktap_exit_code();
}
