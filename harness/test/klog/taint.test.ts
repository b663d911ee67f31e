// SPDX-License-Identifier: MIT
import t from 'tap';
import {excuseFor, type KernelPolicy, unexcusedTaint} from '../../klog/policy.js';
import {newTaint, parseTaint, TAINT_FLAGS, taintLetters, taintWords} from '../../klog/taint.js';
import {splat} from '../verdict/fixture.js';

t.test('a sum of bits has letters, and a bit that nobody knows is not lost', async (t) => {
  t.same(taintLetters(0), []);
  t.same(taintLetters(512 + 4096), ['W', 'O']);
  t.same(taintLetters(2 ** 33 + 1), ['P', 'bit 33']);
  t.equal(new Set(TAINT_FLAGS.map(({letter}) => letter)).size, TAINT_FLAGS.length);
  t.match(taintWords(['D', 'bit 33']), 'D (the kernel died: an Oops or a BUG), bit 33');
});

t.test('what is new after a test', async (t) => {
  t.same(newTaint(4096, 4096 + 512), ['W']);
  t.same(newTaint(512, 512), []);
});

t.test('only a number is a taint', async (t) => {
  t.equal(parseTaint('512\n'), 512);
  for (const text of ['', 'x', '-1', '1 2', '99999999999999999999']) t.equal(parseTaint(text), undefined, text);
});

const until = {reason: 'a reason', link: 'https://x', expires: '2030-01-01'};
const policy: KernelPolicy = {
  splats: [
    {pattern: /^WARNING at mm\/a\.c in f\b/, suites: ['s'], ...until},
    {pattern: /panic/, ...until},
  ],
  taints: [
    {flags: 'OE', ...until},
    {flags: 'C', profiles: ['arm64'], ...until},
  ],
};
const here = {suite: 's', profile: 'x86_64'};

t.test('an entry allows what it names, where it says', async (t) => {
  const known = splat({kind: 'warning', title: 'WARNING at mm/a.c in f', identity: 'WARNING at mm/a.c in f <- g'});
  t.equal(excuseFor(policy, known, here)?.reason, 'a reason');
  t.equal(excuseFor(policy, known, {...here, suite: 'other'}), undefined);
  t.equal(excuseFor(policy, splat({kind: 'warning', title: 'WARNING at mm/a.c in fg'}), here), undefined);
});

t.test('a guest that is gone is never allowed', async (t) => {
  t.equal(excuseFor(policy, splat({kind: 'panic', title: 'Kernel panic: x'}), here), undefined);
  t.equal(excuseFor(policy, splat({kind: 'bug', title: 'panic', fatal: true}), here), undefined);
});

t.test('taints that no entry allows', async (t) => {
  const all = 4096 + 8192 + 1024 + 512;
  t.same(unexcusedTaint(policy, all, here), ['W', 'C']);
  t.same(unexcusedTaint(policy, all, {...here, profile: 'arm64'}), ['W']);
});
