/* SPDX-License-Identifier: GPL-2.0-only */
/* A range of private memory that userfaultfd write-protects. */
#ifndef KVERDICT_UFFD_H
#define KVERDICT_UFFD_H

#include <errno.h>
#include <fcntl.h>
#include <linux/userfaultfd.h>
#include <pthread.h>
#include <stdbool.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "ktap.h"

struct uffd_range {
	int fd;
	unsigned char *start;
	size_t size;
};

/* Without protection the threads that wait for the range are woken as well. */
static inline void uffd_write_protect(const struct uffd_range *range, bool on)
{
	struct uffdio_writeprotect arguments = {
		.range = { (unsigned long)range->start, range->size },
		.mode = on ? UFFDIO_WRITEPROTECT_MODE_WP : 0,
	};

	while (ioctl(range->fd, UFFDIO_WRITEPROTECT, &arguments))
		if (errno != EAGAIN)
			ktap_bail("cannot change the write protection");
}

/*
 * A thread whose fault was under way when its page was un-protected can go to
 * sleep after the wake: a kernel that leaves the entry read-only takes that for
 * protected. So whoever waits for such a thread wakes it again and again.
 */
static inline void uffd_wake(const struct uffd_range *range)
{
	struct uffdio_range all = { (unsigned long)range->start, range->size };

	if (ioctl(range->fd, UFFDIO_WAKE, &all))
		ktap_bail("cannot wake the threads");
	usleep(100);
}

static inline void uffd_join(const struct uffd_range *range, pthread_t thread)
{
	while (pthread_tryjoin_np(thread, NULL))
		uffd_wake(range);
}

/* One handshake a descriptor: the first is spent on asking what there is. */
static inline bool uffd_has(unsigned long long features)
{
	struct uffdio_api api = { .api = UFFD_API };
	int fd = syscall(SYS_userfaultfd, O_CLOEXEC);
	bool has;

	if (fd < 0)
		return false;
	has = !ioctl(fd, UFFDIO_API, &api) &&
	      (api.features & features) == features;
	close(fd);
	return has;
}

/* NULL when it can be used, else why it cannot. */
static inline const char *uffd_open(struct uffd_range *range,
				    unsigned char *start, unsigned long pages)
{
	struct uffdio_api api = {
		.api = UFFD_API,
		.features = UFFD_FEATURE_PAGEFAULT_FLAG_WP,
	};
	struct uffdio_register registration = {
		.mode = UFFDIO_REGISTER_MODE_WP,
	};

	range->start = start;
	range->size = pages * sysconf(_SC_PAGESIZE);
	range->fd = syscall(SYS_userfaultfd, O_CLOEXEC);
	if (range->fd < 0)
		return errno == ENOSYS ?
		       "no userfaultfd: CONFIG_USERFAULTFD is off" :
		       "userfaultfd is not allowed here";
	if (!uffd_has(api.features))
		return "UFFDIO_API offers no write protection on this architecture";
	registration.range.start = (unsigned long)start;
	registration.range.len = range->size;
	if (ioctl(range->fd, UFFDIO_API, &api) ||
	    ioctl(range->fd, UFFDIO_REGISTER, &registration) ||
	    !(registration.ioctls & (1ULL << _UFFDIO_WRITEPROTECT)))
		ktap_bail("cannot register the pages with userfaultfd");
	return NULL;
}

#endif
