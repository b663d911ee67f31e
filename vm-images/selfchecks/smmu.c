// SPDX-License-Identifier: GPL-2.0-only
/*
 * Is there an SMMUv3, are the PCI devices behind it, and is QEMU's teaching
 * device `edu` one of them, giving the answers that its description promises?
 *
 * A device is given its IOMMU group when a driver looks at it. edu has none of
 * its own: it gets vfio-pci, after its registers were asked.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "ktap.h"

#define PCI_DEVICES	"/sys/bus/pci/devices"
#define BRIDGE_CLASS	0x06
#define EDU_BYTES	(1UL << 20)

/* Registers of edu, in bytes. */
enum { IDENTIFICATION = 0, LIVENESS = 4, FACTORIAL = 8, STATUS = 0x20 };
#define EDU_ID		0x010000edU
#define COMPUTING	1U

static char edu[NAME_MAX + 1];
static unsigned int devices, translated;

static void device_file(char *path, const char *name, const char *file)
{
	snprintf(path, PATH_MAX, PCI_DEVICES "/%s/%s", name, file);
}

static unsigned long number_in(const char *name, const char *file)
{
	char path[PATH_MAX];
	unsigned long value;
	FILE *stream;

	device_file(path, name, file);
	stream = fopen(path, "r");
	if (!stream || fscanf(stream, "%lx", &value) != 1)
		ktap_bail(path);
	fclose(stream);
	return value;
}

/* The device's IOMMU as sysfs names it, for example smmu3.0x0000000009050000. */
static bool is_behind_smmu(const char *name)
{
	char path[PATH_MAX], target[PATH_MAX];
	const char *last;
	ssize_t length;

	device_file(path, name, "iommu_group");
	if (access(path, F_OK))
		return false;
	device_file(path, name, "iommu");
	length = readlink(path, target, sizeof(target) - 1);
	if (length < 0)
		return false;
	target[length] = '\0';
	last = strrchr(target, '/');
	return !strncmp(last ? last + 1 : target, "smmu3.", 6);
}

static bool is_edu(const char *name)
{
	return number_in(name, "vendor") == 0x1234 &&
	       number_in(name, "device") == 0x11e8;
}

static void look_at_devices(void)
{
	struct dirent *entry;
	DIR *folder;

	devices = 0;
	translated = 0;
	folder = opendir(PCI_DEVICES);
	while (folder && (entry = readdir(folder))) {
		const char *name = entry->d_name;

		if (name[0] == '.' ||
		    number_in(name, "class") >> 16 == BRIDGE_CLASS)
			continue;
		devices++;
		if (is_behind_smmu(name))
			translated++;
		else
			ktap_note("%s is not behind it", name);
		if (is_edu(name))
			snprintf(edu, sizeof(edu), "%s", name);
	}
	if (folder)
		closedir(folder);
}

static void give_driver(void)
{
	char path[PATH_MAX];
	int fd;

	device_file(path, edu, "driver_override");
	fd = open(path, O_WRONLY);
	if (fd < 0 || write(fd, "vfio-pci", 8) != 8)
		ktap_bail("cannot name a driver for edu");
	close(fd);
	fd = open("/sys/bus/pci/drivers_probe", O_WRONLY);
	if (fd < 0 || write(fd, edu, strlen(edu)) != (ssize_t)strlen(edu))
		ktap_bail("cannot give edu a driver");
	close(fd);
}

static bool is_smmu_registered(void)
{
	struct dirent *entry;
	bool found = false;
	DIR *folder;

	folder = opendir("/sys/class/iommu");
	while (folder && (entry = readdir(folder)))
		found |= !strncmp(entry->d_name, "smmu3.", 6);
	if (folder)
		closedir(folder);
	return found;
}

static volatile uint32_t *map_edu(void)
{
	char path[PATH_MAX];
	void *registers;
	int fd;

	device_file(path, edu, "enable");
	fd = open(path, O_WRONLY);
	if (fd < 0 || write(fd, "1", 1) != 1)
		ktap_bail("cannot enable edu");
	close(fd);
	device_file(path, edu, "resource0");
	fd = open(path, O_RDWR | O_SYNC);
	if (fd < 0)
		ktap_bail("cannot open the registers of edu");
	registers = mmap(NULL, EDU_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED,
			 fd, 0);
	if (registers == MAP_FAILED)
		ktap_bail("cannot map the registers of edu");
	close(fd);
	return registers;
}

static void test_edu(volatile uint32_t *registers)
{
	unsigned int i;

	ktap_note("edu is %s, identification %#x", edu,
		  registers[IDENTIFICATION / 4]);
	ktap_result(registers[IDENTIFICATION / 4] == EDU_ID,
		    "edu identifies itself");
	registers[LIVENESS / 4] = 0x12345678;
	ktap_result(registers[LIVENESS / 4] == ~0x12345678U,
		    "edu inverts a number");
	registers[FACTORIAL / 4] = 10;
	for (i = 0; i < 1000 && registers[STATUS / 4] & COMPUTING; i++)
		usleep(1000);
	ktap_result(registers[FACTORIAL / 4] == 3628800,
		    "edu computes a factorial");
}

int main(void)
{
	ktap_plan(6);
	ktap_result(is_smmu_registered(), "an SMMUv3 is registered");
	look_at_devices();
	ktap_result(edu[0], "edu is a PCI device");
	if (!edu[0]) {
		errno = ENODEV;
		ktap_bail("there is no edu to ask");
	}
	test_edu(map_edu());
	give_driver();
	look_at_devices();
	ktap_result(devices && translated == devices,
		    "every PCI device is behind the SMMU");
	return ktap_exit_code();
}
