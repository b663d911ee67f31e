// SPDX-License-Identifier: GPL-2.0-only
/*
 * The guest's first process: file systems, the loopback, and the bridge from
 * the virtio port to an SSH server.
 *
 * Under emulation each program that is started costs some 20 ms and each shared
 * library as much again: there is no shell here, and the server is static. It
 * is started first, one for each connection, on a socket pair: it is ready for
 * the host when the port is.
 *
 * Prints nothing unless it has to give up: the console belongs to the kernel.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define PORT_NAME	"org.kverdict.ssh"
#define PORTS		"/sys/class/virtio-ports"
#define GREETING	"kverdict-"

/* The port's device appears when the host has answered the driver. */
#define LOOK_US		1000
/* Without a host at the other end a read returns at once. */
#define HOST_GONE_US	20000

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

/* Ends the kernel, and with it QEMU: a guest that is not whole is not tested. */
static void give_up(const char *what)
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

/* An SSH server that waits for one client, and our end of the pair. */
static int start_server(void)
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

int main(void)
{
	int port, server;

	signal(SIGPIPE, SIG_IGN);
	setenv("PATH", "/bin:/sbin:/usr/bin:/usr/sbin", 1);
	setenv("HOME", "/root", 1);
	mount_one("devtmpfs", "/dev", NULL, false);
	server = start_server();
	mount_all();
	loopback_up();
	port = open_port();
	for (;;) {
		await_greeting(port);
		bridge(port, server);
		/* It sees its client gone, and ends with all that it runs. */
		close(server);
		server = start_server();
	}
}
