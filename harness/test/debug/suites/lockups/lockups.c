// SPDX-License-Identifier: GPL-2.0-only
/*
 * What only a kernel with lockdep and the lockup detectors reports: a word
 * written to /proc/lockups says which. Never load it but for a test of that.
 */
#include <linux/delay.h>
#include <linux/jiffies.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/proc_fs.h>
#include <linux/sched.h>
#include <linux/spinlock.h>
#include <linux/string.h>
#include <linux/uaccess.h>

/* More than twice the watchdog's threshold of 1 s that the suite sets. */
#define SPIN_SECONDS	5
/* More than the 4 s after which the suite's settings report it at the latest. */
#define HUNG_SECONDS	7

static DEFINE_MUTEX(first);
static DEFINE_MUTEX(second);
static DEFINE_SPINLOCK(spin);

static noinline void take_in_order(void)
{
	mutex_lock(&first);
	mutex_lock(&second);
	mutex_unlock(&second);
	mutex_unlock(&first);
}

static noinline void take_in_reverse(void)
{
	mutex_lock(&second);
	mutex_lock(&first);
	mutex_unlock(&first);
	mutex_unlock(&second);
}

/* One task never waits for itself here: only lockdep sees what two could do. */
static noinline void take_in_both_orders(void)
{
	take_in_order();
	take_in_reverse();
}

static noinline void spin_without_rest(void)
{
	unsigned long end = jiffies + SPIN_SECONDS * HZ;

	preempt_disable();
	while (time_before(jiffies, end))
		cpu_relax();
	preempt_enable();
}

static noinline void wait_for_nobody(void)
{
	schedule_timeout_uninterruptible(HUNG_SECONDS * HZ);
}

static noinline void sleep_under_a_spinlock(void)
{
	spin_lock(&spin);
	might_sleep();
	spin_unlock(&spin);
}

static const struct {
	const char *word;
	void (*act)(void);
} acts[] = {
	{ "abba", take_in_both_orders },
	{ "soft", spin_without_rest },
	{ "hung", wait_for_nobody },
	{ "atomic", sleep_under_a_spinlock },
};

static ssize_t lockups_write(struct file *file, const char __user *from,
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

static const struct proc_ops lockups_ops = {
	.proc_write = lockups_write,
};

static int __init lockups_init(void)
{
	return proc_create("lockups", 0200, NULL, &lockups_ops) ? 0 : -ENOMEM;
}

static void __exit lockups_exit(void)
{
	remove_proc_entry("lockups", NULL);
}

module_init(lockups_init);
module_exit(lockups_exit);
MODULE_DESCRIPTION("Reports of lockdep and of lockup detectors on demand");
MODULE_LICENSE("GPL");
