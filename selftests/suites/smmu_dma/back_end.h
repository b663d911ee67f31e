/* SPDX-License-Identifier: GPL-2.0-only */
/* Two ways to a device's address space: VFIO's type1 container, and IOMMUFD. */
#ifndef KVERDICT_BACK_END_H
#define KVERDICT_BACK_END_H

#include <fcntl.h>
#include <linux/types.h>
#include <linux/vfio.h>
#include <stdint.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "ktap.h"
#include "pci_device.h"

enum access {
	DEVICE_READS = 1,
	DEVICE_READS_AND_WRITES = 3,
};

struct back_end {
	const char *name;
	/* NULL and the device's descriptor, or why not. */
	const char *(*open)(const struct pci_device *device, int *fd);
	void (*map)(uint64_t iova, void *memory, size_t size,
		    enum access access);
	void (*unmap)(uint64_t iova, size_t size);
};

/* Container or /dev/iommu; stays open until the program ends. */
static int address_space_fd = -1;

static inline const char *type1_open(const struct pci_device *device, int *fd)
{
	struct vfio_group_status status = { .argsz = sizeof(status) };
	char path[64];
	int group;

	address_space_fd = open("/dev/vfio/vfio", O_RDWR | O_CLOEXEC);
	if (address_space_fd < 0)
		return "no /dev/vfio/vfio: CONFIG_VFIO_CONTAINER is off";
	if (!ioctl(address_space_fd, VFIO_CHECK_EXTENSION, VFIO_TYPE1v2_IOMMU))
		return "no type1 container: CONFIG_VFIO_IOMMU_TYPE1 is off";
	snprintf(path, sizeof(path), "/dev/vfio/%s", device->group);
	group = open(path, O_RDWR | O_CLOEXEC);
	if (group < 0)
		return "no file for the device's group: CONFIG_VFIO_GROUP is off";
	if (ioctl(group, VFIO_GROUP_GET_STATUS, &status))
		ktap_bail("VFIO_GROUP_GET_STATUS");
	if (!(status.flags & VFIO_GROUP_FLAGS_VIABLE))
		return "another device of the IOMMU group is in use";
	if (ioctl(group, VFIO_GROUP_SET_CONTAINER, &address_space_fd))
		ktap_bail("VFIO_GROUP_SET_CONTAINER");
	if (ioctl(address_space_fd, VFIO_SET_IOMMU, VFIO_TYPE1v2_IOMMU))
		ktap_bail("VFIO_SET_IOMMU");
	*fd = ioctl(group, VFIO_GROUP_GET_DEVICE_FD, device->address);
	if (*fd < 0)
		ktap_bail("VFIO_GROUP_GET_DEVICE_FD");
	return NULL;
}

static inline void type1_map(uint64_t iova, void *memory, size_t size,
			     enum access access)
{
	struct vfio_iommu_type1_dma_map map = {
		.argsz = sizeof(map),
		.flags = VFIO_DMA_MAP_FLAG_READ,
		.vaddr = (uintptr_t)memory,
		.iova = iova,
		.size = size,
	};

	if (access == DEVICE_READS_AND_WRITES)
		map.flags |= VFIO_DMA_MAP_FLAG_WRITE;
	if (ioctl(address_space_fd, VFIO_IOMMU_MAP_DMA, &map))
		ktap_bail("VFIO_IOMMU_MAP_DMA");
}

static inline void type1_unmap(uint64_t iova, size_t size)
{
	struct vfio_iommu_type1_dma_unmap unmap = {
		.argsz = sizeof(unmap),
		.iova = iova,
		.size = size,
	};

	if (ioctl(address_space_fd, VFIO_IOMMU_UNMAP_DMA, &unmap) ||
	    unmap.size != size)
		ktap_bail("VFIO_IOMMU_UNMAP_DMA");
}

/*
 * The part of linux/iommufd.h (6.2) and linux/vfio.h (6.6) that is used here:
 * the headers that this is compiled with may be older than the kernel.
 */
