// SPDX-License-Identifier: MIT
/** An output that our own reader does not know is our fault: never a verdict about the kernel. From output to verdict. */
import t from 'tap';
import type {ReaderKind} from '../../ktap/reader.js';
import type {Attempt} from '../../suite/attempt.js';
import {loadSuites} from '../../suite/manifest.js';
import {runTest} from '../../suite/run-test.js';
import {compareAttempts} from '../../verdict/compare.js';
import {findingsOf} from '../../verdict/findings.js';
import {decideVerdict} from '../../verdict/verdict.js';
import {times} from '../fakes/scale.js';
import {fakeGuest} from '../suite/fake-guest.js';
import {FIXTURES, testContext} from '../suite/support.js';

const demo = [...loadSuites([`${FIXTURES}/good`]).values()].find(({name}) => name === 'demo');
const KNOWN = 'Testing a on b... done\nUserfaults unit tests: pass=1, skip=0, fail=0 (total=1)\n';
const UNKNOWN = 'a on b: good\nall good\n';
const WORDS = 'exited 0; no results recognised in its output: our reader uffd-unit-tests does not know this output';

/** A folder for a run; what tap gives to a test. */
interface Folders {
  testdir(): string;
}

async function play(t: Folders, side: Attempt['side'], number: number, printed: string): Promise<Attempt> {
  const [test] = demo?.tests ?? [];
  if (demo === undefined || test === undefined) throw new Error('no fixture');
  const reader: ReaderKind = 'uffd-unit-tests';
  const guest = fakeGuest({'./hello': {output: [printed]}});
  return await runTest(testContext(t.testdir()), {
    ...{guest, side, number, profile: 'x86_64', scale: times(1), config: new Map()},
    test: {suite: demo, test: {...test, reader}, name: 'hello', run: './hello'},
    ...{runDirectory: t.testdir(), log: 'hello.log'},
  });
}

async function judge(t: Folders, base: string, patched: string) {
  const attempts: Attempt[] = [];
  for (let n = 1; n <= 4; n++) {
    attempts.push(await play(t, 'base', n, base), await play(t, 'patched', n, patched));
  }
  const comparisons = compareAttempts(attempts);
  const findings = findingsOf({comparisons, builds: [], guests: []}, () => '');
  const decided = decideVerdict({comparisons, findings, builds: []});
  return {comparisons, findings, ...decided};
}

t.test('unknown on both sides, and on one: inconclusive, in these words', async (t) => {
  for (const [base, patched] of [
    [UNKNOWN, UNKNOWN],
    [KNOWN, UNKNOWN],
    [UNKNOWN, KNOWN],
  ] as const) {
    const {comparisons, verdict, findings} = await judge(t, base, patched);
    t.equal(verdict === 'bad' || verdict === 'good', false, verdict);
    t.same([...new Set(comparisons.map(({change}) => change))], ['inconclusive']);
    t.ok(
      comparisons.every(({reason}) => reason?.includes(WORDS)),
      JSON.stringify(comparisons.map((c) => c.reason)),
    );
    t.same(
      findings.filter(({severity}) => severity === 'bad'),
      [],
    );
  }
});

t.test('known on both sides is judged as ever; a silent program stays its own fault', async (t) => {
  t.equal((await judge(t, KNOWN, KNOWN)).verdict, 'good');
  t.equal((await judge(t, KNOWN, '')).verdict, 'bad');
  t.same((await play(t, 'base', 1, '')).notRun, undefined);
});

t.test('whose fault it is stands in a field of its own', async (t) => {
  const {notRun, report} = await play(t, 'base', 1, UNKNOWN);
  t.same(notRun, {status: 'error', reason: WORDS, blame: 'infra'});
  t.same(
    report.results.map(({path, status, reason}) => [path, status, reason]),
    [[[], 'error', WORDS]],
  );
});
