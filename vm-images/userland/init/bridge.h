/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef BRIDGE_H
#define BRIDGE_H

#include <stdnoreturn.h>

/* Ends the kernel, and with it QEMU: a guest that is not whole is not tested. */
noreturn void give_up(const char *what);

/* An SSH server that waits for one client, and our end of the way to it. */
int start_server(void);

/* Joins the host to `server`, and later ones to servers of their own. */
noreturn void serve(int server);

#endif
