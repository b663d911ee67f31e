// SPDX-License-Identifier: MIT
/** The functions of a call trace, as both arches print them. Which of them say where it happened: `where.ts`. */
import {rustName} from './rust-name.js';

export interface Frame {
  /** Normalised: `do_wp_page`, whatever copy of it the compiler made. */
  name: string;
  /** As printed, for a look into vmlinux: the symbol's own name and the offset in it. */
  symbol: string;
  offset: number;
  module?: string;
}

/**
 * `func+0x1/0x2 [module]`, x86_64 with `? ` before what the unwinder only guessed, arm64 with `(P)` behind; kmemleak puts
 * its own name before each.
 */
const FRAME =
  /^(?:kmemleak:)?\s*(?:\[<(?:[0-9a-f]+|\(_*ptrval_*\))>\] )?(\? )?([A-Za-z_][\w.$]*)\+0x([0-9a-f]+)\/0x[0-9a-f]+(?: \([A-Z]+\))*(?: \[([\w-]+)(?: [0-9a-f]+)?\])?(?: \([A-Z]+\))?\s*$/;
/** x86_64: `RIP: 0010:func+0x1/0x2`; arm64: `pc : func+0x1/0x2`. A user's (`RIP: 0033:0x4011`) has no name. */
const COUNTER = /^\s*(?:RIP: [0-9a-f]{4}:|pc : )([A-Za-z_][\w.$]*)\+0x([0-9a-f]+)\/0x[0-9a-f]+(?: \[([\w-]+)[^\]]*\])?/;
/** x86_64 writes `Call Trace:`, arm64 `Call trace:`. */
const TRACE = /^\s*Call [Tt]race:/;

export const isTrace = (line: string): boolean => TRACE.test(line);

/** A frame of a trace; undefined for any other line, `unsure` for one that the unwinder only guessed. */
export function parseFrame(line: string): Frame | 'unsure' | undefined {
  const [, unsure, symbol, offset, module] = FRAME.exec(line) ?? [];
  if (symbol === undefined || offset === undefined) return undefined;
  return unsure === undefined ? makeFrame(symbol, offset, module) : 'unsure';
}

/** Where the CPU was, by its program counter. */
export function parseCounter(line: string): Frame | undefined {
  const [, symbol, offset, module] = COUNTER.exec(line) ?? [];
  return symbol === undefined || offset === undefined ? undefined : makeFrame(symbol, offset, module);
}

function makeFrame(symbol: string, offset: string, module: string | undefined): Frame {
  const frame = {name: normalName(symbol), symbol, offset: Number.parseInt(offset, 16)};
  return module === undefined ? frame : {...frame, module};
}

/** What compilers append to a copy of a function, and each arch's own name for a system call. */
const SUFFIX = /(?:\.(?:isra|constprop|part|cold|lto_priv|llvm|localalias|clone|str|specialized)(?:\.\d+)*|\.\d+)+$/;
const SYSCALL = /^__(?:x64|ia32|arm64|do|se)_(?:compat_)?sys_/;

export const normalName = (symbol: string): string => rustName(symbol.replace(SUFFIX, '').replace(SYSCALL, 'sys_'));
