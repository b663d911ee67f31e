// SPDX-License-Identifier: MIT

/** Whole numbers from 0 to below `limit`, the same for the same seed (a linear congruential generator). */
export type Random = (limit: number) => number;

export function randomOf(seed: number): Random {
  let state = (seed * 2654435761 + 1) % 4294967296;
  return (limit) => {
    state = (state * 1664525 + 1013904223) % 4294967296;
    return Math.floor((state / 4294967296) * limit);
  };
}

const COMM = /Comm: (\S.*?) (?=Not tainted|Tainted:|Kdump:)/g;
const PID = /(?:PID: |pid: ?|pid +|by task |task \S+:|\/)(\d{2,})\b/g;

/**
 * The same console as another attempt prints it: other processes with other names, other CPUs, addresses, offsets,
 * lines of source, times.
 */
export function renumber(console: string, random: Random): string {
  const digit = (digits: string): string => digits.replace(/[0-9a-f]/g, () => (1 + random(15)).toString(16));
  const turn = random(4);
  const pids = unique([...console.matchAll(PID)].map(([, pid]) => pid ?? ''));
  const comms = unique([...console.matchAll(COMM)].map(([, comm]) => comm ?? ''));
  let text = console
    .replace(/\[ *\d+\.(\d{6})\]/g, (_, rest: string) => `[${String(40 + turn).padStart(5)}.${rest}]`)
    .replace(/(?<=CPU[:# ] ?|cpu |\[ +C)\d(?!\d)/gi, (cpu) => String((Number(cpu) + turn) % 8))
    .replace(
      /\+0x[1-9a-f][0-9a-f]*\/0x[0-9a-f]+/g,
      () => `+0x${(1 + random(4095)).toString(16)}/0x${(4096 + random(4095)).toString(16)}`,
    )
    .replace(
      /(?<=\b0x|\b)(?:ffff[0-9a-f]{12}|00000000[1-9a-f][0-9a-f]{7})\b/g,
      (address) => address.slice(0, 8) + digit(address.slice(8)),
    )
    .replace(/(?<=\bveth)\d+/g, () => String(random(99)))
    .replace(/(?<=\.(?:c|h|rs|S):)\d+/g, () => String(1 + random(9999)));
  for (const comm of comms) if (!/^(?:kworker|swapper)/.test(comm)) text = rename(text, comm, `t${random(99)}${comm}`);
  for (const pid of pids) {
    const other = String(100 + random(30000));
    text = text.replace(
      new RegExp(`(?<=PID: |pid: *|pid |task |[^\\d.chrs]:|\\S\\/|\\w\\[)${pid}\\b(?!\\.)`, 'g'),
      other,
    );
  }
  return text;
}

/** A task's name stands alone in a header, and elsewhere before its number. */
function rename(text: string, comm: string, other: string): string {
  const name = comm.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return text
    .replace(new RegExp(`(?<=Comm: |task:|comm ")${name}(?=[ "])`, 'g'), other)
    .replace(new RegExp(`(?<![\\w/])${name}(?=[:/[]\\d)`, 'g'), other)
    .replace(new RegExp(`^(.*\\] )${name}(?=: (?:page allocation|vmalloc))`, 'gm'), `$1${other}`);
}

const unique = (words: readonly string[]): string[] => [...new Set(words)];
