/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A virtual machine on arm64's KVM, small enough to read: slots, vCPUs, and a
 * guest address space where virtual is physical and the MMU is on. Memory that
 * is used with the MMU off is Device memory: not cached, and without tags.
 */
#ifndef KVERDICT_KVM_ARM64_H
#define KVERDICT_KVM_ARM64_H

#include <errno.h>
#include <fcntl.h>
#include <linux/kvm.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "ktap.h"

/* The first GiB is for devices, and has none: a store there ends KVM_RUN. */
#define GUEST_MMIO	0x09000000UL
/* The second GiB is memory, as far as there are slots. Slot 0 begins it. */
#define GUEST_RAM	0x40000000UL
#define GUEST_TABLE	GUEST_RAM
#define GUEST_CODE	(GUEST_RAM + 0x10000)
#define GUEST_SLOT_SIZE	0x20000UL

struct vm {
	int fd;
	unsigned char *ram;	/* of slot 0 */
};

struct vcpu {
	int fd;
	struct kvm_run *run;
	size_t run_size;
};

#define CORE_REG(name)							\
	(KVM_REG_ARM64 | KVM_REG_SIZE_U64 | KVM_REG_ARM_CORE |		\
	 KVM_REG_ARM_CORE_REG(name))
#define X_REG(number)		(CORE_REG(regs.regs[0]) + 2 * (number))
#define PC_REG			CORE_REG(regs.pc)

#define SCTLR_EL1		ARM64_SYS_REG(3, 0, 1, 0, 0)
#define TTBR0_EL1		ARM64_SYS_REG(3, 0, 2, 0, 0)
#define TCR_EL1			ARM64_SYS_REG(3, 0, 2, 0, 2)
#define MAIR_EL1		ARM64_SYS_REG(3, 0, 10, 2, 0)
#define VBAR_EL1		ARM64_SYS_REG(3, 0, 12, 0, 0)

/* MMU, caches, and the bits that are 1 where a feature is not there. */
#define SCTLR_ON		0x30d01805UL
#define SCTLR_ATA		(1UL << 43)
#define SCTLR_TCF_SYNC		(1UL << 40)

/* EL1 with its own stack pointer, every interrupt masked: as after a reset. */
#define PSTATE_EL1H		0x3c5UL

/* Attribute 0 is a device, attribute 1 is write-back memory. */
#define MAIR_NORMAL		0xff00UL
#define MAIR_TAGGED		0xf000UL

/* 32 bits of addresses, 4 KiB, cached walks, TTBR0 only, top byte ignored. */
#define TCR_FLAT		((1UL << 37) | (1UL << 23) | (3UL << 12) | \
				 (1UL << 10) | (1UL << 8) | 32)

/* Entries of the one table, on level 1. */
#define BLOCK_DEVICE		((3UL << 53) | (1UL << 10) | 1)
#define BLOCK_MEMORY		((1UL << 54) | (1UL << 10) | (3UL << 8) | \
				 (1UL << 2) | 1)

static inline int kvm_open(void)
{
	static int fd = -1;

	if (fd < 0)
		fd = open("/dev/kvm", O_RDWR | O_CLOEXEC);
	return fd;
}

/* 0 or -errno */
static inline int vm_set_slot(const struct vm *vm, unsigned int slot,
			      unsigned int flags, uint64_t address, void *host,
			      size_t size)
{
	struct kvm_userspace_memory_region region = {
		.slot = slot,
		.flags = flags,
		.guest_phys_addr = address,
		.memory_size = size,
		.userspace_addr = (uintptr_t)host,
	};

	return ioctl(vm->fd, KVM_SET_USER_MEMORY_REGION, &region) ? -errno : 0;
}

/* 0 or -errno */
static inline int vm_enable(const struct vm *vm, unsigned int cap,
			    uint64_t argument)
{
	struct kvm_enable_cap enable = { .cap = cap, .args[0] = argument };

	return ioctl(vm->fd, KVM_ENABLE_CAP, &enable) ? -errno : 0;
}

