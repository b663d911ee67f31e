/* SPDX-License-Identifier: GPL-2.0-only */
/* For what a kernel cannot be asked: which release it says it is. */
#ifndef KVERDICT_KERNEL_RELEASE_H
#define KVERDICT_KERNEL_RELEASE_H

#include <stdbool.h>
#include <stdio.h>
#include <sys/utsname.h>

#include "ktap.h"

static inline bool kernel_is_before(unsigned int major, unsigned int minor)
{
	unsigned int its_major, its_minor;
	struct utsname names;

	if (uname(&names) ||
	    sscanf(names.release, "%u.%u", &its_major, &its_minor) != 2)
		ktap_bail("cannot tell the kernel's release");
	return its_major < major || (its_major == major && its_minor < minor);
}

#endif
