// SPDX-License-Identifier: GPL-2.0-only
/*
 * Does a page that one process put into a pipe show what another one writes?
 *
 * After fork() parent and child share their pages until one of them writes. The
 * pipe holds a reference to the page, and no mapping of it. When the process
 * that spliced it has unmapped the page, the other one is the only one left
 * that maps it; a write fault that goes by the number of mappings reuses the
 * page, and what is written then can be read from the pipe.
 *
 * Played with either process as the one that writes, on small and huge pages,
 * and with a mapping that was read-only for a moment before the write:
 * mprotect() decides by itself whether it makes entries writable again.
 */
#define _GNU_SOURCE
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "ktap.h"
#include "memory.h"
#include "splice.h"

/* Exit codes of a child. */
enum { DONE, CANNOT };

enum order {
	CHILD_SPLICES,
	PARENT_SPLICES_THEN_FORKS,
	PARENT_FORKS_THEN_SPLICES,
	ORDERS,
};

static const char * const order_names[ORDERS] = {
	"the child splices, the parent writes",
	"the parent splices and forks, the child writes",
	"the parent forks and splices, the child writes",
};

struct leak_case {
	enum order order;
	enum memory_kind kind;
	bool upgrade;	/* read-only, then writable again, before the write */
};

static bool write_new(const struct leak_case *test, const struct memory *memory)
{
	if (test->upgrade &&
	    (mprotect(memory->start, memory->size, PROT_READ) ||
	     mprotect(memory->start, memory->size, PROT_READ | PROT_WRITE)))
		return false;
	memset(memory->start, NEW, page_size());
	return true;
}

/* False: the child did not get done what it had to do. */
static bool wait_for(pid_t child)
{
	int status;

	if (waitpid(child, &status, 0) != child)
		ktap_bail("cannot wait for the child");
	return WIFEXITED(status) && WEXITSTATUS(status) == DONE;
}

static pid_t fork_or_bail(void)
{
	pid_t child = fork();

	if (child < 0)
		ktap_bail("cannot fork");
	return child;
}

/* The child's mapping is gone with the child; its reference is in the pipe. */
static bool child_splices(const struct leak_case *test,
			  const struct memory *memory, const int data[2])
{
	pid_t child = fork_or_bail();

	if (!child)
		_exit(splice_page(data[1], memory->start) ? DONE : CANNOT);
	if (!wait_for(child)) {
		ktap_note("the child cannot splice");
		return false;
	}
	return write_new(test, memory);
}

/* The parent unmaps the memory before the child is told to write. */
static bool parent_splices(const struct leak_case *test, struct memory *memory,
			   const int data[2])
{
	bool early = test->order == PARENT_SPLICES_THEN_FORKS;
	bool spliced = early && splice_page(data[1], memory->start);
	int go[2];
	pid_t child;
	char byte;

	make_pipe(go);
	child = fork_or_bail();
	if (!child) {
		close(go[1]);
		/* The end of the file is the word to go on. */
		if (read(go[0], &byte, 1) || !write_new(test, memory))
			_exit(CANNOT);
		_exit(DONE);
	}
	if (!early)
		spliced = splice_page(data[1], memory->start);
	unmap_memory(memory);
	memory->mapping = NULL;
	close_pipe(go);
	if (!wait_for(child)) {
		ktap_note("the child cannot write");
		return false;
	}
	if (!spliced)
		ktap_note("the parent cannot splice");
	return spliced;
}

static void run_case(const struct leak_case *test)
{
	unsigned char copy[page_size()];
	struct memory memory;
	const char *reason;
	char name[128];
	int data[2];
	bool done;

	snprintf(name, sizeof(name), "%s, %s%s", order_names[test->order],
		 memory_names[test->kind],
		 test->upgrade ? ", read-only before" : "");
	reason = map_memory(test->kind, &memory);
	if (reason) {
		ktap_skip(name, reason);
		return;
	}
	make_pipe(data);
	if (test->order == CHILD_SPLICES)
		done = child_splices(test, &memory, data);
	else
		done = parent_splices(test, &memory, data);
	if (done)
		read_page(data[0], copy);
	if (done && test->kind == HUGE && holds(copy, NEW))
		ktap_fail(name, "what was written later is in the pipe: so it is on every kernel before 5.18, and a bug");
	else
		ktap_result(done && holds(copy, OLD), name);
	close_pipe(data);
	if (memory.mapping)
		unmap_memory(&memory);
}

int main(void)
{
	struct leak_case test;
	int order, kind, upgrade;

	ktap_plan(ORDERS * MEMORY_KINDS * 2);
	for (order = 0; order < ORDERS; order++) {
		for (kind = 0; kind < MEMORY_KINDS; kind++) {
			for (upgrade = 0; upgrade < 2; upgrade++) {
				test = (struct leak_case){ order, kind, upgrade };
				run_case(&test);
			}
		}
	}
	return ktap_exit_code();
}
