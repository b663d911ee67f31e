// SPDX-License-Identifier: GPL-2.0-only
/*
 * From the virtio port to an SSH server: one server for each connection, on a
 * socket pair. No network is involved, and no other program.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bridge.h"

#define PORT_NAME	"org.kverdict.ssh"
#define PORTS		"/sys/class/virtio-ports"
#define GREETING	"kverdict-"

/* The port's device appears when the host has answered the driver. */
#define LOOK_US		1000
/* Without a host at the other end a read returns at once. */
#define HOST_GONE_US	20000

int start_server(void)
{
	static char *const argv[] = {
		/* A receive window for pushed programs; keys only. */
		"dropbear", "-i", "-W", "262144", "-r", "/etc/dropbear/host_key", NULL,
	};
	const struct sockaddr any = { .sa_family = AF_UNIX };
	int pair[2];
	pid_t pid;

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair))
		give_up("socketpair");
	/*
	 * The server asks who its client is. A socket without a name has an
	 * address of two bytes, and dropbear would read on behind them: any
	 * name will do, and the kernel has one.
	 */
	if (bind(pair[0], &any, sizeof(any.sa_family)))
		give_up("bind");
	pid = fork();
	if (pid < 0)
		give_up("fork");
	if (pid == 0) {
		signal(SIGPIPE, SIG_DFL);
		setsid();
		dup2(pair[1], STDIN_FILENO);
		dup2(pair[1], STDOUT_FILENO);
		execv("/usr/sbin/dropbear", argv);
		give_up("/usr/sbin/dropbear");
	}
	close(pair[1]);
	return pair[0];
}

/* The path of the port that QEMU gave our name, or false. */
static bool find_port(char *path, size_t size)
{
	DIR *ports = opendir(PORTS);
	struct dirent *entry;
	bool found = false;

	while (ports && !found && (entry = readdir(ports))) {
		char name[sizeof(PORT_NAME) + 1] = "";
		char file[300];
		int fd;

		snprintf(file, sizeof(file), PORTS "/%s/name", entry->d_name);
		fd = open(file, O_RDONLY | O_CLOEXEC);
		if (fd < 0)
			continue;
		/* The file ends in a newline. */
		found = read(fd, name, sizeof(name) - 1) == sizeof(PORT_NAME) &&
			!strncmp(name, PORT_NAME, sizeof(PORT_NAME) - 1);
		close(fd);
		if (found)
			snprintf(path, size, "/dev/%s", entry->d_name);
	}
	if (ports)
		closedir(ports);
	return found;
}

/* A port opens once, for both directions. */
static int open_port(void)
{
	char path[300];
	int fd;

	while (!find_port(path, sizeof(path)))
		usleep(LOOK_US);
	while ((fd = open(path, O_RDWR | O_CLOEXEC)) < 0) {
		if (errno != ENOENT)
			give_up(path);
		usleep(LOOK_US);
	}
	return fd;
}

static bool write_all(int fd, const char *bytes, size_t count)
{
	while (count > 0) {
		ssize_t written = write(fd, bytes, count);

		if (written < 0 && errno == EINTR)
			continue;
		if (written <= 0)
			return false;
		bytes += written;
		count -= written;
	}
	return true;
}

/* False when the source has ended or the sink takes no more. */
static bool pass_on(int from, int to)
{
	static char buffer[65536];
	ssize_t count = read(from, buffer, sizeof(buffer));

	if (count < 0 && errno == EINTR)
		return true;
	return count > 0 && write_all(to, buffer, count);
}

/* Orphans are ours to bury. */
static void bury(void)
{
	while (waitpid(-1, NULL, WNOHANG) > 0)
		;
}

/* Until either end hangs up. */
static void bridge(int port, int server)
{
	struct pollfd ends[] = {
		{ .fd = port, .events = POLLIN },
		{ .fd = server, .events = POLLIN },
	};

	for (;;) {
		if (poll(ends, 2, 1000) < 0 && errno != EINTR)
			give_up("poll");
		bury();
		if (ends[0].revents && !pass_on(port, server))
			return;
		if (ends[1].revents && !pass_on(server, port))
			return;
	}
}

/*
 * Every connection begins with a line of its own, which goes back to the host:
 * whatever an earlier one left on the way, in either direction, is thrown away
 * by that.
 */
static void await_greeting(int port)
{
	char line[256];
	size_t length = 0;

	for (;;) {
		char *greeting;

		if (read(port, line + length, 1) <= 0) {
			bury();
			usleep(HOST_GONE_US);
			continue;
		}
		if (line[length++] == '\n') {
			greeting = memmem(line, length, GREETING, strlen(GREETING));
			if (greeting && write_all(port, greeting, line + length - greeting))
				return;
			length = 0;
		} else if (length == sizeof(line)) {
			/* Noise; but a greeting may have begun in it. */
			length /= 2;
			memmove(line, line + length, length);
		}
	}
}

void serve(int server)
{
	int port = open_port();

	for (;;) {
		await_greeting(port);
		bridge(port, server);
		/* It sees its client gone, and ends with all that it runs. */
		close(server);
		server = start_server();
	}
}
