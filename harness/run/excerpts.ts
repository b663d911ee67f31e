// SPDX-License-Identifier: MIT
import {join} from 'node:path';
import {scanConsole} from '../klog/scan.js';
import {type IntakeRule, needFileText} from '../lib/intake.js';
import {clip} from '../lib/text.js';
import type {Comparison, Excerpt, Finding, Results} from '../verdict/results.js';

/** Findings whose files are looked at: a report that shows more is not read. */
const MAX_FINDINGS = 40;
const MAX_LINES = 40;
const MAX_CHARACTERS = 400;
/** Lines before the one that says it. */
const BEFORE = 12;
/** A guest's console is a few kilobytes, and logs end at 16 MiB; what is longer is left to a person's own tools. */
const LOG: IntakeRule = {what: 'what a guest printed', blame: 'infra', maxBytes: 17 * 1024 * 1024};

/**
 * The same results with the lines of the logs that each finding is about, so that a report needs no other file. A log
 * that cannot be read has no excerpt; its path stays in the evidence.
 */
export function withExcerpts(results: Results, folder: string): Results {
  let left = MAX_FINDINGS;
  const findings = results.findings.map((finding) => {
    const row = results.comparisons.find((one) => isAbout(finding, one));
    if (row?.evidence === undefined || left-- <= 0) return finding;
    const log = logExcerpt(folder, row);
    const console = consoleExcerpt(folder, row);
    if (log === undefined && console === undefined) return finding;
    return {...finding, excerpts: {...(log && {log}), ...(console && {console})}};
  });
  return {...results, findings};
}

function isAbout({profile, suite, test}: Finding, row: Comparison): boolean {
  return test !== undefined && row.test === test && row.suite === suite && row.profile === profile;
}

/** Around the line that says `not ok` of this subtest, else the end. */
function logExcerpt(folder: string, {test, evidence}: Comparison): Excerpt | undefined {
  const file = evidence?.log;
  const lines = file === undefined ? undefined : readLines(join(folder, file));
  if (file === undefined || lines === undefined) return undefined;
  const name = test.split('/').at(-1) ?? test;
  const at = lines.findIndex((line) => /\bnot ok\b|fail|error/i.test(line) && line.includes(name));
  const any = at === -1 ? lines.findIndex((line) => /^[\s#]*not ok\b/.test(line)) : at;
  return cut(file, lines, any === -1 ? lines.length - MAX_LINES : any - BEFORE);
}

/** The last splat; else the end, when the guest was lost; else nothing: the kernel had nothing to say. */
function consoleExcerpt(folder: string, {evidence, base, patched}: Comparison): Excerpt | undefined {
  const file = evidence?.console;
  const lines = file === undefined ? undefined : readLines(join(folder, file));
  if (file === undefined || lines === undefined) return undefined;
  const [splat] = scanConsole(lines.join('\n')).splats;
  if (splat !== undefined) return {...cut(file, lines, splat.line - 3), splat: splat.title};
  const lost = base.crash + patched.crash + base.timeout + patched.timeout > 0;
  return lost ? cut(file, lines, lines.length - MAX_LINES) : undefined;
}

function cut(file: string, lines: readonly string[], from: number): Excerpt {
  const start = Math.max(0, from);
  return {
    file,
    line: start + 1,
    lines: lines.slice(start, start + MAX_LINES).map((line) => clip(line.replace(/\r+$/, ''), MAX_CHARACTERS)),
  };
}

function readLines(path: string): string[] | undefined {
  try {
    return needFileText(path, LOG).replace(/\n$/, '').split('\n');
  } catch {
    return undefined;
  }
}
