// SPDX-License-Identifier: MIT
import {cleanLine, cleanText, keep} from '../../lib/text.js';
import {Diagnostics} from '../diagnostics.js';
import {endedFromOutside, statusOfExit} from '../exit.js';
import {Names} from '../numbering.js';
import {ProblemList} from '../problem-list.js';
import type {ResultReader, Status, SubtestResult, TestExit} from '../result.js';
import {unreadOutput} from '../unread.js';

/** Printed when a bounce starts; `userfaults:` follows on the same line when it is done. They count down to 0. */
const BOUNCE = /bounces: (\d+), mode:/;
/** Printed when a check behind the bounces starts (6.3 and older); `done` or `userfaults:` follows when it passed. */
const CHECK = /\btesting ([^:]{1,100}):/;
const COUNTED = /userfaults:/;
const DONE = /\bdone\b/;
/** Also as KTAP, which newer ones speak (a skip and the one result of 7.3): a failure counts wherever it stands. */
const ERROR = /(?:ERROR: |not\s+ok \d+ |(?=Bail out!))(.*)/;
const SKIP = /^(?:skip: |ok \d+ # SKIP )(.*)/;
/** Where a line begins that had no newline before it. */
const BEGINS = /(?=bounces: \d+, mode:)|(?=\btesting [^:]{1,100}:)/;

/** The 6.1 program has five. */
const MAX_CHECKS = 200;
const MAX_REASON = 300;

interface Check {
  name: string;
  line: number;
  finished: boolean;
}

/**
 * Reads `uffd-stress TYPE MiB BOUNCES` (mm/uffd-stress.c, 6.4 and newer): one result, for the test as a whole. It passes
 * when the last bounce, number 0, was finished and the exit is 0. And its forerunner `userfaultfd`, which goes on with
 * checks (`testing signal delivery: done.`): each is a result. It ends at the first that fails, so the last one that it
 * began is what a bad exit is about, also when `done` was printed.
 */
export function createUffdStressReader(): ResultReader {
  const problems = new ProblemList();
  const diagnostics = new Diagnostics();
  const checks: Check[] = [];
  const names = new Names();
  let number = 0;
  let started: number | undefined;
  let startedAt = 0;
  let finished: number | undefined;
  let error: string | undefined;
  /** Two are enough to know that no line alone says it. */
  const errors: number[] = [];
  let skip: string | undefined;

  const where = (): string => {
    const last = checks.at(-1);
    if (last !== undefined) return `in ${last.name}`;
    return started === undefined ? 'before the first bounce' : `in bounce ${started}`;
  };

  const judge = (exit: TestExit): {status: Status; reason?: string} => {
    const how = endedFromOutside(exit) ?? statusOfExit(exit.code ?? 1);
    if (error !== undefined && (how.status === 'pass' || how.status === 'skip')) return {status: 'fail', reason: error};
    if (how.status === 'skip') return {status: 'skip', reason: skip ?? how.reason};
    if (how.status !== 'pass') return {status: how.status, reason: `${error ?? how.reason} (${where()})`};
    if (finished !== 0) {
      return {status: 'missing', reason: `exit 0, but the last bounce was not finished (${where()})`};
    }
    return {status: 'pass'};
  };

  /** The lines that alone make it what it is; see `SubtestResult.lines`. */
  const linesOf = (status: Status, exit: TestExit): readonly number[] => {
    if (status === 'missing')
      return [...(startedAt > 0 ? [startedAt] : []), ...checks.slice(0, 1).map(({line}) => line)];
    return errors.length === 1 && (exit.code === 0 || exit.code === 4) ? errors : [];
  };

  const judgeCheck = (
    {name, line, finished}: Check,
    next: Check | undefined,
    whole: ReturnType<typeof judge>,
    wholeLines: readonly number[],
  ): SubtestResult => {
    const failed = next === undefined && whole.status !== 'pass';
    const diagnostics: string[] = [];
    if (!failed && finished) return {path: [name], status: 'pass', diagnostics, lines: [line]};
    const status = failed && whole.status !== 'skip' ? whole.status : 'missing';
    const reason = failed ? whole.reason : 'it was not finished';
    // One that was finished fails with the whole alone; the next one's line says that there is no more to come.
    const lines = finished ? [...wholeLines, line] : [line, ...(next === undefined ? [] : [next.line])];
    return {path: [name], status, ...(reason === undefined ? {} : {reason}), diagnostics, lines};
  };

  const readPart = (text: string): void => {
    const bounce = BOUNCE.exec(text);
    if (bounce !== null) {
      const next = Number(bounce[1]);
      if (started !== undefined && next !== started - 1) {
        problems.add(number, `bounce ${next} where ${started - 1} was expected`);
      }
      started = next;
      startedAt = number;
      finished = undefined;
    }
    const check = CHECK.exec(text);
    if (check !== null && checks.length < MAX_CHECKS) {
      checks.push({name: names.unique(keep(cleanLine(check[1] ?? ''), 100)), line: number, finished: false});
    }
    const last = checks.at(-1);
    if (last === undefined && COUNTED.test(text)) finished = started;
    if (last !== undefined && (COUNTED.test(text) || DONE.test(text))) last.finished = true;
  };

  return {
    line: (raw) => {
      number++;
      const text = cleanText(raw);
      diagnostics.add(text);
      for (const part of text.split(BEGINS)) readPart(part);
      const wrong = ERROR.exec(text)?.[1];
      if (wrong !== undefined && errors.length < 2) errors.push(number);
      error ??= wrong === undefined ? undefined : keep(cleanLine(wrong), MAX_REASON);
      const why = SKIP.exec(text)?.[1];
      skip ??= why === undefined ? undefined : keep(cleanLine(why), MAX_REASON);
    },
    end: (exit) => {
      const isKnown = started !== undefined || checks.length > 0 || (error ?? skip) !== undefined;
      const unread = isKnown ? undefined : unreadOutput('uffd-stress', exit, diagnostics);
      if (unread !== undefined) return unread;
      const judged = judge(exit);
      const lines = linesOf(judged.status, exit);
      const results = checks.map((check, index) => judgeCheck(check, checks[index + 1], judged, lines));
      const whole = {path: [], ...judged, diagnostics: diagnostics.take(judged.status === 'pass')};
      return {
        results: [{...whole, lines}, ...results],
        problems: problems.all(),
      };
    },
  };
}
