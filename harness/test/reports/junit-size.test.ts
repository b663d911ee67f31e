// SPDX-License-Identifier: MIT
/** GitLab refuses a file above 30 MB: a large run is cut to less, and the file says so. */
import t from 'tap';
import {renderJunit} from '../../../reports/junit.js';
import type {Comparison} from '../../verdict/results.js';
import {exampleResults} from './fixture.js';

const MEGABYTE = 1_000_000;
const CI = {links: 'results/'};

function rows(count: number, lines: number): Comparison[] {
  const [example] = exampleResults().comparisons;
  if (example === undefined) throw new Error('no example');
  const tally = {pass: 0, fail: 4, skip: 0, timeout: 0, crash: 0, missing: 0};
  const passed = {...tally, pass: 4, fail: 0};
  const diagnostics = Array.from({length: lines}, () => 'x'.repeat(480));
  return Array.from({length: count}, (_, n) => ({
    ...example,
    ...{test: `t/sub ${n}`, change: 'new', evidence: {side: 'patched', diagnostics}},
    ...{base: passed, patched: tally},
  }));
}

t.test('a run of ordinary size is whole, and no case says otherwise', async (t) => {
  const xml = renderJunit(exampleResults());
  t.notMatch(xml, /this report was cut/);
});

t.test('texts are cut as far as needed, no case is lost, and it is said', async (t) => {
  const results = {...exampleResults(), comparisons: rows(700, 100)};
  for (const xml of [renderJunit(results), renderJunit(results, CI)]) {
    t.ok(Buffer.byteLength(xml) < 30 * MEGABYTE, `${Buffer.byteLength(xml)} bytes`);
    t.ok(Buffer.byteLength(xml) > MEGABYTE, 'no more than needed');
    t.match(xml, /this report was cut: each text at \d+ characters; GitLab refuses a file above 30 MB/);
    t.equal(xml.split('name="t/sub ').length - 1, 700);
  }
});

t.test(
  'where short texts are not enough, cases are left out, failures last, and how many are there is said',
  async (t) => {
    const [example] = exampleResults().comparisons;
    if (example === undefined) throw new Error('no example');
    const passed = {pass: 4, fail: 0, skip: 0, timeout: 0, crash: 0, missing: 0, absent: 0};
    const unchanged = Array.from({length: 600}, (_, n): Comparison => {
      return {...example, test: `t/good ${n}`, change: 'unchanged', base: passed, patched: passed};
    });
    const comparisons = [...unchanged, ...rows(30, 0)];
    const results = {...exampleResults(), comparisons};
    const names = (xml: string, start: string): string[] =>
      [...xml.matchAll(/<testcase [^>]*name="([^"]+)"/g)].flatMap(([, name = '']) =>
        name.startsWith(start) ? name : [],
      );

    const whole = Buffer.byteLength(renderJunit(results));
    const some = renderJunit(results, undefined, whole - 5000);
    t.match(some, /this report was cut: each text at 200 characters, and each suite at 500 cases, failures first/);
    t.equal(names(some, 't/').length, 500);
    t.match(some, /<testsuite [^>]*tests="500" failures="30"/);

    // The last step is taken whatever its size, and the verdict is in it.
    const few = renderJunit(results, undefined, 1);
    t.match(few, /each suite at 50 cases, failures first/);
    t.same(
      names(few, 't/sub'),
      Array.from({length: 30}, (_, n) => `t/sub ${n}`),
      'all that failed',
    );
    t.same(
      names(few, 't/good'),
      Array.from({length: 20}, (_, n) => `t/good ${n}`),
      'and the first of the others',
    );
    t.same(names(few, 'verdict'), ['verdict']);
  },
);
