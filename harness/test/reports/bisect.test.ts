// SPDX-License-Identifier: MIT
import t from 'tap';
import {renderBisect} from '../../../reports/bisect.js';
import {BISECT_SCHEMA, type BisectReport} from '../../bisect/report.js';

const commit = (digit: string): string => digit.repeat(40);
const REPORT: BisectReport = {
  schema: BISECT_SCHEMA,
  kverdict: '0.1.0',
  command: 'kverdict bisect',
  started: '2026-11-21T12:00:00.000Z',
  seconds: 60,
  resumed: false,
  outcome: 'found',
  because: 'it did it',
  profile: 'x86_64',
  test: 'clear_refs:race',
  hunted: {key: 'race', how: 'fail'},
  racy: true,
  good: {commit: commit('a'), name: 'v6.12'},
  bad: {commit: commit('b'), name: 'v6.13'},
  series: null,
  candidates: 64,
  merges: 2,
  firstParent: false,
  confidence: {asked: 0.99, reached: 0.995},
  culprits: [
    {
      commit: commit('c'),
      subject: 'mm: \u001b[31mred\u202e',
      author: 'A\u0007 <a@b.example>',
      date: '2026-11-01T10:00:00+01:00',
      files: ['mm/memory.c'],
    },
  ],
  evidence: {
    with: {failed: 7, of: 12},
    without: {failed: 0, of: 30},
    at: {commit: commit('c'), subject: 'mm: red', failed: 4, of: 6, mute: 1, why: 'another failure: race: crash'},
    before: null,
  },
  tested: Array.from({length: 25}, (_, at) => ({commit: commit('d'), subject: `n${at}`, failed: 0, of: 1, mute: 0})),
  skipped: [{commit: commit('e'), subject: 'torn', reason: 'does not build: mm/a.c:1: error: x\nsecond line'}],
  sameKernel: [{commit: commit('f'), as: commit('a')}],
  cost: {builds: 7, cachedBuilds: 2, attempts: 50, endAttempts: 20, leastSteps: 6, leastAttempts: 14},
  drafts: ['Fixes: cccccccccccc ("mm: red")'],
};

t.test('the answer first, then what it rests on', (t) => {
  const text = renderBisect(REPORT, {out: '/runs/1'});
  t.match(text, /^bisect: FOUND: it did it\n/);
  t.match(text, /64 commits from v6\.12 \(good\) to v6\.13 \(bad\), 2 of them merges/);
  t.match(text, /nearest with it c{12} fails in 4 of 6; 1 say neither \(another failure: race: crash\)/);
  t.match(text, /all without +fail in 0 of 30 attempts/);
  t.match(text, /and 5 more/, 'long lists end');
  t.match(text, /skipped\n {2}e{12} torn: does not build: mm\/a\.c:1: error: x second line\n/);
  t.match(text, /f{12} as a{12}/);
  t.match(
    text,
    /7 kernels built, 2 from the store \(at least 6 steps are needed\); 50 attempts, 20 of them at the ends/,
  );
  t.match(text, / {2}Fixes: c{12} \("mm: red"\)\n\nreports: \/runs\/1\n$/);
  t.end();
});

t.test('nothing of a commit acts on the terminal', (t) => {
  const text = renderBisect(REPORT, {out: '/runs/1'});
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not get through
  t.notMatch(text, /[\u0000-\u0009\u000b-\u001f\u202e]/);
  t.end();
});

t.test('each outcome has its word', (t) => {
  for (const [outcome, word] of [
    ['several', 'ONE OF SEVERAL'],
    ['no-difference', 'NO DIFFERENCE'],
    ['end-untestable', 'CANNOT TELL'],
    ['out-of-attempts', 'NOT DECIDED'],
  ] as const) {
    t.match(renderBisect({...REPORT, outcome, evidence: null}, {out: 'x'}), `bisect: ${word}: `);
  }
  t.end();
});
