// SPDX-License-Identifier: GPL-2.0-only
/*
 * secpagetables COMMAND [ARGUMENT]...
 *
 * Runs a test of the tree, and asks how much memory secondary page tables have
 * before and after: what a machine that is gone still has was never freed. No
 * test of the tree looks at that.
 */
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "ktap.h"

static const char * const tests[] = {
	"the test passes",
	"no stage-2 table is left behind",
};

/* Counters of each CPU go into the sum only now and then, unless asked to. */
static void refresh_counters(void)
{
	FILE *file = fopen("/proc/sys/vm/stat_refresh", "w");

	if (!file)
		return;
	fputs("1\n", file);
	if (fclose(file))
		ktap_note("/proc/sys/vm/stat_refresh: %m");
}

/* KiB; -1 where the kernel does not tell */
static long secondary_page_tables(void)
{
	char line[128];
	long kib = -1;
	FILE *file;

	refresh_counters();
	file = fopen("/proc/meminfo", "r");
	if (!file)
		ktap_bail("cannot read /proc/meminfo");
	while (kib < 0 && fgets(line, sizeof(line), file))
		if (sscanf(line, "SecPageTables: %ld", &kib) != 1)
			kib = -1;
	fclose(file);
	return kib;
}

/* The status as of wait(); what it prints are notes. */
static int run(char **command)
{
	bool begins_line = true;
	int pipes[2], status, letter;
	FILE *output;
	pid_t child;

	if (pipe(pipes))
		ktap_bail("cannot make a pipe");
	child = fork();
	if (child < 0)
		ktap_bail("cannot fork");
	if (!child) {
		dup2(pipes[1], STDOUT_FILENO);
		dup2(pipes[1], STDERR_FILENO);
		close(pipes[0]);
		close(pipes[1]);
		execvp(command[0], command);
		perror(command[0]);
		_exit(127);
	}
	close(pipes[1]);
	output = fdopen(pipes[0], "r");
	if (!output)
		ktap_bail("cannot read a pipe");
	while ((letter = getc(output)) != EOF) {
		if (begins_line)
			fputs("# ", stdout);
		putchar(letter);
		begins_line = letter == '\n';
	}
	if (!begins_line)
		putchar('\n');
	fclose(output);
	if (waitpid(child, &status, 0) != child)
		ktap_bail("cannot wait for the test");
	return status;
}

static void judge_growth(long before)
{
	long after;
	int tries;

	if (before < 0) {
		ktap_skip(tests[1], "no SecPageTables in /proc/meminfo: it is in 6.1 and newer");
		return;
	}
	/* Tables are freed after a grace period. */
	for (tries = 0; tries < 5; tries++) {
		sleep(1);
		after = secondary_page_tables();
		if (after <= before)
			break;
	}
	ktap_note("SecPageTables: %ld KiB before, %ld KiB after", before, after);
	ktap_result(after <= before, tests[1]);
}

int main(int argc, char **argv)
{
	long before;
	int status;

	if (argc < 2) {
		fprintf(stderr, "Usage: %s COMMAND [ARGUMENT]...\n", argv[0]);
		return 2;
	}
	ktap_plan(ARRAY_SIZE(tests));
	before = secondary_page_tables();
	status = run(argv + 1);
	if (WIFEXITED(status) && WEXITSTATUS(status) == KTAP_EXIT_SKIP) {
		ktap_skip(tests[0], "the test skips, see what it printed");
		ktap_skip(tests[1], "the test skips");
		return ktap_exit_code();
	}
	if (status)
		ktap_note("it ended with %s %d",
			  WIFSIGNALED(status) ? "signal" : "exit",
			  WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status));
	ktap_result(!status, tests[0]);
	judge_growth(before);
	return ktap_exit_code();
}
