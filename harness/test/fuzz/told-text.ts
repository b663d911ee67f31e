// SPDX-License-Identifier: MIT
/** Lists of results, written as the programs do that do not speak KTAP; a newline may be lost anywhere. */
import type {ReaderKind} from '../../ktap/reader.js';
import type {Status} from '../../ktap/result.js';
import {isFailure} from '../../ktap/severity.js';
import type {Tape} from './tape.js';
import {MEMORY, type Told} from './told.js';

type Result = [string, Status];

const STATUSES: readonly Status[] = ['pass', 'pass', 'skip', 'fail'];

const PROGRAMS: readonly {
  reader: ReaderKind;
  write(results: readonly Result[], tape: Tape): string[];
  mayLose: boolean;
}[] = [
  {reader: 'gtest', write: gtest, mayLose: true},
  {reader: 'uffd-unit-tests', write: uffd, mayLose: true},
  // Lost newlines in KTAP are those of told-ktap.ts.
  {reader: 'uffd-unit-tests', write: uffdInKtap, mayLose: false},
];

export function textTold(tape: Tape): Told {
  const results = Array.from({length: 1 + tape.below(4)}, (_, n): Result => [`n${n + 1}`, tape.pick(STATUSES)]);
  const {reader, write, mayLose} = tape.pick(PROGRAMS);
  const lines = write(results, tape);
  const glued = mayLose && tape.once(2);
  if (glued) {
    const at = tape.below(lines.length - 1);
    lines.splice(at, 2, `${lines[at]}${lines[at + 1]}`);
  }
  return {
    document: {reader, exit: {code: 0}, text: `${lines.join('\n')}\n`},
    oddity: glued ? `lost newline (${reader})` : 'none',
    green: !results.some(([, status]) => isFailure(status)),
    results,
  };
}

const MARKS: Readonly<Partial<Record<Status, string>>> = {
  pass: '[       OK ]',
  fail: '[     FAIL ]',
  skip: '[  SKIPPED ]',
};

function gtest(results: readonly Result[]): string[] {
  const passed = results.filter(([, status]) => status === 'pass').length;
  const failed = results.some(([, status]) => isFailure(status));
  return [
    `[==========] Running ${results.length} tests from 1 test cases.`,
    ...results.flatMap(([name, status]) => [`[ RUN      ] ${name}`, `${MARKS[status]} ${name}`]),
    `[==========] ${passed} / ${results.length} tests passed.`,
    failed ? '[  FAILED  ]' : '[  PASSED  ]',
  ];
}

function uffd(results: readonly Result[], tape: Tape): string[] {
  const said = {pass: 'done', skip: 'skipped [reason: none]', fail: 'failed [reason: bad]'};
  const count = (wanted: Status): number => results.filter(([, status]) => status === wanted).length;
  const [pass, skip, fail] = [count('pass'), count('skip'), count('fail')];
  return [
    ...results.flatMap(([name, status]) => {
      const [start, end] = [`Testing ${name} on ${MEMORY}... `, said[status as keyof typeof said]];
      return tape.once(4) ? [start, end] : [start + end];
    }),
    `Userfaults unit tests: pass=${pass}, skip=${skip}, fail=${fail} (total=${results.length})`,
  ];
}

function uffdInKtap(results: readonly Result[], tape: Tape): string[] {
  const said = (name: string, n: number): Readonly<Partial<Record<Status, string[]>>> => ({
    pass: [`ok ${n} ${name}`],
    skip: [`ok ${n} # SKIP ${name} (none)`],
    fail: [...(tape.once(2) ? ['# failed reason: [bad]'] : []), `not ok ${n} ${name}`],
  });
  return [
    'TAP version 13',
    `1..${results.length}`,
    ...results.flatMap(([name, status], n) => said(`${name} on ${MEMORY}`, n + 1)[status] ?? []),
  ];
}
