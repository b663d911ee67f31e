/* SPDX-License-Identifier: GPL-2.0-only */
/* A virtual machine with one vCPU and one block of memory. */
#ifndef KVERDICT_KVM_GUEST_H
#define KVERDICT_KVM_GUEST_H

#include <fcntl.h>
#include <linux/kvm.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "ktap.h"

#ifndef KVM_CAP_ARM_MTE
#define KVM_CAP_ARM_MTE	205	/* 5.14 and newer */
#endif

#define MEMORY		0x40000000UL	/* guest physical */
#define GUEST_BYTES	0x10000UL
#define HALF		(GUEST_BYTES / 2)
#define DEVICE		0x09000000UL	/* nothing is there */

#define CORE_REGISTER(offset) \
	(KVM_REG_ARM64 | KVM_REG_SIZE_U64 | KVM_REG_ARM_CORE | (offset) / 4)
#define X_REGISTER(n)	CORE_REGISTER(8UL * (n))
#define PC_REGISTER	CORE_REGISTER(8UL * 32)
#define ELR_REGISTER	CORE_REGISTER(8UL * 35)
#define ESR_REGISTER	ARM64_SYS_REG(3, 0, 5, 2, 0)
#define FAR_REGISTER	ARM64_SYS_REG(3, 0, 6, 0, 0)

#define VBAR_REGISTER	ARM64_SYS_REG(3, 0, 12, 0, 0)

#define VECTORS		0x800	/* from the start of the code */
#define SYNC_VECTOR	0x200	/* same level, stack of its own */
#define BRANCH_TO_ITSELF	0x14000000
#define RUN_SECONDS	10

struct kvm_guest {
	int kvm;
	int vm;
	int vcpu;
	struct kvm_run *run;
	unsigned char *memory;
};

static inline void set_register(const struct kvm_guest *guest, uint64_t id,
				uint64_t value)
{
	struct kvm_one_reg reg = { .id = id, .addr = (uintptr_t)&value };

	if (ioctl(guest->vcpu, KVM_SET_ONE_REG, &reg))
		ktap_bail("KVM_SET_ONE_REG");
}

static inline uint64_t get_register(const struct kvm_guest *guest, uint64_t id)
{
	uint64_t value = 0;
	struct kvm_one_reg reg = { .id = id, .addr = (uintptr_t)&value };

	if (ioctl(guest->vcpu, KVM_GET_ONE_REG, &reg))
		ktap_bail("KVM_GET_ONE_REG");
	return value;
}

static inline void on_alarm(int signal)
{
	(void)signal;	/* KVM_RUN returns, and that is all. */
}

/* A guest that takes a wrong turn never comes back by itself. */
static inline void run_guest(const struct kvm_guest *guest)
{
	struct sigaction action = { .sa_handler = on_alarm };

	sigaction(SIGALRM, &action, NULL);
	alarm(RUN_SECONDS);
	if (!ioctl(guest->vcpu, KVM_RUN, NULL)) {
		alarm(0);
		return;
	}
	ktap_note("x2 %#llx, x3 %#llx, pc %#llx, ESR_EL1 %#llx, ELR_EL1 %#llx, FAR_EL1 %#llx",
		  (unsigned long long)get_register(guest, X_REGISTER(2)),
		  (unsigned long long)get_register(guest, X_REGISTER(3)),
		  (unsigned long long)get_register(guest, PC_REGISTER),
		  (unsigned long long)get_register(guest, ESR_REGISTER),
		  (unsigned long long)get_register(guest, ELR_REGISTER),
		  (unsigned long long)get_register(guest, FAR_REGISTER));
	ktap_bail("KVM_RUN");
}

static inline void map_memory(struct kvm_guest *guest)
{
	struct kvm_userspace_memory_region region = {
		.guest_phys_addr = MEMORY,
		.memory_size = GUEST_BYTES,
	};
	uint32_t *code;
	size_t i;

	guest->memory = mmap(NULL, GUEST_BYTES, PROT_READ | PROT_WRITE,
			     MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (guest->memory == MAP_FAILED)
		ktap_bail("cannot map the guest's memory");
	code = (uint32_t *)guest->memory;
	region.userspace_addr = (uintptr_t)guest->memory;
	if (ioctl(guest->vm, KVM_SET_USER_MEMORY_REGION, &region))
		ktap_bail("KVM_SET_USER_MEMORY_REGION");
	/* An exception nobody waits for stays where it can be looked at. */
	for (i = 0; i < HALF / sizeof(*code); i++)
		code[i] = BRANCH_TO_ITSELF;
}

/* With tags: the guest may use MTE. */
static inline void open_guest(struct kvm_guest *guest, bool tags)
{
	struct kvm_enable_cap mte = { .cap = KVM_CAP_ARM_MTE };
	struct kvm_vcpu_init init = { 0 };
	int bytes;

	guest->kvm = open("/dev/kvm", O_RDWR | O_CLOEXEC);
	if (guest->kvm < 0)
		ktap_bail("cannot open /dev/kvm");
	if (ioctl(guest->kvm, KVM_GET_API_VERSION, 0) != KVM_API_VERSION)
		ktap_bail("KVM_GET_API_VERSION");
	guest->vm = ioctl(guest->kvm, KVM_CREATE_VM, 0);
	if (guest->vm < 0)
		ktap_bail("KVM_CREATE_VM");
	if (tags && ioctl(guest->vm, KVM_ENABLE_CAP, &mte))
		ktap_bail("KVM_ENABLE_CAP of KVM_CAP_ARM_MTE");
	map_memory(guest);
	guest->vcpu = ioctl(guest->vm, KVM_CREATE_VCPU, 0);
	if (guest->vcpu < 0)
		ktap_bail("KVM_CREATE_VCPU");
	if (ioctl(guest->vm, KVM_ARM_PREFERRED_TARGET, &init) ||
	    ioctl(guest->vcpu, KVM_ARM_VCPU_INIT, &init))
		ktap_bail("KVM_ARM_VCPU_INIT");
	set_register(guest, VBAR_REGISTER, MEMORY + VECTORS);
	bytes = ioctl(guest->kvm, KVM_GET_VCPU_MMAP_SIZE, 0);
	if (bytes < (int)sizeof(struct kvm_run))
		ktap_bail("KVM_GET_VCPU_MMAP_SIZE");
	guest->run = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED,
			  guest->vcpu, 0);
	if (guest->run == MAP_FAILED)
		ktap_bail("cannot map the vCPU");
}

#endif
