/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A part of a test in a process that has just begun. What a kernel takes for
 * pending can depend on what a process did before, and then hide what a young one
 * shows. A child begins with copies of its parent's mappings: what must not have
 * been done before must not have been done by the parent either.
 */
#ifndef KVERDICT_NEW_PROCESS_H
#define KVERDICT_NEW_PROCESS_H

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "ktap.h"

/* Memory, all zero, in which children leave what they saw. */
static inline void *share_with_children(size_t size)
{
	void *shared = mmap(NULL, size, PROT_READ | PROT_WRITE,
			    MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (shared == MAP_FAILED)
		ktap_bail("cannot map memory to share");
	return shared;
}

/* 0 in the child; what the parent has printed is not printed there again. */
static inline pid_t start_process(void)
{
	pid_t child;

	fflush(stdout);
	child = fork();
	if (child < 0)
		ktap_bail("cannot fork");
	return child;
}

/* How it ended, as waitpid() says it. */
static inline int wait_for_process(pid_t child)
{
	int status;

	if (waitpid(child, &status, 0) != child)
		ktap_bail("cannot wait for the child");
	return status;
}

/*
 * Returns when @play has returned in the child, which may print notes but no
 * results. A child that bailed out or was killed takes its parent with it.
 */
static inline void in_new_process(void (*play)(void *of), void *of)
{
	pid_t child = start_process();
	int status;

	if (!child) {
		play(of);
		fflush(stdout);
		_exit(KTAP_EXIT_PASS);
	}
	status = wait_for_process(child);
	if (!status)
		return;
	if (WIFSIGNALED(status))
		raise(WTERMSIG(status));
	exit(KTAP_EXIT_FAIL);
}

#endif
