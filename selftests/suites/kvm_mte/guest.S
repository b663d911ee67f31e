/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the guest can be asked to do. The host puts arguments into x1 and x2 and
 * the address of a routine below into x3, and runs the vCPU. The answer comes
 * in x0, by a store to a device that does not exist; KVM then goes on after
 * that store, so the next thing to do is what x3 says by then.
 */
	.arch	armv8.5-a+memtag
	.section .rodata, "a"

	.global	guest_code
	.balign	2048
guest_code:
	/* Every exception is an answer. */
	.rept	16
	.balign	128
	b	guest_exception
	.endr

	.balign	128
guest_exception:
	mrs	x0, esr_el1
	mrs	x1, far_el1
	str	x0, [x4, #8]
	br	x3
guest_done:
	str	x0, [x4]
	.global	guest_begin
guest_begin:
	br	x3

	/* x1: a pointer whose tag is stored in its granule */
	.global	guest_stg
guest_stg:
	stg	x1, [x1]
	b	guest_done

	/* x1: a pointer; the answer is it with the granule's tag */
	.global	guest_ldg
guest_ldg:
	mov	x0, x1
	ldg	x0, [x1]
	b	guest_done

	.global	guest_load
guest_load:
	ldr	x0, [x1]
	b	guest_done

	.global	guest_store
guest_store:
	str	x2, [x1]
	b	guest_done

	/* Write a word to each page from x1 up to x2. */
	.global	guest_touch
guest_touch:
	str	x1, [x1]
	add	x1, x1, #4096
	cmp	x1, x2
	b.lo	guest_touch
	b	guest_done

	/* x1: a pointer whose tag all granules up to x2, which has it too, get */
	.global	guest_fill
guest_fill:
	stg	x1, [x1]
	add	x1, x1, #16
	cmp	x1, x2
	b.lo	guest_fill
	b	guest_done

	/* How many granules from x1 up to x2 have a tag that is not 0? */
	.global	guest_count
guest_count:
	mov	x0, #0
1:	mov	x5, #0
	ldg	x5, [x1]
	cmp	x5, #0
	cinc	x0, x0, ne
	add	x1, x1, #16
	cmp	x1, x2
	b.lo	1b
	b	guest_done

	.global	guest_id_aa64pfr1
guest_id_aa64pfr1:
	mrs	x0, id_aa64pfr1_el1
	b	guest_done

	.global	guest_gcr
guest_gcr:
	mrs	x0, gcr_el1
	b	guest_done

	.global	guest_code_end
guest_code_end:
