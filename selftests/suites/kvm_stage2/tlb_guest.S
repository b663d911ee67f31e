/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A guest that counts in two pages and never leaves: x1 and x2 point to them,
 * the first page always gets the number first. It cannot take an exception
 * without the host being told, by a store to a device that does not exist.
 */
	.section .rodata, "a"

	.global	tlb_guest
	.balign	2048
tlb_guest:
	.rept	16
	.balign	128
	mrs	x0, esr_el1
	str	x0, [x4]
	b	.
	.endr

	.balign	128
	.global	tlb_guest_count
tlb_guest_count:
	add	x3, x3, #1
	str	x3, [x1]
	dmb	ish
	str	x3, [x2]
	b	tlb_guest_count

	.global	tlb_guest_end
tlb_guest_end:
