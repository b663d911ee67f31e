// SPDX-License-Identifier: MIT
#include <linux/toy.h>

/* The one warning that the stock tree has: a build of it is not silent. */
int do_wp_page(int refs)
{
	int unused_on_purpose;

	if (refs == 1)
		return toy_pages(refs);
	return 0;
}