/* Without slots: capabilities come first. */
static inline struct vm vm_create(void)
{
	struct vm vm = { .fd = ioctl(kvm_open(), KVM_CREATE_VM, 0) };

	if (vm.fd < 0)
		ktap_bail("cannot create a virtual machine");
	return vm;
}

/* Slot 0: the table, and a copy of the code with its vectors at the start. */
static inline void vm_load(struct vm *vm, const char *code, const char *end)
{
	uint64_t *table;

	vm->ram = mmap(NULL, GUEST_SLOT_SIZE, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (vm->ram == MAP_FAILED)
		ktap_bail("cannot map the guest's memory");
	table = (void *)(vm->ram + GUEST_TABLE - GUEST_RAM);
	table[0] = BLOCK_DEVICE;
	table[1] = GUEST_RAM | BLOCK_MEMORY;
	memcpy(vm->ram + GUEST_CODE - GUEST_RAM, code, end - code);
	if (vm_set_slot(vm, 0, 0, GUEST_RAM, vm->ram, GUEST_SLOT_SIZE))
		ktap_bail("cannot give the guest its memory");
}

static inline void vm_destroy(struct vm *vm)
{
	close(vm->fd);
	if (vm->ram)
		munmap(vm->ram, GUEST_SLOT_SIZE);
}

static inline void vcpu_set(const struct vcpu *vcpu, uint64_t id,
			    uint64_t value)
{
	struct kvm_one_reg reg = { .id = id, .addr = (uintptr_t)&value };

	if (ioctl(vcpu->fd, KVM_SET_ONE_REG, &reg))
		ktap_bail("cannot set a register");
}

static inline uint64_t vcpu_get(const struct vcpu *vcpu, uint64_t id)
{
	uint64_t value;
	struct kvm_one_reg reg = { .id = id, .addr = (uintptr_t)&value };

	if (ioctl(vcpu->fd, KVM_GET_ONE_REG, &reg))
		ktap_bail("cannot get a register");
	return value;
}

/* As KVM resets it: the MMU is off, and every register is for the caller. */
static inline struct vcpu vcpu_open(const struct vm *vm)
{
	struct vcpu vcpu = { .fd = ioctl(vm->fd, KVM_CREATE_VCPU, 0) };
	struct kvm_vcpu_init init;

	if (vcpu.fd < 0)
		ktap_bail("cannot create a vCPU");
	if (ioctl(vm->fd, KVM_ARM_PREFERRED_TARGET, &init) ||
	    ioctl(vcpu.fd, KVM_ARM_VCPU_INIT, &init))
		ktap_bail("cannot initialise the vCPU");
	vcpu.run_size = ioctl(kvm_open(), KVM_GET_VCPU_MMAP_SIZE, 0);
	vcpu.run = mmap(NULL, vcpu.run_size, PROT_READ | PROT_WRITE, MAP_SHARED,
			vcpu.fd, 0);
	if (vcpu.run == MAP_FAILED)
		ktap_bail("cannot map the vCPU");
	return vcpu;
}

/* The MMU is on; `sctlr` is what to set beside that, the rest is for the caller. */
static inline struct vcpu vcpu_create(const struct vm *vm, uint64_t mair,
				      uint64_t sctlr)
{
	struct vcpu vcpu = vcpu_open(vm);

	vcpu_set(&vcpu, MAIR_EL1, mair);
	vcpu_set(&vcpu, TCR_EL1, TCR_FLAT);
	vcpu_set(&vcpu, TTBR0_EL1, GUEST_TABLE);
	vcpu_set(&vcpu, VBAR_EL1, GUEST_CODE);
	vcpu_set(&vcpu, SCTLR_EL1, SCTLR_ON | sctlr);
	return vcpu;
}

static inline void vcpu_destroy(struct vcpu *vcpu)
{
	munmap(vcpu->run, vcpu->run_size);
	close(vcpu->fd);
}

#endif
