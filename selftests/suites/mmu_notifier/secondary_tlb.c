// SPDX-License-Identifier: GPL-2.0-only
/*
 * Stands in for the driver of a device that has a TLB of its own and walks the
 * page tables of a process (SVA). Who opens /dev/secondary_tlb has its mm
 * watched; read() tells which ranges such a device would have dropped.
 *
 * The notifier is called under the page table lock: it must not sleep, and
 * printk() would take longer than what it reports.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/mmu_notifier.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/uaccess.h>

#include "secondary_tlb.h"

#ifdef CONFIG_MMU_NOTIFIER

struct watch {
	struct mmu_notifier notifier;
	/* For the events and what belongs to them. */
	raw_spinlock_t lock;
	struct secondary_tlb_event events[SECONDARY_TLB_EVENTS];
	unsigned int count;
	bool overflow;
	/* One reader at a time: it copies them here, then to user space. */
	struct mutex read_lock;
	struct secondary_tlb_event copy[SECONDARY_TLB_EVENTS];
};

static void note_invalidation(struct mmu_notifier *notifier,
			      struct mm_struct *mm,
			      unsigned long start, unsigned long end)
{
	struct watch *watch = container_of(notifier, struct watch, notifier);
	unsigned long flags;

	raw_spin_lock_irqsave(&watch->lock, flags);
	if (watch->count == SECONDARY_TLB_EVENTS) {
		watch->overflow = true;
	} else {
		watch->events[watch->count].start = start;
		watch->events[watch->count].end = end;
		watch->count++;
	}
	raw_spin_unlock_irqrestore(&watch->lock, flags);
}

static const struct mmu_notifier_ops watch_ops = {
#ifdef HAVE_ARCH_INVALIDATE_SECONDARY_TLBS
	.arch_invalidate_secondary_tlbs = note_invalidation,
#else
	.invalidate_range = note_invalidation,
#endif
};

static int secondary_tlb_open(struct inode *inode, struct file *file)
{
	struct watch *watch;
	int err;

	watch = kzalloc(sizeof(*watch), GFP_KERNEL);
	if (!watch)
		return -ENOMEM;
	raw_spin_lock_init(&watch->lock);
	mutex_init(&watch->read_lock);
	watch->notifier.ops = &watch_ops;
	err = mmu_notifier_register(&watch->notifier, current->mm);
	if (err) {
		kfree(watch);
		return err;
	}
	/* The misc device left itself here. */
	file->private_data = watch;
	return 0;
}

static int secondary_tlb_release(struct inode *inode, struct file *file)
{
	struct watch *watch = file->private_data;

	/* Returns when nobody is in a callback any more. */
	mmu_notifier_unregister(&watch->notifier, watch->notifier.mm);
	kfree(watch);
	return 0;
}

static ssize_t secondary_tlb_read(struct file *file, char __user *buffer,
				  size_t size, loff_t *offset)
{
	struct watch *watch = file->private_data;
	ssize_t bytes;
	bool overflow;

	if (size < sizeof(watch->events))
		return -EINVAL;
	mutex_lock(&watch->read_lock);
	raw_spin_lock_irq(&watch->lock);
	bytes = watch->count * sizeof(watch->events[0]);
	memcpy(watch->copy, watch->events, bytes);
	overflow = watch->overflow;
	watch->count = 0;
	watch->overflow = false;
	raw_spin_unlock_irq(&watch->lock);
	if (overflow)
		bytes = -EOVERFLOW;
	else if (copy_to_user(buffer, watch->copy, bytes))
		bytes = -EFAULT;
	mutex_unlock(&watch->read_lock);
	return bytes;
}

static const struct file_operations secondary_tlb_fops = {
	.owner = THIS_MODULE,
	.open = secondary_tlb_open,
	.release = secondary_tlb_release,
	.read = secondary_tlb_read,
};

static struct miscdevice secondary_tlb_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = SECONDARY_TLB_DEVICE,
	.fops = &secondary_tlb_fops,
};

static int __init secondary_tlb_init(void)
{
	return misc_register(&secondary_tlb_device);
}

static void __exit secondary_tlb_exit(void)
{
	misc_deregister(&secondary_tlb_device);
}

#else /* CONFIG_MMU_NOTIFIER */

/* Loads, and makes no device: the program then says why it cannot test. */
static int __init secondary_tlb_init(void)
{
	pr_info("this kernel has no CONFIG_MMU_NOTIFIER\n");
	return 0;
}

static void __exit secondary_tlb_exit(void)
{
}

#endif

module_init(secondary_tlb_init);
module_exit(secondary_tlb_exit);

MODULE_DESCRIPTION("Reports what secondary TLBs are told to drop");
MODULE_AUTHOR("kverdict");
MODULE_LICENSE("GPL");
