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
/** `0000:00:04.0` */
const PCI = /\b[0-9a-f]{4}:[0-9a-f]{2}:[0-9a-f]{2}\.[0-7]\b/gi;
/** With a number in its middle, too: `nvme0n1`, `enp0s3`. */
const DEVICE = /\b[a-z]{2,}\d+(?:[a-z]+\d+)+\b/g;
/** With its number, or alone: `kworker/0:1H`. */
const KWORKER = /\bkworker\/u?\d+:\d+H?[\w:+-]*(?:\/-?\d+(?:\/\w+)?|\[\d+\])?/g;
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
  const named =
    comm === undefined ? words : words.replaceAll(taskOf(comm), TASK).replaceAll(calledTask(comm), `$1$2${TASK}`);
  return named
    .replace(/\{[^{}]*\}/g, '')
    .replace(/(\bcomm[:= ]+)["']?[^\s"',()]+["']?/gi, `$1${TASK}`)
    .replace(KWORKER, TASK)
    .replace(PCI, 'ADDR')
    .replace(/\b([A-Za-z_][\w.$]*)\+0x[0-9a-f]+\/0x[0-9a-f]+(?: \[[^\]]*\])?/g, '$1')
    .replace(ADDRESS, 'ADDR')
    .replace(/((?:[\w.-]*\/)*[\w-]+\.(?:[chS]|rs)):\d+(?::\d+)?/g, (_, path: string) => sourcePath(path))
    .replace(new RegExp(`(?<![\\w/])${NAME}\\[\\d+\\]`, 'g'), TASK)
    .replace(new RegExp(`(?<![\\w/])${NAME}\\/-?\\d+(?:\\/\\w+)?(?![\\w/])`, 'g'), TASK)
    .replace(new RegExp(`(?<![\\w/])${NAME}:\\d+(?![\\w:])`, 'g'), TASK)
    .replace(/\b0x[0-9a-f]+\b|\b[0-9a-f]{8,16}\b|\(_*ptrval_*\)/gi, 'ADDR')
    .replace(/(\bpfn[:= ]+)[0-9a-f]+\b/gi, '$1N')
    .replace(/(?<![\w.])-?\d+(?:\.\d+)*(?=(?:[kM]?B|[mun]?s|%)?(?!\w|\.\w))/g, 'N')
    .replace(/\bN(?:[-,]N)+\b/g, 'N')
    .replace(DEVICE, (word) => word.replace(/\d+/g, 'N'))
    .replace(/\b[A-Za-z]{2,}\d+\b/g, (word) => (NO_DEVICE.test(word) ? word : word.replace(/\d+$/, 'N')))
    .replace(/\s+/g, ' ')
    .replace(/[:,]? a task(?=$|\s*$)/, '')
    .trim();
}

/** `comm/123`, `comm:123`, `comm[123]`, with what schedule() puts behind. */
function taskOf(comm: string): RegExp {
  return new RegExp(`${escaped(comm)}(?:[/:]-?\\d+(?:/\\w+)?|\\[\\d+\\]?)`, 'g');
}

/** The name alone, where the words beside it say that it is one: `task comm`, `"comm"`, `(comm,123)`, `comm (123)`. */
function calledTask(comm: string): RegExp {
  const name = escaped(comm);
  const above = String.raw`((?:\b(?:task|process|thread|program|current|name)[:= ] ?|["'(])["']?)`;
  return new RegExp(`${above}${name}(?![\\w-])|(^|\\s)${name}(?= ?\\(?(?:pid|PID|\\d+\\)))`, 'gi');
}

const escaped = (comm: string): string => comm.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
