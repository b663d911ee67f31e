/* SPDX-License-Identifier: GPL-2.0-only */
/* A virtual machine with one vCPU and one block of memory; its MMU is off. */
#ifndef KVERDICT_KVM_GUEST_H
#define KVERDICT_KVM_GUEST_H

#include <signal.h>

#include "kvm_arm64.h"

#ifndef KVM_CAP_ARM_MTE
#define KVM_CAP_ARM_MTE	205	/* 5.14 and newer */
#endif

#define MEMORY		GUEST_RAM	/* guest physical */
#define GUEST_BYTES	0x10000UL
#define HALF		(GUEST_BYTES / 2)
#define DEVICE		GUEST_MMIO	/* nothing is there */

#define ELR_EL1		CORE_REG(elr_el1)
#define ESR_EL1		ARM64_SYS_REG(3, 0, 5, 2, 0)
#define FAR_EL1		ARM64_SYS_REG(3, 0, 6, 0, 0)

#define VECTORS		0x800	/* from the start of the code */
#define SYNC_VECTOR	0x200	/* same level, stack of its own */
#define BRANCH_TO_ITSELF	0x14000000
#define RUN_SECONDS	10

struct kvm_guest {
	struct vm vm;
	struct vcpu vcpu;
	unsigned char *memory;
};

static inline void on_alarm(int signal)
{
	(void)signal;	/* KVM_RUN returns, and that is all. */
}

static inline unsigned long long guest_reg(const struct kvm_guest *guest,
					   uint64_t id)
{
	return vcpu_get(&guest->vcpu, id);
}

/* A guest that takes a wrong turn never comes back by itself. */
static inline void run_guest(const struct kvm_guest *guest)
{
	struct sigaction action = { .sa_handler = on_alarm };

	sigaction(SIGALRM, &action, NULL);
	alarm(RUN_SECONDS);
	if (!ioctl(guest->vcpu.fd, KVM_RUN, NULL)) {
		alarm(0);
		return;
	}
	ktap_note("x2 %#llx, x3 %#llx, pc %#llx, ESR_EL1 %#llx, ELR_EL1 %#llx, FAR_EL1 %#llx",
		  guest_reg(guest, X_REG(2)), guest_reg(guest, X_REG(3)),
		  guest_reg(guest, PC_REG), guest_reg(guest, ESR_EL1),
		  guest_reg(guest, ELR_EL1), guest_reg(guest, FAR_EL1));
	ktap_bail("KVM_RUN");
}

static inline void map_memory(struct kvm_guest *guest)
{
	uint32_t *code;
	size_t i;

	guest->memory = mmap(NULL, GUEST_BYTES, PROT_READ | PROT_WRITE,
			     MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (guest->memory == MAP_FAILED)
		ktap_bail("cannot map the guest's memory");
	if (vm_set_slot(&guest->vm, 0, 0, MEMORY, guest->memory, GUEST_BYTES))
		ktap_bail("cannot give the guest its memory");
	code = (uint32_t *)guest->memory;
	/* An exception nobody waits for stays where it can be looked at. */
	for (i = 0; i < HALF / sizeof(*code); i++)
		code[i] = BRANCH_TO_ITSELF;
}

/* With tags: the guest may use MTE. */
static inline void open_guest(struct kvm_guest *guest, bool tags)
{
	if (kvm_open() < 0)
		ktap_bail("cannot open /dev/kvm");
	if (ioctl(kvm_open(), KVM_GET_API_VERSION, 0) != KVM_API_VERSION)
		ktap_bail("KVM_GET_API_VERSION");
	guest->vm = vm_create();
	if (tags && vm_enable(&guest->vm, KVM_CAP_ARM_MTE, 0))
		ktap_bail("KVM_ENABLE_CAP of KVM_CAP_ARM_MTE");
	map_memory(guest);
	guest->vcpu = vcpu_open(&guest->vm);
	vcpu_set(&guest->vcpu, VBAR_EL1, MEMORY + VECTORS);
}

#endif