#define IOAS_ALLOC		_IO(';', 0x81)
#define IOAS_MAP		_IO(';', 0x85)
#define IOAS_UNMAP		_IO(';', 0x86)
#define DEVICE_BIND_IOMMUFD	_IO(VFIO_TYPE, VFIO_BASE + 18)
#define DEVICE_ATTACH_IOAS	_IO(VFIO_TYPE, VFIO_BASE + 19)

#define IOAS_MAP_FIXED		(1 << 0)
#define IOAS_MAP_WRITE		(1 << 1)
#define IOAS_MAP_READ		(1 << 2)

struct ioas_alloc {
	__u32 size;
	__u32 flags;
	__u32 id;	/* out */
};

struct ioas_map {
	__u32 size;
	__u32 flags;
	__u32 id;
	__u32 reserved;
	__u64 memory;
	__u64 length;
	__u64 iova;
};

struct ioas_unmap {
	__u32 size;
	__u32 id;
	__u64 iova;
	__u64 length;
};

struct device_bind_iommufd {
	__u32 size;
	__u32 flags;
	__s32 fd;
	__u32 id;	/* out */
};

struct device_attach_ioas {
	__u32 size;
	__u32 flags;
	__u32 id;
};

static uint32_t ioas_id;

static inline const char *iommufd_open(const struct pci_device *device, int *fd)
{
	struct device_bind_iommufd bind = { .size = sizeof(bind) };
	struct device_attach_ioas attach = { .size = sizeof(attach) };
	struct ioas_alloc alloc = { .size = sizeof(alloc) };
	char path[PATH_MAX];

	address_space_fd = open("/dev/iommu", O_RDWR | O_CLOEXEC);
	if (address_space_fd < 0)
		return "no /dev/iommu: CONFIG_IOMMUFD is off, or the kernel is older than 6.2";
	snprintf(path, sizeof(path), "/dev/vfio/devices/%s", device->node);
	*fd = device->node[0] ? open(path, O_RDWR | O_CLOEXEC) : -1;
	if (*fd < 0)
		return "no file for the device: CONFIG_VFIO_DEVICE_CDEV is off, or the kernel is older than 6.6";
	bind.fd = address_space_fd;
	if (ioctl(*fd, DEVICE_BIND_IOMMUFD, &bind))
		ktap_bail("VFIO_DEVICE_BIND_IOMMUFD");
	if (ioctl(address_space_fd, IOAS_ALLOC, &alloc))
		ktap_bail("IOMMU_IOAS_ALLOC");
	ioas_id = alloc.id;
	attach.id = alloc.id;
	if (ioctl(*fd, DEVICE_ATTACH_IOAS, &attach))
		ktap_bail("VFIO_DEVICE_ATTACH_IOMMUFD_PT");
	return NULL;
}

static inline void iommufd_map(uint64_t iova, void *memory, size_t size,
			       enum access access)
{
	struct ioas_map map = {
		.size = sizeof(map),
		.flags = IOAS_MAP_FIXED | IOAS_MAP_READ,
		.id = ioas_id,
		.memory = (uintptr_t)memory,
		.length = size,
		.iova = iova,
	};

	if (access == DEVICE_READS_AND_WRITES)
		map.flags |= IOAS_MAP_WRITE;
	if (ioctl(address_space_fd, IOAS_MAP, &map))
		ktap_bail("IOMMU_IOAS_MAP");
}

static inline void iommufd_unmap(uint64_t iova, size_t size)
{
	struct ioas_unmap unmap = {
		.size = sizeof(unmap),
		.id = ioas_id,
		.iova = iova,
		.length = size,
	};

	if (ioctl(address_space_fd, IOAS_UNMAP, &unmap) || unmap.length != size)
		ktap_bail("IOMMU_IOAS_UNMAP");
}

static const struct back_end back_ends[] = {
	{ "type1", type1_open, type1_map, type1_unmap },
	{ "iommufd", iommufd_open, iommufd_map, iommufd_unmap },
};

static inline const struct back_end *find_back_end(const char *name)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(back_ends); i++)
		if (!strcmp(back_ends[i].name, name))
			return &back_ends[i];
	return NULL;
}

#endif
