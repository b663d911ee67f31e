/* SPDX-License-Identifier: GPL-2.0-only */
/* What /dev/secondary_tlb hands out. */
#ifndef KVERDICT_SECONDARY_TLB_H
#define KVERDICT_SECONDARY_TLB_H

#include <linux/types.h>

#define SECONDARY_TLB_DEVICE	"secondary_tlb"

/* An invalidation: start is the first address, end the one after the last. */
struct secondary_tlb_event {
	__u64 start;
	__u64 end;
};

/*
 * A read() gives all events since the last one and wants room for this many.
 * When there were more, it fails with EOVERFLOW and forgets them.
 */
#define SECONDARY_TLB_EVENTS	64

#endif
