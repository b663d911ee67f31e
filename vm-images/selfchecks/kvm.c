// SPDX-License-Identifier: GPL-2.0-only
/*
 * Does KVM inside this machine run a virtual machine to a known answer?
 *
 * One vCPU, one page of code, the MMU off. The code adds up 1 to 100, stores
 * the sum in memory, tells it by a store where no memory is (an exit to us),
 * reads that address back from us, and stores what we said. What is in the
 * registers and in the memory is then known to the bit.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "kvm_guest.h"
#include "ktap.h"

#define SUM		5050
#define ANSWER		0x1122334455667788

/* x0: the page's second half; x1: where no memory is. */
asm(".pushsection .rodata\n"
	".balign 4\n"
	".globl guest_start, guest_end\n"
	"guest_start:\n"
	"	mov	x2, #0\n"
	"	mov	x3, #100\n"
	"1:	add	x2, x2, x3\n"
	"	subs	x3, x3, #1\n"
	"	b.ne	1b\n"
	"	str	x2, [x0]\n"
	"	str	x2, [x1]\n"
	"	ldr	x4, [x1]\n"
	"	str	x4, [x0, #8]\n"
	"	mrs	x5, CurrentEL\n"
	"	str	x5, [x1]\n"
	"	b	.\n"
	"guest_end:\n"
	".popsection\n");
extern const unsigned char guest_start[], guest_end[];

static bool is_mmio(const struct kvm_run *run, bool write)
{
	return run->exit_reason == KVM_EXIT_MMIO &&
	       run->mmio.phys_addr == DEVICE && run->mmio.len == 8 &&
	       run->mmio.is_write == write;
}

static uint64_t stored(const struct kvm_run *run)
{
	uint64_t value;

	memcpy(&value, run->mmio.data, sizeof(value));
	return value;
}

int main(void)
{
	struct kvm_guest guest;
	uint64_t answer = ANSWER, *memory;

	ktap_plan(6);
	open_guest(&guest, false);
	ktap_result(true, "a virtual machine with a vCPU is made");
	memory = (uint64_t *)(guest.memory + HALF);
	memcpy(guest.memory, guest_start, guest_end - guest_start);
	__builtin___clear_cache((char *)guest.memory,
				(char *)guest.memory + GUEST_BYTES);
	vcpu_set(&guest.vcpu, X_REG(0), MEMORY + HALF);
	vcpu_set(&guest.vcpu, X_REG(1), DEVICE);
	vcpu_set(&guest.vcpu, PC_REG, MEMORY);

	run_guest(&guest);
	ktap_result(is_mmio(guest.vcpu.run, true) && stored(guest.vcpu.run) == SUM,
		    "the sum arrives by a store to a device");
	ktap_result(memory[0] == SUM, "and is in the memory");
	run_guest(&guest);
	ktap_result(is_mmio(guest.vcpu.run, false), "a load from a device asks us");
	memcpy(guest.vcpu.run->mmio.data, &answer, sizeof(answer));
	run_guest(&guest);
	ktap_result(memory[1] == ANSWER, "what we said arrives");
	/* Bits 3:2, and nothing else. */
	ktap_result(is_mmio(guest.vcpu.run, true) && stored(guest.vcpu.run) == 1 << 2,
		    "the guest runs in EL1");
	return ktap_exit_code();
}
