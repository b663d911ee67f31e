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
