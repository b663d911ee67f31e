// SPDX-License-Identifier: GPL-2.0-only
#define _GNU_SOURCE
#include "vmm.h"

static uint64_t guest_address(const char *routine)
{
	return GUEST_CODE + (routine - guest_code);
}

struct guest guest_create(bool mte)
{
	struct guest guest = { .vm = vm_create() };

	if (mte && vm_enable(&guest.vm, KVM_CAP_ARM_MTE, 0))
		ktap_bail("cannot enable KVM_CAP_ARM_MTE");
	vm_load(&guest.vm, guest_code, guest_code_end);
	guest.vcpu = vcpu_create(&guest.vm, mte ? MAIR_TAGGED : MAIR_NORMAL,
				 mte ? SCTLR_ATA : 0);
	vcpu_set(&guest.vcpu, PC_REG, guest_address(guest_begin));
	vcpu_set(&guest.vcpu, X_REG(4), GUEST_MMIO);
	return guest;
}

void guest_destroy(struct guest *guest)
{
	vcpu_destroy(&guest->vcpu);
	vm_destroy(&guest->vm);
}

int guest_give(struct guest *guest, void *memory, size_t size)
{
	return vm_set_slot(&guest->vm, TEST_SLOT, 0, TEST_RAM, memory, size);
}

void guest_must_take(struct guest *guest, void *memory, size_t size)
{
	int result = guest_give(guest, memory, size);

	if (result) {
		ktap_note("slot: %s", strerror(-result));
		fail_check("the guest does not get its memory");
	}
}

struct answer guest_ask(struct guest *guest, const char *what, uint64_t x1,
			uint64_t x2)
{
	struct kvm_run *run = guest->vcpu.run;
	struct answer answer = { };

	vcpu_set(&guest->vcpu, X_REG(1), x1);
	vcpu_set(&guest->vcpu, X_REG(2), x2);
	vcpu_set(&guest->vcpu, X_REG(3), guest_address(what));
	/* After an exception its tags are not checked: back to a reset's state. */
	vcpu_set(&guest->vcpu, CORE_REG(regs.pstate), PSTATE_EL1H);
	if (ioctl(guest->vcpu.fd, KVM_RUN, 0)) {
		answer.error = errno;
		return answer;
	}
	if (run->exit_reason != KVM_EXIT_MMIO || !run->mmio.is_write ||
	    run->mmio.len != sizeof(answer.value)) {
		ktap_note("exit %u at 0x%llx, pc 0x%lx", run->exit_reason,
			  (unsigned long long)run->mmio.phys_addr,
			  vcpu_get(&guest->vcpu, PC_REG));
		fail_check("the guest did not answer");
	}
	memcpy(&answer.value, run->mmio.data, sizeof(answer.value));
	answer.exception = run->mmio.phys_addr != GUEST_MMIO;
	if (answer.exception)
		answer.fault = vcpu_get(&guest->vcpu, X_REG(1));
	return answer;
}

uint64_t guest_number(struct guest *guest, const char *what, uint64_t x1,
		      uint64_t x2)
{
	struct answer answer = guest_ask(guest, what, x1, x2);

	if (answer.error || answer.exception) {
		ktap_note("ESR_EL1 0x%lx, FAR_EL1 0x%lx", answer.value,
			  answer.fault);
		fail_check(answer.error ? strerror(answer.error) :
			   "the guest took an exception");
	}
	return answer.value;
}

void *fresh_memory(size_t size)
{
	void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (memory == MAP_FAILED)
		ktap_bail("cannot map memory");
	return memory;
}

int open_memfd(size_t size)
{
	int fd = memfd_create("kvm_mte", MFD_CLOEXEC);

	if (fd < 0 || ftruncate(fd, size))
		ktap_bail("cannot make a memfd");
	return fd;
}

void *map_file(int fd, size_t size, int prot, int flags)
{
	void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE | prot, flags, fd,
			    0);

	if (memory == MAP_FAILED)
		ktap_bail("cannot map a file");
	return memory;
}
