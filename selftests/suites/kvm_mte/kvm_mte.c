// SPDX-License-Identifier: GPL-2.0-only
/*
 * Memory tags of virtual machines: what KVM_CAP_ARM_MTE promises, seen with a
 * machine monitor of our own and a guest that does one thing at a time.
 *
 *	plain.c	without the capability nothing has changed
 *	tags.c	a guest's tags, and the host beside it
 *	fresh.c	no tag of an earlier owner of a page is seen
 *	copy.c	KVM_ARM_MTE_COPY_TAGS
 *	slots.c	memory that cannot have tags is refused
 */
#include <setjmp.h>
#include <sys/auxv.h>

#include "checks.h"

#ifndef HWCAP2_MTE
#define HWCAP2_MTE	(1UL << 18)
#endif

const char *skip_reason;
static jmp_buf check_ends;

static const struct check * const tables[] = {
	plain_checks, tag_checks, fresh_checks, copy_checks, slot_checks,
};

void fail_check(const char *why)
{
	ktap_note("%s", why);
	longjmp(check_ends, 1);
}

/* NULL: it can be tested. */
static const char *why_not(void)
{
	if (!(getauxval(AT_HWCAP2) & HWCAP2_MTE))
		return "no memory tags: no FEAT_MTE2, or CONFIG_ARM64_MTE is off";
	if (kvm_open() < 0)
		return "no /dev/kvm: no EL2, or CONFIG_KVM is off";
	if (ioctl(kvm_open(), KVM_CHECK_EXTENSION, KVM_CAP_ARM_MTE) != 1)
		return "no KVM_CAP_ARM_MTE: it is in 5.14 and newer";
	return NULL;
}

static bool passes(const struct check *check)
{
	return !setjmp(check_ends) && check->passes();
}

static void run(const struct check *check, const char *reason)
{
	bool passed;

	skip_reason = reason;
	passed = !reason && passes(check);
	if (skip_reason)
		ktap_skip(check->name, skip_reason);
	else
		ktap_result(passed, check->name);
}

int main(void)
{
	const struct check *check;
	const char *reason;
	unsigned int count = 0;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(tables); i++)
		for (check = tables[i]; check->name; check++)
			count++;
	ktap_plan(count);
	reason = why_not();
	if (!reason)
		dirty_free_memory();
	for (i = 0; i < ARRAY_SIZE(tables); i++)
		for (check = tables[i]; check->name; check++)
			run(check, reason);
	return ktap_exit_code();
}
