// SPDX-License-Identifier: MIT
import {createHash} from 'node:crypto';
import {availableParallelism, release, totalmem} from 'node:os';
import type {Series} from '../series/series.js';
import type {Attempt} from '../suite/attempt.js';
import type {SeriesConflict} from '../tree/apply.js';
import type {Base} from '../tree/source-tree.js';
import type {BuildRecord, Finding, GuestRecord, ProfileRecord, Results} from '../verdict/results.js';
import type {SplatRecord} from '../verdict/splat-records.js';

/**
 * What a run has seen so far. Steps add to it and nothing is taken away, so a verdict can be given at any moment from
 * what was won until then.
 */
export class Ledger {
  readonly started = new Date();
  series: Series | undefined;
  base: (Base & {kernelVersion: string}) | undefined;
  readonly builds: BuildRecord[] = [];
  readonly guests: GuestRecord[] = [];
  readonly attempts: Attempt[] = [];
  readonly findings: Finding[] = [];
  /** What kernels said, made of the attempts when they are done; and how its frames were symbolised. */
  splats: SplatRecord[] = [];
  symbols: string[] = [];
  /** Those that were asked for, and whether they can be used here. */
  readonly profiles: ProfileRecord[] = [];

  constructor(readonly command: string) {}

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
    | 'profiles'
    | 'guests'
    | 'splats'
    | 'symbols'
  > {
    const {series, base} = this;
    return {
      started: this.started.toISOString(),
      seconds: (Date.now() - this.started.getTime()) / 1000,
      command: this.command,
      host: {
        cpus: availableParallelism(),
        memoryMiB: Math.round(totalmem() / 2 ** 20),
        kernel: release(),
      },
      series:
        series === undefined
          ? null
          : {
              title: series.title,
              version: series.version,
              source: series.source,
              ...(series.messageId === undefined ? {} : {messageId: series.messageId}),
              patchsetHash: patchsetHash(series),
              patches: series.patches.map(({number, subject, files, author, messageId}) => ({
                number,
                subject,
                files: [...files],
                author,
                ...(messageId === undefined ? {} : {messageId}),
              })),
            },
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
      profiles: this.profiles,
      guests: this.guests,
      splats: this.splats,
      symbols: this.symbols,
    };
  }
}

/** KCIDB's: sha256 over the newline-terminated sha256 of each patch, as `git apply` gets it. */
function patchsetHash({patches}: Series): string {
  const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');
  const hashes = patches.map(({diff, diffEncoding}) => `${sha256(Buffer.from(diff, diffEncoding ?? 'utf8'))}\n`);
  return sha256(Buffer.from(hashes.join('')));
}
