/* SPDX-License-Identifier: MIT */
#ifndef _UAPI_LINUX_TOY_H
#define _UAPI_LINUX_TOY_H

#define TOY_PAGES(count) (count)

#endif
