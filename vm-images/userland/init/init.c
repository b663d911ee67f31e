// SPDX-License-Identifier: GPL-2.0-only
/*
 * The guest's first process: file systems, the loopback, and then the bridge to
 * an SSH server.
 *
 * Under emulation each program that is started costs some 20 ms and each shared
 * library as much again: there is no shell here, and the server is static. It
 * is started first, one for each connection, on a socket pair: it is ready for
 * the host when the port is.
 *
 * Prints nothing unless it has to give up: the console belongs to the kernel.
 */
#include <errno.h>
#include <net/if.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bridge.h"

struct file_system {
	const char *type;
	const char *target;
	const char *options;
	bool optional;
};

static const struct file_system file_systems[] = {
	{ "proc", "/proc", NULL, false },
	{ "sysfs", "/sys", NULL, false },
	{ "devpts", "/dev/pts", "ptmxmode=0666", false },
	{ "tmpfs", "/dev/shm", "mode=1777", false },
	{ "tmpfs", "/tmp", "mode=1777", false },
	{ "debugfs", "/sys/kernel/debug", NULL, true },
};

/* What udev would have made: shells and tests ask for these. */
static const char *const links[][2] = {
	{ "/proc/self/fd", "/dev/fd" },
	{ "/proc/self/fd/0", "/dev/stdin" },
	{ "/proc/self/fd/1", "/dev/stdout" },
	{ "/proc/self/fd/2", "/dev/stderr" },
};

void give_up(const char *what)
{
	fprintf(stderr, "init: %s: %s\n", what, strerror(errno));
	exit(1);
}

static void mount_one(const char *type, const char *target,
		      const char *options, bool optional)
{
	if (mount(type, target, type, 0, options) && !optional)
		give_up(target);
}

static void mount_all(void)
{
	size_t i;

	if (mkdir("/dev/pts", 0755) || mkdir("/dev/shm", 0755))
		give_up("/dev");
	for (i = 0; i < sizeof(file_systems) / sizeof(*file_systems); i++)
		mount_one(file_systems[i].type, file_systems[i].target,
			  file_systems[i].options, file_systems[i].optional);
	for (i = 0; i < sizeof(links) / sizeof(*links); i++)
		if (symlink(links[i][0], links[i][1]))
			give_up(links[i][1]);
}

static void loopback_up(void)
{
	struct ifreq request = { .ifr_name = "lo", .ifr_flags = IFF_UP };
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (fd < 0 || ioctl(fd, SIOCSIFFLAGS, &request))
		give_up("lo");
	close(fd);
}

int main(void)
{
	int server;

	signal(SIGPIPE, SIG_IGN);
	setenv("PATH", "/bin:/sbin:/usr/bin:/usr/sbin", 1);
	setenv("HOME", "/root", 1);
	mount_one("devtmpfs", "/dev", NULL, false);
	server = start_server();
	mount_all();
	loopback_up();
	serve(server);
}
