/* SPDX-License-Identifier: GPL-2.0-only */
/* What /dev/secondary_tlb says of one action. */
#ifndef MMU_NOTIFIER_LISTEN_H
#define MMU_NOTIFIER_LISTEN_H

#include "cases.h"
#include "secondary_tlb.h"

/* Of the last action. */
extern struct secondary_tlb_event events[SECONDARY_TLB_EVENTS];

/* NULL, or why nothing can be heard. */
const char *start_listening(void);

/*
 * Number of events that the action brought about; more than
 * SECONDARY_TLB_EVENTS: too many, and they are lost.
 */
int act_and_listen(const struct test *test, struct page *page);

#endif
