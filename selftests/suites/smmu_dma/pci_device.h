/* SPDX-License-Identifier: GPL-2.0-only */
/* Finds a PCI device in sysfs and gives it to vfio-pci. */
#ifndef KVERDICT_PCI_DEVICE_H
#define KVERDICT_PCI_DEVICE_H

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ktap.h"

#define PCI_DEVICES	"/sys/bus/pci/devices"
#define VFIO_DRIVER	"/sys/bus/pci/drivers/vfio-pci"

struct pci_device {
	char address[32];	/* 0000:00:02.0 */
	char group[32];		/* of the IOMMU: a number */
	char node[NAME_MAX + 1];	/* vfio0; empty without VFIO_DEVICE_CDEV */
};

static inline unsigned long pci_number(const char *address, const char *file)
{
	char path[PATH_MAX], text[16] = "";
	FILE *stream;

	snprintf(path, sizeof(path), PCI_DEVICES "/%s/%s", address, file);
	stream = fopen(path, "r");
	if (!stream)
		return 0;
	if (!fgets(text, sizeof(text), stream))
		text[0] = '\0';
	fclose(stream);
	return strtoul(text, NULL, 16);
}

static inline bool pci_find(struct pci_device *device, unsigned long vendor,
			    unsigned long id)
{
	DIR *directory = opendir(PCI_DEVICES);
	struct dirent *entry;
	bool found = false;

	while (directory && !found && (entry = readdir(directory))) {
		if (strlen(entry->d_name) >= sizeof(device->address) ||
		    pci_number(entry->d_name, "vendor") != vendor ||
		    pci_number(entry->d_name, "device") != id)
			continue;
		snprintf(device->address, sizeof(device->address), "%s",
			 entry->d_name);
		found = true;
	}
	if (directory)
		closedir(directory);
	return found;
}

static inline void pci_write(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);

	if (fd < 0 || write(fd, text, strlen(text)) != (ssize_t)strlen(text))
		ktap_bail(path);
	close(fd);
}

/* The last part of where a link of the device's points; false: no such link. */
static inline bool pci_link(const struct pci_device *device, const char *name,
			    char *last, size_t size)
{
	char path[PATH_MAX], target[PATH_MAX];
	ssize_t length;

	snprintf(path, sizeof(path), PCI_DEVICES "/%s/%s", device->address,
		 name);
	length = readlink(path, target, sizeof(target) - 1);
	if (length < 0)
		return false;
	target[length] = '\0';
	return snprintf(last, size, "%s", strrchr(target, '/') + 1) < (int)size;
}

/* NULL, or why VFIO cannot have the device. It may have it already. */
static inline const char *pci_give_to_vfio(struct pci_device *device)
{
	char path[PATH_MAX], driver[32];
	struct dirent *entry;
	DIR *directory;

	if (access(VFIO_DRIVER, F_OK))
		return "no driver vfio-pci: CONFIG_VFIO_PCI is off";
	if (!pci_link(device, "driver", driver, sizeof(driver))) {
		snprintf(path, sizeof(path), PCI_DEVICES "/%s/driver_override",
			 device->address);
		pci_write(path, "vfio-pci");
		pci_write("/sys/bus/pci/drivers_probe", device->address);
	}
	/* Where the device tree says what is before it, it gets its group here. */
	if (!pci_link(device, "iommu_group", device->group,
		      sizeof(device->group)))
		return "no IOMMU before the device";
	if (!pci_link(device, "driver", driver, sizeof(driver)))
		return "vfio-pci does not take the device";
	snprintf(path, sizeof(path), PCI_DEVICES "/%s/vfio-dev",
		 device->address);
	directory = opendir(path);
	while (directory && (entry = readdir(directory)))
		if (entry->d_name[0] != '.')
			snprintf(device->node, sizeof(device->node), "%s",
				 entry->d_name);
	if (directory)
		closedir(directory);
	return NULL;
}

#endif
