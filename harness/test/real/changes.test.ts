// SPDX-License-Identifier: MIT
/** Series that change comments, lose a feature, shrink a plan or touch a selftest, on Debian's kernel and QEMU. */
import {join} from 'node:path';
import t from 'tap';
import {resolvePaths} from '../../lib/paths.js';
import {matchExactly} from '../match-exactly.js';
import {kverdict, type Run} from './live.js';

const {project} = resolvePaths();
t.setTimeout(3_600_000);

const verify = (name: string, ...args: string[]): Promise<Run> =>
  kverdict(name, 'verify', join(project, 'harness/test/fixtures/real-series', name), '--profiles', 'x86_64', ...args);

for (const name of ['comment-in-place', 'comment-moves-lines']) {
  t.test(`${name}: good, and no guest`, async (t) => {
    const {code, results} = await verify(name, '-t', 'clear_refs', '-t', 'soft_dirty');
    t.equal(code, 0);
    matchExactly(t, results, {verdict: 'good', guests: [], changes: [{same: true, notHeld: []}]});
    t.equal((results.changes[0]?.lines ?? 0) > 0, name === 'comment-moves-lines');
  });
}

t.test('a selftest that the series adds, and that fails everywhere, is bad', async (t) => {
  const {code, results} = await verify('failing-selftest', '-t', 'soft_dirty');
  t.equal(code, 1);
  t.match(results.findings[0], {kind: 'new-failure', test: /test_zero_page/});
});

t.test('a selftest that the series takes away is gone', async (t) => {
  const {code, results} = await verify('selftest-removed', '-t', 'soft_dirty');
  t.equal(code, 1);
  t.match(results.findings[0], {kind: 'gone', test: /test_simple/});
});

t.test('a kernel that loses a feature makes a pass a skip: bad', async (t) => {
  const {code, results} = await verify('feature-lost', '-t', 'uffd_wp_race', '--runs', '1');
  t.equal(code, 1);
  t.match(results.findings[0], {kind: 'skip-regressed'});
  t.match(
    results.changes[0]?.symbols.map(({name}) => name).filter((name) => name.startsWith('userfaultfd')),
    ['userfaultfd_ioctl'],
  );
});

t.test('a plan that shrinks, with every result of it a pass, is bad', async (t) => {
  const {code, results} = await verify('plan-shrinks', '-t', 'gup_cow:cow', '--runs', '1');
  t.equal(code, 1);
  t.match(results.findings[0], {kind: 'gone'});
});
