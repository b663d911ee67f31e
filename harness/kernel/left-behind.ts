// SPDX-License-Identifier: MIT
/** What is taken from an `O=` or a source when something of the tree's has run in it. */
import type {IntakeRule} from '../lib/intake.js';

const MIB = 1024 * 1024;
const left = (what: string, maxMib: number): IntakeRule => ({what, blame: 'kernel', maxBytes: maxMib * MIB});

/** .config, System.map (4 MB; 15 MB of all of Linux), `.cmd` files. */
export const LEFT_TEXT = left('left by the build', 64);
/** Of one source; of all of Linux with debug information the largest has 30 MB. */
export const LEFT_OBJECT = left('an object of the build', 64);
/** Is copied, never held: with debug information vmlinux has above 1 GB. */
export const LEFT_KERNEL = left('the kernel that was built', 4096);
export const LEFT_PROGRAM = left('a program that was built', 1024);
/** Makefile, Kconfig, scripts: the largest has 1 MB. */
export const TREE_TEXT = left('of the source tree', 16);
