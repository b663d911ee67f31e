// SPDX-License-Identifier: MIT
/**
 * Reports that only a kernel with lockdep and the lockup detectors makes, on both architectures. These kernels are
 * built for this file alone: a tier of its own (`scripts/test --debug`).
 */
import {join} from 'node:path';
import t from 'tap';
import {resolvePaths} from '../../lib/paths.js';
import {kverdict, rowOf} from '../real/live.js';

const {project} = resolvePaths();
const tests = join(project, 'harness/test');
t.setTimeout(3_600_000);

const CIRCLE = /^lockdep: possible circular locking dependency detected in take_in_reverse\b/;

/** Test → what the kernel said, with the function of the module that is to blame. Each of them says ok. */
const SAID: Readonly<Record<string, RegExp>> = {
  abba: CIRCLE,
  'abba-again': CIRCLE,
  atomic: /^sleeping function called from invalid context at lockups\.c in sleep_under_a_spinlock\b/,
  soft: /^soft lockup in spin_without_rest$/,
  hung: /^hung task in wait_for_nobody$/,
};

t.test('lockdep, a soft lockup and a hung task: no pass, and the same one on base and patched', async (t) => {
  const series = join(tests, 'real/series/warn-in-version.patch');
  const suites = ['--suites', join(tests, 'debug/suites'), '-t', 'lockups', '-p', 'x86_64,arm64'];
  const {code, results} = await kverdict('lockups', 'verify', series, ...suites);
  t.equal(code, 0, 'nothing of it is new');
  t.match(results, {verdict: 'good'});
  t.equal(results.guests.length, 8, 'on each side of each machine a second one, as lockdep is off behind its report');
  for (const profile of ['x86_64', 'arm64']) {
    t.match(rowOf(results, profile, 'nothing/nothing'), {change: 'unchanged', base: {pass: 1}, patched: {pass: 1}});
    const kernel = results.comparisons.filter((row) => row.profile === profile && row.kernel);
    t.equal(kernel.length, Object.keys(SAID).length, 'one report a test, and none of a boot');
    for (const [test, identity] of Object.entries(SAID)) {
      const failing = {change: 'still-failing', base: {fail: 1, pass: 0}, patched: {fail: 1, pass: 0}};
      t.match(rowOf(results, profile, test), failing, test);
      t.match(rowOf(results, profile, `${test}/${test}`), {change: 'unchanged', patched: {pass: 1}}, 'it says ok');
      const said = kernel.find((row) => row.test.startsWith(`${test}/kernel: `));
      t.match(said, failing, `${profile} ${test}: the same on both sides`);
      t.match(said?.test.slice(`${test}/kernel: `.length), identity);
    }
  }
});
