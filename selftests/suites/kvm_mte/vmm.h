/* SPDX-License-Identifier: GPL-2.0-only */
/* One machine with one vCPU, whose guest does what it is asked to. */
#ifndef KVM_MTE_VMM_H
#define KVM_MTE_VMM_H

#include "kvm_arm64.h"

#define PAGE		4096UL
#define GRANULE		16UL
#define TAGS_PER_PAGE	(PAGE / GRANULE)

#ifndef PROT_MTE
#define PROT_MTE	0x20
#endif

/* Slot 1, where the memory is that a check looks at. */
#define TEST_SLOT	1
#define TEST_RAM	(GUEST_RAM + 0x08000000UL)

/* In guest.S */
extern const char guest_code[], guest_begin[], guest_code_end[];
extern const char guest_stg[], guest_ldg[], guest_load[], guest_store[];
extern const char guest_touch[], guest_fill[], guest_count[];
extern const char guest_id_aa64pfr1[], guest_gcr[];

struct guest {
	struct vm vm;
	struct vcpu vcpu;
};

/* What the guest answered. */
struct answer {
	int error;		/* of KVM_RUN; 0: there was an answer */
	bool exception;		/* value is ESR_EL1, fault is FAR_EL1 */
	uint64_t value;
	uint64_t fault;
};

struct guest guest_create(bool mte);
void guest_destroy(struct guest *guest);

/* 0 or -errno; the memory is at TEST_RAM, where the guest is concerned */
int guest_give(struct guest *guest, void *memory, size_t size);

/* Give it, or the check has failed: for memory that is not in question. */
void guest_must_take(struct guest *guest, void *memory, size_t size);

struct answer guest_ask(struct guest *guest, const char *what, uint64_t x1,
			uint64_t x2);

/* For a question whose answer is a number: anything else fails the check. */
uint64_t guest_number(struct guest *guest, const char *what, uint64_t x1,
		      uint64_t x2);

/* Ends the check that is under way, wherever it is: it has failed. */
__noreturn void fail_check(const char *why);

/* Private memory, page by page, that nobody has touched. Ends with the program. */
void *fresh_memory(size_t size);

/* Each bails out when it cannot. `prot` is beside reading and writing. */
int open_memfd(size_t size);
void *map_file(int fd, size_t size, int prot, int flags);

static inline uint64_t with_tag(uint64_t address, unsigned int tag)
{
	return (address & ~(0xfUL << 56)) | ((uint64_t)tag << 56);
}

static inline unsigned int tag_of(uint64_t address)
{
	return (address >> 56) & 0xf;
}

#endif
