// SPDX-License-Identifier: GPL-2.0-only
/*
 * A kernel that goes wrong when it is told to: a word written to /proc/splat
 * says how. For tests of what is made of it; never load it anywhere else.
 */
#include <linux/delay.h>
#include <linux/irqflags.h>
#include <linux/jiffies.h>
#include <linux/module.h>
#include <linux/panic.h>
#include <linux/proc_fs.h>
#include <linux/rcupdate.h>
#include <linux/smp.h>
#include <linux/string.h>
#include <linux/uaccess.h>

#define STALL_SECONDS	6

static int *nothing;

static noinline void warn_here(void)
{
	WARN(1, "splat: as asked\n");
}

static noinline void warn_there(void)
{
	WARN_ON(1);
}

static noinline void write_to_nothing(void)
{
	WRITE_ONCE(*nothing, 1);
}

static noinline void bug_here(void)
{
	BUG();
}

static noinline void panic_here(void)
{
	panic("splat: as asked");
}

/* Long enough for a stall timeout of three seconds. */
static noinline void stall_rcu(void)
{
	unsigned long end = jiffies + STALL_SECONDS * HZ;

	preempt_disable();
	while (time_before(jiffies, end))
		cpu_relax();
	preempt_enable();
}

static noinline void spin_without_interrupts(void)
{
	local_irq_disable();
	for (;;)
		cpu_relax();
}

static void spin_one(void *unused)
{
	spin_without_interrupts();
}

static noinline void spin_everywhere(void)
{
	smp_call_function(spin_one, NULL, 0);
	spin_without_interrupts();
}

static noinline void taint_silently(void)
{
	add_taint(TAINT_CRAP, LOCKDEP_STILL_OK);
}

static const struct {
	const char *word;
	void (*act)(void);
} acts[] = {
	{ "warn", warn_here },
	{ "warn-there", warn_there },
	{ "oops", write_to_nothing },
	{ "bug", bug_here },
	{ "panic", panic_here },
	{ "stall", stall_rcu },
	{ "spin", spin_without_interrupts },
	{ "spin-everywhere", spin_everywhere },
	{ "taint", taint_silently },
};

static ssize_t splat_write(struct file *file, const char __user *from,
			   size_t count, loff_t *at)
{
	char word[32] = "";
	size_t i;

	if (count >= sizeof(word))
		return -EINVAL;
	if (copy_from_user(word, from, count))
		return -EFAULT;
	for (i = 0; i < ARRAY_SIZE(acts); i++) {
		if (strcmp(strim(word), acts[i].word))
			continue;
		acts[i].act();
		return count;
	}
	return -EINVAL;
}

static const struct proc_ops splat_ops = {
	.proc_write = splat_write,
};

static int __init splat_init(void)
{
	return proc_create("splat", 0200, NULL, &splat_ops) ? 0 : -ENOMEM;
}

static void __exit splat_exit(void)
{
	remove_proc_entry("splat", NULL);
}

module_init(splat_init);
module_exit(splat_exit);
MODULE_DESCRIPTION("Kernel reports on demand");
MODULE_LICENSE("GPL");
