/* SPDX-License-Identifier: GPL-2.0-only */
/* What the SMMU's driver says in the kernel's log about events. */
#ifndef KVERDICT_FAULT_LOG_H
#define KVERDICT_FAULT_LOG_H

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "ktap.h"

/* Event numbers of the SMMUv3 architecture. */
#define SMMU_TRANSLATION_FAULT	0x10
#define SMMU_PERMISSION_FAULT	0x13
#define SMMU_NO_EVENT		0

/* The driver prints from a thread; emulated, that may take its time. */
#define FAULT_MILLISECONDS	3000
/* How long silence is listened to. */
#define SILENCE_MILLISECONDS	300

static int kernel_log = -1;

/* From here on. */
static inline void listen_for_faults(void)
{
	if (kernel_log < 0)
		kernel_log = open("/dev/kmsg",
				  O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	if (kernel_log < 0 || lseek(kernel_log, 0, SEEK_END) < 0)
		ktap_bail("cannot read /dev/kmsg");
}

/* The next event that is there; SMMU_NO_EVENT when there is none. */
static inline unsigned long next_event(void)
{
	static const char words[] = ": event 0x";
	char record[2048];
	const char *event;
	ssize_t size;

	for (;;) {
		size = read(kernel_log, record, sizeof(record) - 1);
		/* Records were overwritten before they were read. */
		if (size < 0 && errno == EPIPE)
			continue;
		if (size < 0 && errno == EAGAIN)
			return SMMU_NO_EVENT;
		if (size < 0)
			ktap_bail("cannot read /dev/kmsg");
		record[size] = '\0';
		event = strstr(record, words);
		if (event && strstr(record, "arm-smmu-v3"))
			return strtoul(event + strlen(words), NULL, 16);
	}
}

/* True when this event and no other came; SMMU_NO_EVENT means silence. */
static inline bool heard(unsigned long expected)
{
	int left = expected == SMMU_NO_EVENT ? SILENCE_MILLISECONDS :
					       FAULT_MILLISECONDS;
	struct timespec pause = { .tv_nsec = 10000000 };
	unsigned long event;

	for (; left > 0; left -= 10) {
		event = next_event();
		if (event != SMMU_NO_EVENT) {
			ktap_note("the SMMU reports event %#lx", event);
			return event == expected;
		}
		nanosleep(&pause, NULL);
	}
	return expected == SMMU_NO_EVENT;
}

#endif
