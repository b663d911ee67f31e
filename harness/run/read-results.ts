// SPDX-License-Identifier: MIT
import {statSync} from 'node:fs';
import {join, resolve} from 'node:path';
import {z} from 'zod';
import {messageOf, UserError} from '../lib/errors.js';
import {type IntakeRule, namedBytes} from '../lib/intake.js';
import {MISSED} from '../verdict/coverage.js';
import {CHANGES, RESULTS_SCHEMA, type Results, VERDICTS} from '../verdict/results.js';

const text = z.string();
const number = z.number();
const tally = z.looseObject({
  pass: number,
  fail: number,
  skip: number,
  timeout: number,
  crash: number,
  missing: number,
  absent: number.optional(),
});
/** Null and absent are the same to a reader of an older document. */
const accelerator = z.looseObject({kind: z.enum(['kvm', 'tcg']), reason: text});
const message = z.looseObject({kind: text, file: text, line: number, column: number, text});

/** What every report relies on; what was added later than the first release has a default, and the rest passes. */
const SHAPE = z.looseObject({
  schema: z.literal(RESULTS_SCHEMA),
  kverdict: text,
  verdict: z.enum(VERDICTS),
  because: text,
  started: text,
  seconds: number,
  command: text,
  host: z.looseObject({cpus: number, memoryMiB: number, kernel: text}),
  series: z
    .looseObject({
      title: text,
      version: number,
      source: text,
      patches: z.array(z.looseObject({number, subject: text, files: z.array(text)})),
    })
    .nullable(),
  base: z
    .looseObject({
      commit: text,
      name: text,
      how: text,
      kernelVersion: text,
      attempts: z.array(z.looseObject({candidate: text, how: text})),
    })
    .nullable(),
  builds: z.array(
    z.looseObject({
      arch: text,
      side: z.enum(['base', 'patched', 'only']),
      status: z.enum(['ok', 'failed']),
      seconds: number,
      newWarnings: z.array(message),
      errors: z.array(message),
      absentSymbols: z.array(text).default([]),
      missingSymbols: z
        .array(z.looseObject({symbol: text, was: z.array(text).optional(), askedBy: z.array(text)}))
        .optional(),
      renamedSymbols: z.array(z.looseObject({symbol: text, as: text, askedBy: z.array(text)})).optional(),
    }),
  ),
  coverage: z
    .looseObject({
      files: number,
      compiled: number,
      arches: z.array(text),
      touched: z.array(
        z.looseObject({
          ...{file: text, kind: text, arches: z.array(text)},
          ...{missed: z.enum(MISSED).optional(), otherArch: text.optional(), untold: z.array(text).optional()},
          programs: z.array(z.looseObject({suite: text})).optional(),
        }),
      ),
    })
    .optional(),
  profiles: z
    .array(
      z.looseObject({name: text, arch: text, qemu: text, accelerator: accelerator.nullable(), supported: z.boolean()}),
    )
    .default([]),
  untestable: z
    .array(
      z.looseObject({
        ...{profile: text, arch: text, suite: text, symbols: z.array(text), reason: text},
        where: z.enum(['tree', 'base', 'series']),
      }),
    )
    .optional(),
  guests: z.array(z.looseObject({name: text, profile: text, side: text, bootSeconds: number.nullable(), ended: text})),
  comparisons: z.array(
    z.looseObject({
      profile: text,
      suite: text,
      test: text,
      change: z.enum(CHANGES),
      base: tally,
      patched: tally,
      pValue: number.nullable(),
      evidence: z.looseObject({side: text, diagnostics: z.array(text)}).optional(),
    }),
  ),
  findings: z.array(
    z.looseObject({severity: z.enum(['bad', 'warning', 'info']), kind: text, title: text, reproduce: text}),
  ),
  problems: z.array(text),
});

/** A run of 20 000 results, each with what it printed, has some 60 MB. */
const RESULTS: IntakeRule = {what: 'results of a run', blame: 'user', maxBytes: 256 * 1024 * 1024};

/** @param path a run's folder, or a results.json. @throws UserError saying what is wrong with it, all at once */
export function readResults(path: string): {results: Results; file: string} {
  const file = isFolder(path) ? join(resolve(path), 'results.json') : resolve(path);
  let json: unknown;
  try {
    json = JSON.parse(namedBytes(file, RESULTS).toString('utf8'));
  } catch (error) {
    throw new UserError(`\`${path}\` holds no results of a run: ${messageOf(error)}`, {
      hint: "Give a run's folder (the --out of verify or run) or its results.json.",
      cause: error,
    });
  }
  const read = SHAPE.safeParse(json);
  if (read.success) return {results: read.data as unknown as Results, file};
  const problems = read.error.issues.map((issue) => `  ${issue.path.join('.') || '(top)'}: ${issue.message}`);
  throw new UserError(`\`${file}\` is not a ${RESULTS_SCHEMA} document:\n${problems.slice(0, 10).join('\n')}`, {
    hint: 'It may be of another version of kverdict, or cut off; run the tests again.',
  });
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}
