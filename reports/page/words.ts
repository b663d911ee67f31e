// SPDX-License-Identifier: MIT
import {cameWords} from '../../harness/verdict/came.js';
import type {Change, Comparison, Finding, Tally, Verdict} from '../../harness/verdict/results.js';
import {failures} from '../standing.js';

/** Which of the page's colours; each stands beside a word or a sign that says the same. */
export type Tone = 'bad' | 'good' | 'warn' | 'info' | 'plain';

export const VERDICT: Readonly<Record<Verdict, {tone: Tone; sign: string; word: string}>> = {
  good: {tone: 'good', sign: '✓', word: 'Good'},
  'good-in-part': {tone: 'warn', sign: '◐', word: 'Good in part'},
  bad: {tone: 'bad', sign: '✗', word: 'Bad'},
  inconclusive: {tone: 'warn', sign: '?', word: 'Inconclusive'},
  'infra-error': {tone: 'warn', sign: '!', word: 'Infrastructure error'},
};

export const SEVERITY: Readonly<Record<Finding['severity'], Tone>> = {bad: 'bad', warning: 'warn', info: 'info'};

/** In the order in which a person wants to see them. */
export const CHANGE: Readonly<Record<Change, {tone: Tone; sign: string; word: string}>> = {
  regressed: {tone: 'bad', sign: '✗', word: 'regressed'},
  gone: {tone: 'bad', sign: '∅', word: 'gone'},
  'skip-regressed': {tone: 'bad', sign: '⊘', word: 'skip-regressed'},
  inconclusive: {tone: 'warn', sign: '?', word: 'inconclusive'},
  flaky: {tone: 'warn', sign: '~', word: 'flaky'},
  'still-failing': {tone: 'warn', sign: '=', word: 'still failing'},
  'less-often': {tone: 'warn', sign: '↓', word: 'fails less often'},
  fixed: {tone: 'good', sign: '✓', word: 'fixed'},
  new: {tone: 'info', sign: '+', word: 'new'},
  unchanged: {tone: 'plain', sign: '', word: 'unchanged'},
};

/** `new` that fails is as bad as a regression, and the verdict says so. */
export function toneOf({change, patched}: Comparison): Tone {
  return change === 'new' && failures(patched) > 0 ? 'bad' : CHANGE[change].tone;
}

interface Cell {
  kind: 'pass' | 'fail' | 'mixed' | 'skip' | 'none';
  text: string;
}

/** One side of a comparison in a cell: `pass`, `3/5 fail`, `skip`, `3 pass, came in 3 of 5`, `-`. */
export function cellOf(tally: Tally): Cell {
  const {kind, text} = statusOf(tally);
  return {kind, text: [text, cameWords(tally)].filter(Boolean).join(', ')};
}

function statusOf(tally: Tally): Cell {
  const failed = failures(tally);
  const ran = failed + tally.pass;
  if (ran === 0) return tally.skip > 0 ? {kind: 'skip', text: 'skip'} : {kind: 'none', text: '–'};
  if (failed === 0) return {kind: 'pass', text: ran === 1 ? 'pass' : `${ran} pass`};
  return {kind: tally.pass > 0 ? 'mixed' : 'fail', text: ran === 1 ? 'fail' : `${failed}/${ran} fail`};
}

/** `41 s`, `2 min 5 s`, `0.8 s`. */
export function duration(seconds: number): string {
  if (!Number.isFinite(seconds)) return '-';
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 120) return `${whole} s`;
  const minutes = Math.floor(whole / 60);
  if (minutes < 120) return whole % 60 === 0 ? `${minutes} min` : `${minutes} min ${whole % 60} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

export function counted(n: number, one: string, many: string): string {
  return `${n.toLocaleString('en')} ${n === 1 ? one : many}`;
}
