// SPDX-License-Identifier: MIT
/**
 * Results of any size, judged by the real rules from attempts that were made up: what a report shows of them is what
 * it would show of a run. The same options give the same results.
 */
import type {SubtestResult} from '../../ktap/result.js';
import type {Attempt} from '../../suite/attempt.js';
import {compareAttempts} from '../../verdict/compare.js';
import {findingsOf} from '../../verdict/findings.js';
import {type Finding, RESULTS_SCHEMA, type Results} from '../../verdict/results.js';
import {decideVerdict} from '../../verdict/verdict.js';

export interface SyntheticOptions {
  verdict: 'good' | 'bad' | 'inconclusive';
  /** Results in all, over all profiles. */
  subtests: number;
  profiles?: readonly string[];
  /** Nothing to compare with, as `kverdict run`. */
  single?: boolean;
}

const SUITES = ['userfaultfd', 'gup_cow', 'mte', 'soft_dirty', 'kvm_stage2', 'kselftest/mm', 'mmu_notifier'];
const TESTS = ['unit', 'race', 'stress', 'ioctl'];
const WORDS = [
  'minor fault',
  'write-protect',
  'anon',
  'shmem',
  'hugetlb',
  'with fork',
  'event',
  'move',
  'poison',
  'pinned',
];
const RACE_NAME = 'no write is lost, pages pinned by vmsplice';
const RUNS = 6;

type Status = SubtestResult['status'];

/** Attempts of the race that fail on each side, by verdict: flaky on both, always with the series, once with it. */
const RACE = {
  good: {base: [2, 5], patched: [3]},
  bad: {base: [], patched: [1, 2, 3, 4, 5, 6]},
  inconclusive: {base: [], patched: [4]},
} as const;

export function syntheticResults(options: SyntheticOptions): Results {
  const {verdict, subtests, profiles = ['x86_64', 'arm64'], single = false} = options;
  const started = new Date('2026-11-21T15:00:00.000Z');
  const attempts: Attempt[] = [];
  const perProfile = Math.max(2, Math.ceil(subtests / profiles.length));
  const suites = SUITES.slice(0, Math.min(SUITES.length, Math.max(2, Math.ceil(perProfile / 12))));
  for (const profile of profiles) {
    for (const [index, suite] of suites.entries()) {
      const many = Math.ceil(perProfile / suites.length);
      const tests = TESTS.slice(0, many > 60 ? 4 : 1);
      for (const test of tests) {
        attempts.push(...attemptsOf({profile, suite, test, index, many: Math.ceil(many / tests.length), options}));
      }
    }
  }
  attempts.push(...raceOf(profiles[0] ?? 'x86_64', RACE[verdict]));
  const seen = single ? attempts.filter(({side}) => side === 'patched') : attempts;
  const comparisons = compareAttempts(seen, {single});
  const facts = factsOf(profiles, seen, single);
  const reproduce = ({profile, suite, test}: Partial<Finding>): string =>
    `kverdict verify v3-clear-refs.mbox --base 5d018523bd7a --profiles ${profile} -t '${suite}:${test}'`;
  const findings = findingsOf({comparisons, builds: facts.builds, guests: facts.guests}, reproduce).map(withExcerpt);
  return {
    schema: RESULTS_SCHEMA,
    kverdict: '0.1.0',
    ...decideVerdict({comparisons, findings, builds: facts.builds}),
    started: started.toISOString(),
    seconds: 40 + subtests / 4,
    ...facts,
    comparisons,
    attempts: seen.map((one, index) => ({
      ...{profile: one.profile, suite: one.suite, test: one.test, side: single ? 'only' : one.side, number: one.number},
      ...{at: 30 + index * 2.5, seconds: one.seconds, guest: one.guest},
      ...{log: one.log ?? '', console: one.console ?? ''},
    })),
    findings,
    problems: ['userfaultfd:unit: line 31: result 4 is claimed twice'],
  };
}

interface TestOptions {
  profile: string;
  suite: string;
  test: string;
  index: number;
  many: number;
  options: SyntheticOptions;
}

/** One attempt a side, as for a test that is not racy: mostly passes, a few skips, and what the verdict wants. */
function attemptsOf({profile, suite, test, index, many, options}: TestOptions): Attempt[] {
  // The same subtests on every machine.
  const random = generator(many + 1000 * index + test.length);
  const base: Record<string, Status> = {};
  const patched: Record<string, Status> = {};
  for (let n = 0; n < many; n++) {
    const word = WORDS[Math.floor(random() * WORDS.length)] ?? '';
    const name = `${word} on ${WORDS[n % WORDS.length]} #${n}`;
    const dice = random();
    base[name] = dice < 0.08 ? 'skip' : dice < 0.09 ? 'fail' : 'pass';
    patched[name] = base[name];
    if (options.verdict === 'bad' && index === 1 && n % 25 === 3 && base[name] === 'pass') patched[name] = 'skip';
    if (options.verdict === 'inconclusive' && index === 0 && n === 2) [base[name], patched[name]] = ['fail', 'pass'];
  }
  return (['base', 'patched'] as const).map((side) =>
    attempt({profile, suite, test, side, number: 1}, side === 'base' ? base : patched),
  );
}

function raceOf(profile: string, failing: Readonly<Record<'base' | 'patched', readonly number[]>>): Attempt[] {
  const identity = {profile, suite: 'clear_refs', test: 'race'};
  return Array.from({length: RUNS}, (_, index) => index + 1).flatMap((number) =>
    (['base', 'patched'] as const).map((side) => {
      const status: Status = failing[side].includes(number) ? 'fail' : 'pass';
      return attempt({...identity, side, number}, {[RACE_NAME]: status, 'a write sets soft-dirty': 'pass'});
    }),
  );
}

