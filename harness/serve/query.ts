// SPDX-License-Identifier: MIT
/** The part of an address after `?`: a filter, and which part of a list. */
import {CHANGED, DAYS} from '../../reports/history/filter-form.js';
import type {Filter, Paged} from '../../reports/history/views.js';
import {STATES} from '../history/tables.js';
import {VERDICTS} from '../verdict/results.js';
import {Refusal} from './request.js';

const EMPTY: Filter = {q: '', branch: '', profile: '', suite: '', verdict: '', state: '', change: '', days: ''};
/** What a field may be besides empty; what is not here may be anything. */
const KNOWN: Partial<Record<keyof Filter, readonly string[]>> = {
  verdict: VERDICTS,
  state: STATES,
  change: CHANGED,
  days: DAYS.map(String),
};
const MAX_WORDS = 20;
const MAX_LENGTH = 500;

/** @throws Refusal 400 naming the field and what it may be */
export function readFilter(query: URLSearchParams): Filter {
  const filter = {...EMPTY};
  for (const name of Object.keys(EMPTY) as (keyof Filter)[]) {
    const value = query.get(name) ?? '';
    if (value.length > MAX_LENGTH) throw new Refusal(400, `\`${name}\` has more than ${MAX_LENGTH} characters.`);
    const known = KNOWN[name];
    if (value !== '' && known !== undefined && !known.includes(value)) {
      throw new Refusal(400, `Expected \`${name}\` to be one of ${known.join(', ')}, got \`${value}\`.`);
    }
    filter[name] = value;
  }
  if (filter.branch !== '') numberOf(filter.branch, 'branch');
  return filter;
}

/** What a query of the history takes: nothing where nothing was said. */
export function conditionsOf(filter: Filter) {
  const {branch, profile, suite, verdict, state, change, q} = filter;
  const words = q.split(/\s+/).filter(Boolean);
  if (words.length > MAX_WORDS) throw new Refusal(400, `A filter has at most ${MAX_WORDS} words.`);
  return {
    words,
    ...(branch === '' ? {} : {branchId: numberOf(branch, 'branch')}),
    ...(profile === '' ? {} : {profile}),
    ...(suite === '' ? {} : {suite}),
    // Each was looked at by `readFilter`.
    ...(verdict === '' ? {} : {verdict: verdict as (typeof VERDICTS)[number]}),
    ...(state === '' ? {} : {state: state as (typeof STATES)[number]}),
    ...(change === '' ? {} : {change: change as (typeof CHANGED)[number]}),
  };
}

/** A number of ours in an address. @throws Refusal 400 */
export function numberOf(text: string, name: string): number {
  const number = Number(text);
  if (/^\d{1,15}$/.test(text)) return number;
  throw new Refusal(400, `Expected \`${name}\` to be a number, got \`${text}\`.`);
}

export function fromOf(query: URLSearchParams): number {
  const text = query.get('from') ?? '';
  return text === '' ? 0 : numberOf(text, 'from');
}

interface Part<T> {
  rows: readonly T[];
  from: number;
  /** Of one page. */
  limit: number;
  total: number | null;
  /** Whether there are more after these. */
  more: boolean;
}

/** A part of a list with the addresses of its neighbours: the same query, another `from`. */
export function paged<T>(path: string, query: URLSearchParams, {rows, from, limit, total, more}: Part<T>): Paged<T> {
  const at = (place: number): string => {
    const changed = new URLSearchParams([...query].filter(([name, value]) => name !== 'from' && value !== ''));
    if (place > 0) changed.set('from', `${place}`);
    const text = changed.toString();
    return text === '' ? path : `${path}?${text}`;
  };
  return {
    ...{rows, total, from},
    newer: from === 0 ? null : at(Math.max(0, from - limit)),
    older: more ? at(from + limit) : null,
  };
}
