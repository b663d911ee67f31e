// SPDX-License-Identifier: MIT
import {availableParallelism, release, totalmem} from 'node:os';
import type {ArchName} from '../kernel/kernel-build.js';
import type {Series} from '../series/series.js';
import type {Attempt} from '../suite/attempt.js';
import type {Suite} from '../suite/suite.js';
import type {SeriesConflict} from '../tree/apply.js';
import type {Base} from '../tree/source-tree.js';
import type {TouchedFile} from '../verdict/coverage.js';
import type {Design} from '../verdict/design.js';
import type {KernelChange} from '../verdict/kernel-change.js';
import type {BuildRecord, Finding, GuestRecord, ProfileRecord, Results} from '../verdict/results.js';
import type {SplatRecord} from '../verdict/splat-records.js';
import type {Untestable} from '../verdict/untestable.js';
import type {Lane} from './schedule.js';
import {type ComparedCommit, historyRecord, seriesRecord} from './series-record.js';

/**
 * What a run has seen so far. Steps add to it and nothing is taken away, so a verdict can be given at any moment from
 * what was won until then.
 */
export class Ledger {
  readonly started = new Date();
  series: Series | undefined;
  base: (Base & {kernelVersion: string}) | undefined;
  /** The commit that is compared with the base, when no series was applied to it. */
  history: ComparedCommit | undefined;
  readonly builds: BuildRecord[] = [];
  readonly guests: GuestRecord[] = [];
  readonly attempts: Attempt[] = [];
  /** Of base's own selftests on the base kernel, where the series changes them. */
  readonly own: Attempt[] = [];
  /** What was to run: a suite that gave nothing at all on a profile is missed by this alone. */
  readonly promised: {profile: string; suite: string; own: boolean}[] = [];
  readonly findings: Finding[] = [];
  /** What kernels said, made of the attempts when they are done; and how its frames were symbolised. */
  splats: SplatRecord[] = [];
  symbols: string[] = [];
  readonly changes: KernelChange[] = [];
  /** What the series touches, and what was compiled of it; absent: nothing is compared, or no kernel was built yet. */
  touched: {files: readonly TouchedFile[]; arches: readonly ArchName[]} | undefined;
  /** How the attempts are made and judged; absent: there are none yet. */
  design: Design | undefined;
  /** Those that were asked for, and whether they can be used here. */
  readonly profiles: ProfileRecord[] = [];
  /** Suites that were asked for, and that this tree has no symbols for. */
  readonly untestable: Untestable[] = [];

  constructor(readonly command: string) {}

  /** @param lanes that are about to run; one without a test for its architecture promises nothing */
  promise(lanes: readonly Lane[], archOf: (profile: string) => ArchName): void {
    for (const {profile, suite, own} of lanes) {
      const hasTests = ({tests}: Suite): boolean => tests.some(({arches}) => arches.includes(archOf(profile)));
      if (hasTests(suite)) this.promised.push({profile, suite: suite.name, own: false});
      if (own !== undefined && hasTests(own)) this.promised.push({profile, suite: own.name, own: true});
    }
  }

  /** A series that applies to none of the bases is a finding about the series. */
  addConflict(conflict: SeriesConflict, reproduce: string): void {
    const [title = '', ...rest] = conflict.message.split('\n');
    this.findings.push({
      severity: 'bad',
      kind: 'series-conflict',
      title,
      detail: rest.join('\n'),
      reproduce,
    });
  }

  /** The part of results.json that is copied, not judged. */
  facts(): Pick<
    Results,
    | 'started'
    | 'seconds'
    | 'command'
    | 'host'
    | 'series'
    | 'base'
    | 'builds'
    | 'changes'
    | 'profiles'
    | 'untestable'
    | 'guests'
    | 'splats'
    | 'symbols'
  > {
    const {series, base, history} = this;
    return {
      started: this.started.toISOString(),
      seconds: (Date.now() - this.started.getTime()) / 1000,
      command: this.command,
      host: {
        cpus: availableParallelism(),
        memoryMiB: Math.round(totalmem() / 2 ** 20),
        kernel: release(),
      },
      series: history === undefined ? seriesRecord(series) : historyRecord(history, base?.name),
      base:
        base === undefined
          ? null
          : {
              commit: base.commit,
              name: base.name,
              how: base.how,
              kernelVersion: base.kernelVersion,
              attempts: base.attempts.map(({candidate, how, error, patch, files}) => ({
                candidate,
                how,
                ...(error === undefined ? {} : {error}),
                ...(patch === undefined ? {} : {patch}),
                ...(files === undefined ? {} : {files: [...files]}),
              })),
            },
      builds: this.builds,
      changes: this.changes,
      profiles: this.profiles,
      ...(this.untestable.length === 0 ? {} : {untestable: this.untestable}),
      guests: this.guests,
      splats: this.splats,
      symbols: this.symbols,
    };
  }
}