function attempt(
  identity: Pick<Attempt, 'profile' | 'suite' | 'test' | 'side' | 'number'>,
  statuses: Readonly<Record<string, Status>>,
): Attempt {
  const {profile, suite, test, side, number} = identity;
  const failed = Object.values(statuses).includes('fail');
  return {
    ...identity,
    exit: {code: failed ? 1 : 0},
    report: {
      results: Object.entries(statuses).map(([name, status]) => ({
        path: [name],
        status,
        ...(status === 'skip' ? {reason: 'no hugetlb pages'} : {}),
        diagnostics: status === 'fail' ? ['# lost write: page 2 holds 1668434, expected 1668780'] : [],
      })),
      problems: [],
    },
    seconds: 1.4 + number / 10,
    guest: `g${number}`,
    log: `attempts/${profile}/${suite}/${test}/${side}-${number}.log`,
    console: `guests/g${number}-${profile}/g${number}.console.log`,
  };
}

const KTAP = [
  'KTAP version 1',
  '1..2',
  'ok 1 a write sets soft-dirty',
  '# 1 rounds, in 1 of them a write came before the end',
  '# lost write: page 2 holds 1668434, expected 1668780',
  `not ok 2 ${RACE_NAME}`,
];
const SPLAT = [
  '[    8.201341] ------------[ cut here ]------------',
  '[    8.201902] WARNING: CPU: 1 PID: 71 at mm/rmap.c:1443 folio_add_anon_rmap_ptes+0x11c/0x130',
  '[    8.203313] CPU: 1 UID: 0 PID: 71 Comm: clear_refs Not tainted 6.12.95 #1',
  '[    8.204101] RIP: 0010:folio_add_anon_rmap_ptes+0x11c/0x130',
  '[    8.205500] Call Trace:',
  '[    8.205803]  <TASK>',
  '[    8.206091]  wp_page_copy+0x3f1/0x7a0',
  '[    8.206544]  handle_mm_fault+0x1b6/0x2f0',
  '[    8.207003]  exc_page_fault+0x6a/0x150',
  '[    8.207461]  </TASK>',
  '[    8.207733] ---[ end trace 0000000000000000 ]---',
];

function withExcerpt(finding: Finding, index: number): Finding {
  if (index >= 40 || finding.test === undefined) return finding;
  const path = `${finding.profile}/${finding.suite}/${finding.test.split('/')[0]}`;
  const log = {file: `attempts/${path}/patched-1.log`, line: 1, lines: KTAP};
  const splat = 'WARNING in folio_add_anon_rmap_ptes';
  const console = {file: `guests/g2-${finding.profile}/g2.console.log`, line: 131, lines: SPLAT, splat};
  return {...finding, excerpts: finding.severity === 'bad' && index === 0 ? {log, console} : {log}};
}

function factsOf(
  profiles: readonly string[],
  attempts: readonly Attempt[],
  single: boolean,
): Pick<Results, 'command' | 'host' | 'series' | 'base' | 'builds' | 'profiles' | 'guests'> {
  const accelerator = {
    kind: 'tcg',
    reason: 'KVM: /dev/kvm opens, but a guest did not boot with it within 20 s',
  } as const;
  const arches = [...new Set(profiles.map((name) => (name.startsWith('x86') ? 'x86_64' : 'arm64')))];
  const sides = single ? (['only'] as const) : (['base', 'patched'] as const);
  const author = {name: 'Ada Example', email: 'ada@example.org'};
  return {
    command: `kverdict ${single ? 'run' : 'verify v3-clear-refs.mbox'} --profiles ${profiles.join(',')}`,
    host: {cpus: 2, memoryMiB: 24106, kernel: '6.1.0-40-amd64'},
    series: single
      ? null
      : {
          title: 'fs/proc: clear soft-dirty bits under mmap_lock for read',
          version: 3,
          source: 'v3-clear-refs.mbox',
          messageId: '20261120.1234-1-ada@example.org',
          patchsetHash: 'ab'.repeat(32),
          patches: [
            {number: 1, subject: 'mm: say when a pte is reused', files: ['mm/memory.c'], author},
            {number: 2, subject: 'fs/proc: take mmap_lock for read', files: ['fs/proc/task_mmu.c'], author},
          ],
        },
    base: {
      commit: '5d018523bd7a2c4b223916ad156a67300416be28',
      name: 'v6.12.95',
      how: 'base-commit',
      kernelVersion: '6.12.95',
      attempts: [{candidate: 'v6.12.95', how: 'base-commit'}],
    },
    builds: arches.flatMap((arch, a) =>
      sides.map((side, s) => ({
        ...{arch, side, status: 'ok' as const, seconds: s === 0 ? 241 - 30 * a : 10.6 + a, cached: false},
        ...{compiler: 'gcc (Debian 12.2.0-14+deb12u1) 12.2.0', release: '6.12.95', objects: s === 0 ? 861 : 3},
        newWarnings: [],
        errors: [],
        absentSymbols: [],
        log: `builds/${arch}-${side}.log`,
      })),
    ),
    profiles: profiles.map((name) => ({
      name,
      arch: name.startsWith('x86') ? 'x86_64' : 'arm64',
      qemu: '10.0.2',
      accelerator,
      supported: true,
    })),
    guests: attempts.slice(0, 200).map(({profile, side}, index) => ({
      name: `g${index + 1}`,
      profile,
      side: single ? 'only' : side,
      accelerator,
      qemu: '10.0.2',
      bootSeconds: 1.2 + ((index * 7) % 11) / 20,
      ended: 'ok',
      console: `guests/g${index + 1}-${profile}/g${index + 1}.console.log`,
    })),
  };
}

/** mulberry32: small, and the same everywhere. */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}
