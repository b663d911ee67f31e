// SPDX-License-Identifier: MIT
/**
 * The main job for real: Debian's kernel source, both architectures, QEMU. Kernels come from the user's own cache when
 * they are there, and are built when they are not.
 */
import {execFileSync} from 'node:child_process';
import {join} from 'node:path';
import t from 'tap';
import {resolvePaths} from '../../lib/paths.js';
import type {Comparison, Results} from '../../verdict/results.js';
import {kverdict, type Run} from './live.js';

const {project} = resolvePaths();
// Two cold kernels and some minutes of guests.
t.setTimeout(3_600_000);

const verify = (name: string, args: readonly string[]): Promise<Run> =>
  kverdict(name, 'verify', join(project, 'selftests/sentinels', name), ...args);

const of = (results: Results, profile: string, suite: string): Comparison[] =>
  results.comparisons.filter((one) => one.profile === profile && one.suite === suite);

t.test('the soft-dirty race: regressed on x86_64 in every attempt, a skip with its reason on arm64', async (t) => {
  const {code, results, out} = await verify('clear-refs-read-lock', ['-t', 'clear_refs']);
  t.equal(code, 1);
  t.equal(results.verdict, 'bad');
  const lost = of(results, 'x86_64', 'clear_refs').find(({change}) => change === 'regressed');
  t.match(lost, {base: {pass: 5, fail: 0}, patched: {pass: 0, fail: 5}});
  const arm64 = of(results, 'arm64', 'clear_refs');
  t.ok(arm64.length > 0);
  for (const one of arm64) t.match(one, {change: 'unchanged', patched: {pass: 0, fail: 0}, reason: /soft-dirty/});
  t.ok(arm64.every(({patched}) => patched.skip > 0));
  execFileSync('xmllint', ['--noout', join(out, 'junit.xml')]);
});

t.test('lost writes under userfaultfd write-protection: regressed on both architectures', async (t) => {
  const {code, results} = await verify('uffd-wp-no-flush', ['-t', 'uffd_wp_race']);
  t.equal(code, 1);
  for (const profile of ['x86_64', 'arm64']) {
    t.ok(
      of(results, profile, 'uffd_wp_race').some(({change}) => change === 'regressed'),
      profile,
    );
  }
});

t.test('a harmless series is good', async (t) => {
  const {code, results} = await verify('harmless', ['-t', 'clear_refs']);
  t.equal(code, 0, results.because);
  t.equal(results.verdict, 'good', results.because);
});

t.test("every suite, the tree's own userfaultfd tests among them: nothing got worse", async (t) => {
  const {code, results} = await verify('harmless', ['--runs', '2']);
  // On any kernel the tree's shmem tests now and then find their fixed address taken ("mmap of memfd failed"). When that
  // happens in a patched attempt alone, two attempts cannot tell, and inconclusive is the right word.
  t.ok(code === 0 || code === 125, results.because);
  const settled = ['unchanged', 'flaky', 'inconclusive'];
  t.same(
    results.comparisons.filter(({change}) => !settled.includes(change)),
    [],
  );
  for (const profile of ['x86_64', 'arm64']) {
    const subtests = of(results, profile, 'userfaultfd');
    // 64 of 6.12's unit tests and the two of the handshake.
    t.ok(subtests.length > 60, `${subtests.length} subtests of userfaultfd on ${profile}`);
    t.ok(subtests.filter(({change, patched}) => change === 'unchanged' && patched.pass > 0).length > 40);
    t.ok(of(results, profile, 'userfaultfd_stress').length >= 5);
    t.ok(of(results, profile, 'uffd_wp_race').every(({change, patched}) => change === 'unchanged' && patched.pass > 0));
  }
});
