// SPDX-License-Identifier: MIT
/** Results that come, go and change their names with the kernel, in guests of Debian's kernel with and without a series. */
import {join} from 'node:path';
import t from 'tap';
import {resolvePaths} from '../../lib/paths.js';
import type {Results} from '../../verdict/results.js';
import {kverdict, type Run} from './live.js';

const here = join(resolvePaths().project, 'harness/test/real');
t.setTimeout(3_600_000);

const verify = (name: string, ...tests: string[]): Promise<Run> =>
  kverdict(
    name,
    ...['verify', join(here, 'series/says-so.patch'), '--suites', join(here, 'suites'), '--profiles', 'x86_64'],
    ...tests.flatMap((test) => ['-t', `presence:${test}`]),
  );
const rows = ({comparisons}: Results): string[] => comparisons.map(({test, change}) => `${test} ${change}`).sort();

t.test('a series that makes tests run past the place where they ended, and names that change: good', async (t) => {
  const {code, results} = await verify('good', 'repair', 'stops', 'pid');
  t.equal(results.verdict, 'good');
  t.equal(code, 0);
  t.same(rows(results), [
    'pid/a unchanged',
    'pid/child pid * unchanged',
    'pid/map at * unchanged',
    'repair fixed',
    'repair/a unchanged',
    'repair/b fixed',
    'repair/c fixed',
    'stops fixed',
    'stops/a unchanged',
    'stops/b fixed',
    'stops/c fixed',
  ]);
  t.same(
    results.findings.filter(({kind}) => kind === 'changing-name').map(({severity, test}) => [severity, test]),
    [
      ['info', 'pid/child pid *'],
      ['info', 'pid/map at *'],
    ],
  );
});

t.test('a result that is gone with the series: bad', async (t) => {
  const {code, results} = await verify('bad', 'gone');
  t.equal(code, 1);
  t.same(rows(results), ['gone/a unchanged', 'gone/b gone']);
  t.same(
    results.findings.map(({severity, kind, test}) => [severity, kind, test]),
    [['bad', 'gone', 'gone/b']],
  );
  t.same(results.comparisons.find(({test}) => test === 'gone/b')?.outcomes, {base: 'ppppp', patched: 'aaaaa'});
});
