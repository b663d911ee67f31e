// SPDX-License-Identifier: MIT
import type {Frame} from './frames.js';
import {isHelper, serves} from './helpers.js';

/**
 * How anything came into the kernel, and interrupts of software, which run wherever one of hardware came: from here on a
 * trace says nothing about what happened.
 */
const ENTRY =
  /^(?:do_syscall_|do_int80_|do_fast_syscall_|entry_|syscall_|x64_sys_call|ia32_sys_call|invoke_syscall|el0|do_el0|ret_from_|secondary_start|__secondary_|x86_64_start|__primary|asm_|irqentry_|_*do_softirq|handle_softirqs)/;
const SOFTIRQ = /^_*(?:do_softirq|handle_softirqs)$/;
/** A thread's own loop: it says where something happened when nothing below it does. */
const THREAD =
  /^(?:worker_thread|rescuer_thread|cpuhp_thread_fun|smpboot_thread_fn|kthread|start_kernel|rest_init|start_secondary)$/;

const isEntry = (name: string): boolean => ENTRY.test(name) || THREAD.test(name);

/** The trace has come to where the kernel was entered, behind what only reports: nothing that counts can follow. */
export const reachesEntry = (frames: readonly Frame[]): boolean =>
  withoutReport(frames).some(({name}) => isEntry(name));

/**
 * Where it happened, innermost first: without the functions that report, and without how the kernel was entered. A
 * helper that nobody knows yet is a function like any other. With nothing else in a trace: the thread, else the
 * innermost function that works for others, else the entry.
 */
export function relevantFrames(frames: readonly Frame[]): Frame[] {
  const [counter, ...trace] = frames;
  if (counter === undefined) return [];
  // The CPU is in the loop of such interrupts itself; below it is whoever was interrupted.
  if (SOFTIRQ.test(counter.name)) return [counter];
  const rest = isHelper(counter.name) ? withoutReport(trace) : [counter, ...belowCounter(counter, trace)];
  const entry = rest.findIndex(({name}) => isEntry(name));
  const inside = entry < 0 ? rest : rest.slice(0, entry);
  if (inside.length > 0) return inside;
  const only = rest.find(({name}) => THREAD.test(name)) ?? frames.find(({name}) => serves(name));
  // A fault in the entry itself.
  if (only === undefined) return isHelper(counter.name) ? [] : [counter];
  return [only];
}

/**
 * The program counter may be followed by the trace of whoever reports it, and by what it is in: behind an interrupt's
 * entry, somebody else.
 */
function belowCounter(counter: Frame, trace: readonly Frame[]): Frame[] {
  const rest = withoutReport(trace);
  const skipped = trace.slice(0, trace.length - rest.length);
  return rest[0]?.name !== counter.name && skipped.some(({name}) => isEntry(name)) ? [] : rest;
}

function withoutReport(trace: readonly Frame[]): Frame[] {
  const first = trace.findIndex(({name}) => !isHelper(name));
  return first < 0 ? [] : trace.slice(first);
}
