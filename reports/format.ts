// SPDX-License-Identifier: MIT
import type {Results} from '../harness/verdict/results.js';

export interface RenderOptions {
  /** From where the report lies to the run's folder: empty when it lies in it, else with a `/` at the end. */
  links: string;
  /** Where others reach the run's folder, without a `/` at the end; formats that want an address leave it out without. */
  url?: string;
}

/** Every way to tell what a run found, each from results.json alone. A new format is a row here and its renderer. */
const TABLE = {
  json: {file: 'results.json', purpose: 'every field, for programs'},
  html: {file: 'report.html', purpose: 'one page to look at, read without a network'},
  tap: {file: 'results.tap', purpose: 'TAP 14'},
  junit: {file: 'junit.xml', purpose: "JUnit XML to Jenkins' strict schema"},
  'junit-ci': {
    file: 'reports/junit-ci.xml',
    purpose: 'JUnit XML with files, lines and attachments, for GitLab and GitHub',
  },
  terminal: {file: 'reports/screen.txt', purpose: 'the last screen of verify and run'},
  kcidb: {file: 'reports/kcidb.json', purpose: 'KCIDB v5.3, for kcidb-submit'},
  github: {file: 'reports/github.md', purpose: 'Markdown for $GITHUB_STEP_SUMMARY'},
  'github-annotations': {
    file: 'reports/github-annotations.txt',
    purpose: "::error and ::warning lines for a job's log",
  },
  b4: {file: 'reports/b4.json', purpose: 'what b4 review-series-check-cmd reads', answersSeries: true},
  patchwork: {file: 'reports/patchwork.json', purpose: 'bodies of Patchwork checks, to be posted', answersSeries: true},
  mail: {file: 'reports/reply.eml', purpose: 'a reply to the series, a draft for git send-email', answersSeries: true},
} as const satisfies Record<string, FormatRow>;

interface FormatRow {
  /** In the run's folder. */
  file: string;
  /** In one line. */
  purpose: string;
  /** Makes no sense without a series (`kverdict run`). */
  answersSeries?: true;
}

export type FormatName = keyof typeof TABLE;
export type Format = FormatRow & {name: FormatName};

export const FORMATS: readonly Format[] = Object.entries(TABLE).map(([name, row]) => ({
  name: name as FormatName,
  ...row,
}));

/** Why these results cannot be told in a format; undefined: they can. */
export function unfit({answersSeries}: Format, {series}: Results): string | undefined {
  const isSeries = series !== null && series.history === undefined;
  return answersSeries && !isSeries ? 'it answers a series, and this run had none (`kverdict run`)' : undefined;
}

/** From a format's own place in the run's folder back to that folder. */
export function linksFrom({file}: Format): string {
  return '../'.repeat(file.split('/').length - 1);
}

/** An address of a file of the run; undefined when nobody said where it is published, or the path leads out of it. */
export function urlOf(path: string | undefined, {url}: RenderOptions): string | undefined {
  const inside = path === undefined ? undefined : insideRun(path);
  return url === undefined || inside === undefined ? undefined : `${url}/${inside}`;
}

/** A path of the run as part of an address; undefined when it leads out of the run's folder. */
export function insideRun(path: string): string | undefined {
  const parts = path.split('/');
  const leaves = path === '' || parts.some((part) => part === '' || part === '.' || part === '..');
  return leaves ? undefined : parts.map((part) => encodeURIComponent(part.replace(/\p{Cs}/gu, '\ufffd'))).join('/');
}
