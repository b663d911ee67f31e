/* SPDX-License-Identifier: GPL-2.0-only */
/* A page in a pipe: not its contents, but a reference to the page itself. */
#ifndef KVERDICT_SPLICE_H
#define KVERDICT_SPLICE_H

#ifndef _GNU_SOURCE
#error "splice.h wants _GNU_SOURCE for vmsplice"
#endif
#include <fcntl.h>
#include <sys/uio.h>
#include <unistd.h>

#include "ktap.h"
#include "memory.h"

static inline void make_pipe(int ends[2])
{
	if (pipe(ends))
		ktap_bail("cannot make a pipe");
}

static inline void close_pipe(const int ends[2])
{
	close(ends[0]);
	close(ends[1]);
}

/* False, with errno, when the kernel refuses. */
static inline bool splice_page(int pipe_end, unsigned char *page)
{
	struct iovec one = { page, page_size() };

	return vmsplice(pipe_end, &one, 1, 0) == (ssize_t)one.iov_len;
}

/* Takes the page out of the pipe; `copy` has room for it. */
static inline void read_page(int pipe_end, unsigned char *copy)
{
	size_t have = 0;

	while (have < page_size()) {
		ssize_t got = read(pipe_end, copy + have, page_size() - have);

		if (got <= 0)
			ktap_bail("cannot read the pipe");
		have += got;
	}
}

#endif
