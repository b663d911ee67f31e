// SPDX-License-Identifier: MIT
import t from 'tap';
import {compareAttempts} from '../../verdict/compare.js';
import {attempt, times} from './fixture.js';

const lettersOf = (attempts: Parameters<typeof compareAttempts>[0], key: string, single = false): unknown =>
  compareAttempts(attempts, {single}).find(({test}) => test === key)?.outcomes;

t.test('one letter an attempt, in their order', (t) => {
  const attempts = [
    ...times(3, 'base', {a: 'pass', b: 'skip'}),
    attempt('patched', {a: 'fail', b: 'skip'}, {number: 2}),
    attempt('patched', {a: 'pass', b: 'xfail'}, {number: 1}),
    attempt('patched', {b: 'pass'}, {number: 3}),
    attempt('patched', {a: 'pass'}, {number: 4, exit: {code: null, endedBy: 'timeout'}}),
  ];
  t.same(lettersOf(attempts, 't/a'), {base: 'ppp', patched: 'pfap'});
  t.same(lettersOf(attempts, 't/b'), {base: 'sss', patched: 'pspt'}, 'a subtest that was not reached inherits the end');
  t.end();
});

t.test('an attempt that our host did not run counts for nothing and keeps its place', (t) => {
  const notRun = {status: 'error', reason: 'QEMU did not start', blame: 'infra'} as const;
  const attempts = [
    ...times(2, 'base', {a: 'pass'}),
    attempt('patched', {}, {number: 1, notRun}),
    attempt('patched', {a: 'pass'}, {number: 2}),
  ];
  t.same(lettersOf(attempts, 't/a'), {base: 'pp', patched: '-p'});
  t.end();
});

t.test('one attempt a side says no more than the counts do; without a base all are of one side', (t) => {
  t.equal(lettersOf([attempt('base', {a: 'pass'}), attempt('patched', {a: 'pass'})], 't/a'), undefined);
  t.same(lettersOf(times(2, 'patched', {a: 'fail'}), 't/a', true), {base: '', patched: 'ff'});
  t.end();
});
