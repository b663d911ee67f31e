// SPDX-License-Identifier: MIT
import t from 'tap';
import {suiteTable} from '../../../reports/suite-table.js';
import type {Comparison, Results} from '../../verdict/results.js';

const NONE = {pass: 0, fail: 0, skip: 0, timeout: 0, crash: 0, missing: 0};
const row = (profile: string, suite: string, test: string, patched: object, reason?: string): Comparison => ({
  ...{profile, suite, test, change: 'new', base: NONE, patched: {...NONE, ...patched}, pValue: null, adjusted: 1},
  ...(reason === undefined ? {} : {reason}),
});
const run = (kernelVersion: string, ...comparisons: Comparison[]): Pick<Results, 'base' | 'comparisons'> => ({
  base: {commit: '', name: '', how: '', kernelVersion, attempts: []},
  comparisons,
});

t.test('a column a kernel, the newest first, and why the rest did not pass', (t) => {
  const table = suiteTable([
    run(
      '6.12.95',
      row('x86_64', 'a', 'one', {pass: 1}),
      row('arm64', 'a', 'one', {pass: 1}),
      row('x86_64', 'b', 'one', {pass: 1}),
    ),
    run('7.3.4', row('x86_64', 'a', 'one', {pass: 1}), row('x86_64', 'a', 'two', {skip: 1}, 'no such thing')),
    run('7.3.4', row('arm64', 'a', 'one', {pass: 1}), row('arm64', 'a', 'two', {pass: 1, fail: 1}, 'lost write')),
  ]);
  t.equal(
    table,
    [
      '| suite | profile | 7.3 | 6.12 |',
      '| --- | --- | --- | --- |',
      '| `a` | arm64 | 1/1/0 | 1/0/0 |',
      '| `a` | x86_64 | 1/0/1 | 1/0/0 |',
      '| `b` | x86_64 | - | 1/0/0 |',
      '',
      '- 7.3: skipped 1: a on x86_64: no such thing',
      '- 7.3: failed: arm64 a:two: lost write',
      '',
    ].join('\n'),
  );
  t.end();
});

t.test('profiles with the same counts share a row', (t) => {
  const table = suiteTable([run('7.3.4', row('x86_64', 'a', 'one', {pass: 1}), row('arm64', 'a', 'one', {pass: 2}))]);
  t.ok(table.includes('| `a` | arm64, x86_64 | 1/0/0 |'), table);
  t.end();
});
