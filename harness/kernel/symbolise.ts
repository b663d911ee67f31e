// SPDX-License-Identifier: MIT
/** From `function+offset` to the line of source, with the build's own vmlinux: one call for all of them. */
import {readFileSync} from 'node:fs';
import type {Context} from '../lib/context.js';
import {messageOf} from '../lib/errors.js';
import {crossPrefix} from './arch.js';
import type {KernelBuild} from './kernel-build.js';

export interface Location {
  symbol: string;
  offset: number;
}

export interface Symbolised {
  /** By `symbol+offset`: `mm/gup.c:904`, innermost inlined function first. Absent: nobody knows. */
  lines: ReadonlyMap<string, string[]>;
  /** Why there are none, or fewer: one sentence. */
  note?: string;
}

export const locationKey = ({symbol, offset}: Location): string => `${symbol}+${offset}`;

const SECONDS = 60;
/** An address as an argument takes some 20 bytes; the kernel takes 128 KiB at least (ARG_MAX). */
const MAX_ADDRESSES = 2000;

/**
 * A frame holds the address behind the call, so the byte before it is asked for. A symbol that System.map has twice
 * is left out: a wrong line is worse than none. Functions of modules are not in vmlinux.
 */
export async function symbolise(
  ctx: Context,
  kernel: Pick<KernelBuild, 'arch' | 'vmlinux' | 'systemMap'>,
  locations: readonly Location[],
): Promise<Symbolised> {
  const none: Symbolised = {lines: new Map()};
  if (locations.length === 0) return none;
  if (kernel.vmlinux === undefined) return {...none, note: 'the build has no vmlinux'};
  const addresses = addressesOf(readFileSync(kernel.systemMap, 'utf8'), locations);
  if (addresses.size === 0) return {...none, note: 'System.map has none of the functions'};
  const tool = `${crossPrefix(kernel.arch)}addr2line`;
  try {
    const asked = [...addresses.values()].map((address) => `0x${address.toString(16)}`);
    const args = ['-e', kernel.vmlinux, '-i', '-a', ...asked];
    const {stdout} = await ctx.exec.runOk(tool, args, {timeoutSeconds: SECONDS});
    const found = readAnswer(stdout);
    const lines = new Map<string, string[]>();
    for (const [key, address] of addresses) {
      const at = found.get(address);
      if (at !== undefined) lines.set(key, at);
    }
    const note = 'vmlinux has no debug information (CONFIG_DEBUG_INFO): frames are functions and offsets only';
    return lines.size === 0 ? {lines, note} : {lines};
  } catch (error) {
    return {...none, note: `${tool} did not answer: ${messageOf(error).split('\n')[0]}`};
  }
}

/** `ffffffff81000000 T name` a line. */
function addressesOf(systemMap: string, locations: readonly Location[]): Map<string, bigint> {
  const wanted = new Set(locations.map(({symbol}) => symbol));
  const starts = new Map<string, bigint | undefined>();
  for (const line of systemMap.split('\n')) {
    const [address = '', kind, name = ''] = line.split(' ');
    if (kind === undefined || !'tTwW'.includes(kind) || !wanted.has(name)) continue;
    starts.set(name, starts.has(name) ? undefined : BigInt(`0x${address}`));
  }
  const addresses = new Map<string, bigint>();
  for (const location of locations) {
    const start = starts.get(location.symbol);
    if (start === undefined || addresses.size >= MAX_ADDRESSES) continue;
    addresses.set(locationKey(location), start + BigInt(Math.max(0, location.offset - 1)));
  }
  return addresses;
}

/** addr2line -a: the address, then a line for each function that is inlined there. `??:0` is "do not know". */
function readAnswer(text: string): Map<bigint, string[]> {
  const answers = new Map<bigint, string[]>();
  let at: string[] | undefined;
  for (const line of text.split('\n').map((each) => each.trim())) {
    if (/^0x[0-9a-f]+$/.test(line)) {
      at = [];
      answers.set(BigInt(line), at);
    } else if (line !== '' && !/^\?\?|:\?$|:0$/.test(line)) at?.push(place(line));
  }
  return new Map([...answers].filter(([, lines]) => lines.length > 0));
}

/** `/tmp/x/../src/mm/gup.c:904 (discriminator 3)` */
function place(line: string): string {
  const bare = line.replace(/ \(discriminator \d+\)$/, '');
  const top =
    /(?:^|\/)((?:arch|block|certs|crypto|drivers|fs|include|init|io_uring|ipc|kernel|lib|mm|net|security|virt)\/[^:]*:\d+)$/;
  return top.exec(bare)?.[1] ?? bare;
}
