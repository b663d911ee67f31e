// SPDX-License-Identifier: MIT
import type {CheckHead} from '../verdict/itself.js';

/** `selfcheck.json`: what became of each sentinel. Fields are only ever added within `kverdict/selfcheck/1`. */
export const SELFCHECK_SCHEMA = 'kverdict/selfcheck/1';

/** Failed attempts (of a control: results) of so many. */
export interface KOfN {
  failed: number;
  of: number;
}

export type RowOutcome = 'detected' | 'missed' | 'good' | 'not-good' | 'not-tried';

/** One expectation on one profile; of a control, all that it ran. */
export interface SelfcheckRow {
  profile: string;
  /** `clear_refs:race/…`, `new-warning in mm/memory.c`, `verdict` */
  what: string;
  /** The change or the finding that must come; `good` of a control. */
  expected: string;
  outcome: RowOutcome;
  /** What came: the word for the change, the compiler's message, or why nothing did. */
  seen: string;
  /** null where nothing runs: a finding about the build. */
  base: KOfN | null;
  patched: KOfN | null;
  /** Of the patched side's attempts together. */
  testSeconds?: number;
}

export type SentinelOutcome =
  | RowOutcome
  /** Its `applies` does not name this kernel. */
  | 'does-not-apply'
  /** It names none of the profiles that were asked for. */
  | 'left-out';

export interface SentinelReport {
  name: string;
  thread: string;
  summary: string;
  control: boolean;
  /** Why it is known to be missed. */
  unseen?: string;
  outcome: SentinelOutcome;
  /** Why, where there are no rows; a mark `unseen` that is not true any more. */
  detail?: string;
  rows: SelfcheckRow[];
  /** All of it: build, boots and attempts. */
  seconds: number;
  kernel: string;
  /** `QEMU 10.0.2, tcg`; absent when nothing was booted. */
  machine?: string;
  /** Folder of the run, below that of selfcheck.json. */
  results?: string;
}

export interface SelfcheckReport extends CheckHead {
  schema: typeof SELFCHECK_SCHEMA;
  host: {cpus: number; memoryMiB: number; kernel: string};
  sentinels: SentinelReport[];
}

/** What the whole comes to, as one word. */
export type SelfcheckVerdict = 'all-detected' | 'missed' | 'cannot-tell';

/**
 * Fails closed: one that is missed without a known reason, or a control that is not good, is a failure; one that could
 * not be tried, or nothing tried at all, is no proof.
 */
export function verdictOf({complete, sentinels}: Pick<SelfcheckReport, 'complete' | 'sentinels'>): SelfcheckVerdict {
  const failed = sentinels.some(
    ({outcome, unseen}) => outcome === 'not-good' || (outcome === 'missed' && unseen === undefined),
  );
  if (failed) return 'missed';
  const tried = sentinels.filter(({outcome}) => outcome !== 'does-not-apply' && outcome !== 'left-out');
  const open = tried.some(({outcome, unseen}) => outcome === 'not-tried' && unseen === undefined);
  return complete && tried.length > 0 && !open ? 'all-detected' : 'cannot-tell';
}
