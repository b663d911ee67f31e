// SPDX-License-Identifier: MIT
import {clip} from '../lib/text.js';
import {sourcePath} from './pattern.js';

/** Characters that are looked at: a title keeps half of them, and a hostile line has thousands. */
const MAX_LENGTH = 400;

/** Names that end in digits and are no devices. */
const NO_DEVICE =
  /^(?:ext[2-4]|ip[46]?|ipv[46]|inet6|arm64|x86|i?915|sha\d+|md[45]|crc\d+|utf8|[su](?:8|16|32|64)|int(?:8|16|32|64)|v[1-9])$/i;
/** IPv6 and MAC. */
const ADDRESS = /(?<![\w:])(?:(?:[0-9a-f]{1,4}:){3,7}[0-9a-f]{1,4}\b|[0-9a-f]{1,4}(?::[0-9a-f]{1,4})*::[0-9a-f:]*)/gi;
const TASK = 'a task';
/** A name of a task as far as it can be told: without blanks, but for a kernel thread's own slashes and colons. */
const NAME = String.raw`(?:kworker\/[\w:+-]+|[^\s:,()[\]/]+)`;

/**
 * Words that no table knows, without what another attempt says otherwise: a task and its number, a CPU, a device, a
 * line, an offset, an address, a count.
 * @param comm the task's name as the report's header has it: it may hold blanks
 */
export function stableTitle(text: string, comm?: string): string {
  const words = clip(text, MAX_LENGTH);
  const named = comm === undefined ? words : words.replaceAll(taskOf(comm), TASK);
  return named
    .replace(/\{[^{}]*\}/g, '')
    .replace(/\b([A-Za-z_][\w.$]*)\+0x[0-9a-f]+\/0x[0-9a-f]+(?: \[[^\]]*\])?/g, '$1')
    .replace(ADDRESS, 'ADDR')
    .replace(/((?:[\w.-]*\/)*[\w-]+\.(?:[chS]|rs)):\d+(?::\d+)?/g, (_, path: string) => sourcePath(path))
    .replace(new RegExp(`(?<![\\w/])${NAME}\\[\\d+\\]`, 'g'), TASK)
    .replace(new RegExp(`(?<![\\w/])${NAME}\\/-?\\d+(?:\\/\\w+)?(?![\\w/])`, 'g'), TASK)
    .replace(new RegExp(`(?<![\\w/])${NAME}:\\d+(?![\\w:])`, 'g'), TASK)
    .replace(/\b0x[0-9a-f]+\b|\b(?=[a-f]*\d)[0-9a-f]{8,16}\b/gi, 'ADDR')
    .replace(/(?<![\w.])-?\d+(?:\.\d+)*(?=(?:[kM]?B|[mun]?s|%)?(?![\w.]))/g, 'N')
    .replace(/\b[A-Za-z]{2,}\d+\b/g, (word) => (NO_DEVICE.test(word) ? word : word.replace(/\d+$/, 'N')))
    .replace(/\s+/g, ' ')
    .replace(/[:,]? a task(?=$|\s*$)/, '')
    .trim();
}

/** `comm/123`, `comm:123`, `comm[123]`, with what schedule() puts behind. */
function taskOf(comm: string): RegExp {
  return new RegExp(`${comm.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}(?:[/:]-?\\d+(?:/\\w+)?|\\[\\d+\\]?)`, 'g');
}
