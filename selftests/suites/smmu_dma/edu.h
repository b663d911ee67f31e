/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * QEMU's teaching device: a DMA engine between memory and 4 KiB of its own. It
 * drives 28 address bits, and a transfer takes a tenth of a second.
 */
#ifndef KVERDICT_EDU_H
#define KVERDICT_EDU_H

#include <linux/pci_regs.h>
#include <linux/vfio.h>
#include <stdint.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "ktap.h"

#define EDU_VENDOR		0x1234
#define EDU_DEVICE		0x11e8

/* Registers, in bytes. */
#define EDU_ID			0x00
#define EDU_ID_MASK		0xff
#define EDU_ID_VALUE		0xed
#define EDU_DMA_SOURCE		0x80
#define EDU_DMA_TARGET		0x88
#define EDU_DMA_COUNT		0x90
#define EDU_DMA_COMMAND		0x98

#define EDU_DMA_RUN		(1 << 0)
#define EDU_DMA_TO_MEMORY	(1 << 1)

/* Where the device sees its own memory. */
#define EDU_BUFFER		0x40000

/* A hundred times what a transfer takes. */
#define EDU_DMA_SECONDS		10

static volatile uint8_t *edu_registers;

static inline uint32_t edu_read(unsigned int offset)
{
	return *(volatile uint32_t *)(edu_registers + offset);
}

static inline void edu_write(unsigned int offset, uint32_t value)
{
	*(volatile uint32_t *)(edu_registers + offset) = value;
}

static inline void edu_region(int device, unsigned int index,
			      struct vfio_region_info *info)
{
	*info = (struct vfio_region_info){
		.argsz = sizeof(*info),
		.index = index,
	};
	if (ioctl(device, VFIO_DEVICE_GET_REGION_INFO, info))
		ktap_bail("VFIO_DEVICE_GET_REGION_INFO");
}

/* Makes the device answer and lets it reach memory. */
static inline void edu_open(int device)
{
	struct vfio_region_info config, registers;
	uint16_t command;
	void *mapped;

	edu_region(device, VFIO_PCI_CONFIG_REGION_INDEX, &config);
	if (pread(device, &command, sizeof(command),
		  config.offset + PCI_COMMAND) != sizeof(command))
		ktap_bail("cannot read the PCI command register");
	command |= PCI_COMMAND_MEMORY | PCI_COMMAND_MASTER;
	if (pwrite(device, &command, sizeof(command),
		   config.offset + PCI_COMMAND) != sizeof(command))
		ktap_bail("cannot write the PCI command register");
	edu_region(device, VFIO_PCI_BAR0_REGION_INDEX, &registers);
	mapped = mmap(NULL, registers.size, PROT_READ | PROT_WRITE, MAP_SHARED,
		      device, registers.offset);
	if (mapped == MAP_FAILED)
		ktap_bail("cannot map the registers");
	edu_registers = mapped;
	if ((edu_read(EDU_ID) & EDU_ID_MASK) != EDU_ID_VALUE)
		ktap_bail("the device does not answer");
}

/* One transfer, from its start to its end, whether or not memory let it. */
static inline void edu_transfer(uint64_t source, uint64_t target, size_t size,
				unsigned int direction)
{
	struct timespec pause = { .tv_nsec = 1000000 };
	time_t end = time(NULL) + EDU_DMA_SECONDS;

	edu_write(EDU_DMA_SOURCE, source);
	edu_write(EDU_DMA_TARGET, target);
	edu_write(EDU_DMA_COUNT, size);
	/* What the program wrote is in memory before the device looks. */
	__sync_synchronize();
	edu_write(EDU_DMA_COMMAND, EDU_DMA_RUN | direction);
	while (edu_read(EDU_DMA_COMMAND) & EDU_DMA_RUN) {
		if (time(NULL) > end)
			ktap_bail("the device does not end its transfer");
		nanosleep(&pause, NULL);
	}
	__sync_synchronize();
}

static inline void edu_load(uint64_t iova, size_t size)
{
	edu_transfer(iova, EDU_BUFFER, size, 0);
}

static inline void edu_store(uint64_t iova, size_t size)
{
	edu_transfer(EDU_BUFFER, iova, size, EDU_DMA_TO_MEMORY);
}

#endif
