/* SPDX-License-Identifier: GPL-2.0-only */
/* Accesses whose tags the processor checks, and the faults that tell of it. */
#ifndef KVERDICT_MTE_FAULTS_H
#define KVERDICT_MTE_FAULTS_H

#include <setjmp.h>
#include <signal.h>
#include <stdint.h>
#include <sys/prctl.h>

#include "ktap.h"

#define ASYNC_FAULT	8	/* SEGV_MTEAERR */
#define SYNC_FAULT	9	/* SEGV_MTESERR */

/* For PR_SET_TAGGED_ADDR_CTRL, as in linux/prctl.h of 5.10 and newer. */
#define TAGGED_ADDRESSES	(1UL << 0)
#define TCF_SYNC		(1UL << 1)
#define TCF_ASYNC		(1UL << 2)
#define INCLUDE_TAGS(mask)	((unsigned long)(mask) << 3)

static sigjmp_buf out_of_handler;
static volatile sig_atomic_t expecting, fault_code;
static void *volatile fault_address;

static inline void on_fault(int signal, siginfo_t *info, void *context)
{
	(void)signal;
	(void)context;
	fault_code = info->si_code;
	fault_address = info->si_addr;
	if (expecting)
		siglongjmp(out_of_handler, 1);
	/* A late one is noted; without an end a synchronous one comes again. */
	if (info->si_code != ASYNC_FAULT)
		ktap_bail("a tag check fault that nothing here asks for");
}

static inline void set_mode(unsigned long mode, unsigned int tags)
{
	if (prctl(PR_SET_TAGGED_ADDR_CTRL,
		  TAGGED_ADDRESSES | mode | INCLUDE_TAGS(tags), 0, 0, 0))
		ktap_bail("cannot set the mode of tag checks");
}

/* The code of the fault that an access of 8 bytes meets; 0: none. */
static inline int read_at(unsigned char *p)
{
	uint64_t value;

	fault_code = 0;
	expecting = 1;
	if (!sigsetjmp(out_of_handler, 1))
		asm volatile("ldr %0, [%1]" : "=r" (value) : "r" (p) : "memory");
	expecting = 0;
	return fault_code;
}

static inline int write_at(unsigned char *p, uint64_t value)
{
	fault_code = 0;
	expecting = 1;
	if (!sigsetjmp(out_of_handler, 1))
		asm volatile("str %0, [%1]" : : "r" (value), "r" (p) : "memory");
	expecting = 0;
	return fault_code;
}

#endif
