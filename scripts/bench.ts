// SPDX-License-Identifier: MIT
/**
 * Ratios against a floor that is measured beside them, in one run, on an idle host:
 *
 *   npm run bench
 *
 * 1. QEMU's start to SSH ready, against the same QEMU and kernel with an init that prints one line.
 * 2. A warm `kverdict verify` of the demo's two-file patch, 5+5 attempts on x86_64, against the time in which at least
 *    one of its own children was at work.
 * 3. The orchestrator's peak resident memory in that run.
 * 4. Reading 100 MB of KTAP and 100 MB of console, against `wc -l` and `grep -c` on the same files. `npm run bench -- read`
 *    does this part alone.
 *
 * Exits 1 when a limit is broken. Needs kernels in the cache: `scripts/demo` puts them there.
 */
import {spawn} from 'node:child_process';
import {mkdtempSync, readFileSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {resolvePaths} from '../harness/lib/paths.js';
import {DEBIAN_SOURCE} from '../harness/tree/debian-source.js';
import {bootRatios} from './bench-boot.js';
import {readFigures} from './bench-read.js';

const LIMITS = {boot: 1.3, verify: 1.1, memoryMiB: 200, readMiB: 150, readOverWc: 120} as const;

interface Line {
  what: string;
  value: number;
  limit: number;
  unit: string;
  detail: string;
}

interface TimedEvent {
  time: string;
  type: string;
  pid?: number;
}

async function main(parts: readonly string[]): Promise<number> {
  const lines = await readLines();
  if (!parts.includes('read')) lines.unshift(...(await guestLines()));
  for (const {what, value, limit, unit, detail} of lines) {
    const mark = value <= limit ? 'ok  ' : 'FAIL';
    console.log(`${mark} ${what.padEnd(14)} ${value.toFixed(2)}${unit} (limit ${limit}${unit}): ${detail}`);
  }
  return lines.every(({value, limit}) => value <= limit) ? 0 : 1;
}

async function readLines(): Promise<Line[]> {
  return (await readFigures()).flatMap(({what, overWc, overGrep, peakMiB, detail}) => [
    {
      ...{what: `read ${what}`, value: overWc, limit: LIMITS.readOverWc, unit: 'x'},
      detail: `the time of wc -l, ${overGrep.toFixed(0)}x that of grep -c: ${detail}`,
    },
    {what: `memory ${what}`, value: peakMiB, limit: LIMITS.readMiB, unit: ' MiB', detail: 'peak of that process'},
  ]);
}

async function guestLines(): Promise<Line[]> {
  const lines: Line[] = [];
  for (const {profile, ratio, detail} of await bootRatios(DEBIAN_SOURCE)) {
    lines.push({what: `boot ${profile}`, value: ratio, limit: LIMITS.boot, unit: 'x', detail});
  }
  const verify = await warmVerify();
  lines.push({
    what: 'warm verify',
    value: verify.wall / verify.children,
    limit: LIMITS.verify,
    unit: 'x',
    detail: `${verify.wall.toFixed(1)} s wall, ${verify.children.toFixed(1)} s with a child at work`,
  });
  lines.push({
    what: 'peak memory',
    value: verify.peakMiB,
    limit: LIMITS.memoryMiB,
    unit: ' MiB',
    detail: 'VmHWM of the orchestrator',
  });
  return lines;
}

/** Runs the program as a user would and looks at it from outside. */
async function warmVerify(): Promise<{wall: number; children: number; peakMiB: number}> {
  const {project} = resolvePaths();
  const out = mkdtempSync(join(tmpdir(), 'kverdict-bench-'));
  const args = [
    join(project, 'dist/harness/cli/main.js'),
    'verify',
    join(project, 'selftests/sentinels/clear-refs-read-lock'),
  ];
  const options = [
    '--tree',
    DEBIAN_SOURCE,
    '-t',
    'clear_refs',
    '--profiles',
    'x86_64',
    '--runs',
    '5',
    '--out',
    join(out, 'run'),
  ];
  const once = async (): Promise<{wall: number; peakMiB: number}> => {
    const started = performance.now();
    const child = spawn(process.execPath, [...args, ...options], {stdio: 'ignore'});
    let peakMiB = 0;
    const look = setInterval(() => {
      peakMiB = Math.max(peakMiB, peakOf(child.pid));
    }, 100);
    const code = await new Promise((resolve) => child.on('close', resolve));
    clearInterval(look);
    if (code !== 1) throw new Error(`verify exited ${code}: expected 1 (bad)`);
    return {wall: (performance.now() - started) / 1000, peakMiB};
  };
  try {
    await once(); // warm: kernels, programs and images are in the cache from here on
    const {wall, peakMiB} = await once();
    return {wall, peakMiB, children: childSeconds(join(out, 'run/events.jsonl'))};
  } finally {
    rmSync(out, {recursive: true, force: true});
  }
}

function peakOf(pid: number | undefined): number {
  try {
    const kib = /VmHWM:\s*(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return Number(kib ?? 0) / 1024;
  } catch {
    return 0;
  }
}

/** Seconds in which at least one child was running: the union of their lifetimes. */
function childSeconds(eventsFile: string): number {
  const events = readFileSync(eventsFile, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as TimedEvent);
  let running = 0;
  let since = 0;
  let total = 0;
  for (const {time, type} of events) {
    if (type === 'command' && running++ === 0) since = Date.parse(time);
    if (type === 'command-end' && --running === 0) total += Date.parse(time) - since;
  }
  return total / 1000;
}

process.exitCode = await main(process.argv.slice(2));
