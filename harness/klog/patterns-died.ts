// SPDX-License-Identifier: MIT
import {AT, DIED, type SplatPattern, sourcePath} from './pattern.js';

/** `[condition] ` before a file, which may hold anything (6.18 and later, DEBUG_BUGVERBOSE_DETAILED). */
const CONDITION = String.raw`(?:\[.{1,500}\] )?`;

const at = (m: RegExpExecArray): string => `WARNING at ${sourcePath(m[1] ?? '')}`;

/** Warnings, and what the kernel died of. In the order of `SPLATS`. */
export const DIED_OF: readonly SplatPattern[] = [
  // WARN().
  {
    kind: 'warning',
    pattern: new RegExp(`WARNING: CPU: \\d+ PID: \\d+ at ${CONDITION}(\\S+?):\\d+ ${AT}`),
    title: at,
    frame: 'frame',
    traced: true,
  },
  {
    kind: 'warning',
    pattern: new RegExp(`WARNING: CPU: \\d+ PID: \\d+ at ${CONDITION}(\\S+?):\\d+(?: 0x[0-9a-f]+)?$`),
    title: at,
    traced: true,
  },
  // Without DEBUG_BUGVERBOSE.
  {
    kind: 'warning',
    pattern: new RegExp(`WARNING: CPU: \\d+ PID: \\d+ at ${AT}`),
    title: () => 'WARNING',
    frame: 'frame',
    traced: true,
  },
  // From 6.19 on the file comes first, and CPU, comm and PID behind the function and its module.
  {
    kind: 'warning',
    pattern: new RegExp(`WARNING: ${CONDITION}(\\S+?):\\d+ at (?:0x[0-9a-f]+|${AT})(?: \\[[^\\]]*\\])?, CPU#\\d+:?`),
    title: at,
    frame: 'frame',
    traced: true,
  },
  {
    kind: 'warning',
    pattern: new RegExp(`WARNING: ${CONDITION}at (?:0x[0-9a-f]+|${AT})(?: \\[[^\\]]*\\])?, CPU#\\d+:?`),
    title: () => 'WARNING',
    frame: 'frame',
    traced: true,
  },

  // The kernel died, or should have.
  {
    kind: 'bug',
    pattern: /(?:^|: )panicked at (?:'(.*)', )?(\S+\.rs):\d+:\d+:?$/,
    title: (m) =>
      `rust panic at ${sourcePath(m[2] ?? '')}${m[1] === undefined ? '' : `: ${m[1].replace(/\d+/g, 'N')}`}`,
    more: /^([^\s-].*)$/,
    traced: true,
  },
  // BUG() of Rust's panic handler.
  {
    kind: 'bug',
    pattern: /kernel BUG at (\S*\brust\/\S+?):\d+!/,
    title: (m) => `kernel BUG at ${sourcePath(m[1] ?? '')}`,
    continues: ['bug'],
    traced: true,
  },
  {
    kind: 'bug',
    pattern: new RegExp(`kernel BUG at ${CONDITION}(\\S+?):\\d+!`),
    title: (m) => `kernel BUG at ${sourcePath(m[1] ?? '')}`,
    traced: true,
  },
  {
    kind: 'bug',
    pattern: new RegExp(`[Kk]ernel BUG at ${AT}.*verbose debug info unavailable`),
    title: () => 'kernel BUG',
    frame: 'frame',
    traced: true,
  },
  // With CFI_PERMISSIVE a WARN() of the same function follows, else an Oops.
  {
    kind: 'bug',
    pattern: new RegExp(`CFI failure at ${AT}`),
    title: () => 'CFI failure',
    frame: 'frame',
    traced: true,
    announces: true,
  },
  {
    kind: 'oops',
    pattern: /BUG: (kernel NULL pointer dereference|unable to handle (?:page fault|kernel [\w ]+))/,
    title: (m) => m[1] ?? '',
  },
  {
    kind: 'oops',
    pattern: /Unable to handle kernel (.+?) at virtual address/,
    title: (m) => `unable to handle kernel ${m[1]}`,
  },
  {kind: 'oops', pattern: /PANIC: (double fault)\b/, title: (m) => m[1] ?? ''},
  {kind: 'oops', pattern: /(?:PANIC|BUG): (invalid or fatal FRED event)\b/, title: (m) => m[1] ?? ''},
  {kind: 'oops', pattern: /^(?:BUG: )?(?:TASK |IRQ |#?\w+ )?(stack guard page was hit)/, title: (m) => m[1] ?? ''},
  {
    kind: 'oops',
    pattern: /Internal error: (.+?)(?:: [0-9a-f]+)? \[#\d+\]/,
    title: (m) => `Internal error: ${m[1]}`,
    continues: DIED,
  },
  {
    kind: 'oops',
    pattern:
      /^(SError Interrupt|Bad mode in [\w ]+ handler|Unhandled [\w -]+ exception(?= on CPU)|Insufficient stack space to handle exception)/,
    title: (m) => m[1] ?? '',
    traced: true,
  },
  // x86's die(): `Oops: ` before it from 6.10 on, its error code and a number behind.
  {kind: 'oops', pattern: /^Oops: (?:Oops: )?[0-9a-f]{4} \[#\d+\]/, title: () => 'Oops', continues: DIED},
  {
    kind: 'oops',
    pattern:
      /^(?:Oops: )?(?:segment-related )?([A-Za-z#][^:[\]]*?)(?:, (?:probably|maybe|kernel) .*)?: [0-9a-f]{4} \[#\d+\]/,
    title: (m) => m[1] ?? '',
    continues: DIED,
  },
];
