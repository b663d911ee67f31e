/* SPDX-License-Identifier: GPL-2.0-only */
/* The tags of memory: the instructions that store and load them. */
#ifndef KVERDICT_MTE_TAGS_H
#define KVERDICT_MTE_TAGS_H

#include <stdint.h>

/* The compiler need not be asked for it: only these lines use it. */
#define MEMTAG	".arch armv8.5-a+memtag\n\t"

#define GRANULE		16
#define TAGS		16

#define with_tag(p, tag) \
	((unsigned char *)(((uintptr_t)(p) & ~(0xfUL << 56)) | \
			   ((uintptr_t)(tag) << 56)))
#define tag_of(p)	((unsigned int)(((uintptr_t)(p) >> 56) & 0xf))

static inline void store_tag(unsigned char *p)
{
	asm volatile(MEMTAG "stg %0, [%0]"
		     : : "r" (p) : "memory");
}

static inline void store_two_tags(unsigned char *p)
{
	asm volatile(MEMTAG "st2g %0, [%0]"
		     : : "r" (p) : "memory");
}

static inline void store_tag_and_zero(unsigned char *p)
{
	asm volatile(MEMTAG "stzg %0, [%0]"
		     : : "r" (p) : "memory");
}

static inline unsigned int load_tag(unsigned char *p)
{
	asm volatile(MEMTAG "ldg %0, [%0]"
		     : "+r" (p) : : "memory");
	return tag_of(p);
}

static inline unsigned char *random_tag(unsigned char *p)
{
	asm volatile(MEMTAG "irg %0, %0" : "+r" (p));
	return p;
}

#endif
