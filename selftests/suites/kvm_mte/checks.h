/* SPDX-License-Identifier: GPL-2.0-only */
/* A check is one KTAP line. Each makes its own machine. */
#ifndef KVM_MTE_CHECKS_H
#define KVM_MTE_CHECKS_H

#include <inttypes.h>

#include "vmm.h"

struct check {
	const char *name;	/* NULL: the end of a table */
	bool (*passes)(void);
};

extern const struct check plain_checks[], tag_checks[], fresh_checks[];
extern const struct check copy_checks[], slot_checks[];

/* Set by a check that finds that it cannot look at anything. */
extern const char *skip_reason;

/*
 * False, and a reason to skip, on a kernel that refuses shared memory to guests
 * with tags and is too old to know better. A later one has to take it.
 */
bool may_share_memory(void);

/* Memory of a file that cannot have tags. */
void *untagged_memory(size_t size, int flags);

/* Store the tag 10 in nearly all free memory, and give it back. */
void dirty_free_memory(void);

static inline bool expect(const char *what, int64_t got, int64_t wanted)
{
	if (got != wanted)
		ktap_note("%s: %" PRId64 ", expected %" PRId64, what, got,
			  wanted);
	return got == wanted;
}

#endif
