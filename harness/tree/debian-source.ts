// SPDX-License-Identifier: MIT
/** Debian's kernel source, as `scripts/setup --source` installs it: the tree that demo, tests and selfcheck use. */
export const DEBIAN_SOURCE = '/usr/src/linux-source-6.12.tar.xz';
