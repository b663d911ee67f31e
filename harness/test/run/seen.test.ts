// SPDX-License-Identifier: MIT
import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import t from 'tap';
import type {SubtestResult} from '../../ktap/result.js';
import {seenIn} from '../../run/seen.js';
import type {Attempt} from '../../suite/attempt.js';
import {matchExactly} from '../match-exactly.js';

const folder = mkdtempSync(join(tmpdir(), 'kv'));
t.teardown(() => rmSync(folder, {recursive: true, force: true}));

const result = (name: string, status: SubtestResult['status']): SubtestResult => ({
  path: [name],
  status,
  diagnostics: [],
});
const attempt = (results: SubtestResult[], more: Partial<Attempt> = {}): Attempt => ({
  ...{profile: 'x86_64', suite: 's', test: 'a', side: 'patched', number: 1, seconds: 1, guest: 'g1'},
  exit: {code: 0},
  report: {results, problems: []},
  ...more,
});

t.test('results by key; what was not asked for is left out', (t) => {
  const one = attempt([result('x', 'pass'), result('y', 'fail'), result('z', 'skip')], {exit: {code: 1}});
  t.same(seenIn([one], [], folder), {failures: [{key: 'a/y', how: 'fail'}], passed: ['a/x', 'a']});
  t.same(seenIn([one], [{suite: 's', test: 'a', subtest: 'x'}], folder), {failures: [], passed: ['a/x', 'a']});
  t.end();
});

t.test('all skipped says nothing', (t) => {
  const one = attempt([], {notRun: {status: 'skip', reason: 'no such device', blame: 'kernel'}});
  matchExactly(t, seenIn([one], [], folder), {failures: [], passed: [], nothing: /a: skipped: no such device/});
  t.end();
});

t.test('a lost guest: the splat before the panic, not the panic that follows all of them', (t) => {
  const lines = [
    '[    1.0] BUG: KASAN: use-after-free in do_thing+0x10/0x20',
    '[    1.1] Kernel panic - not syncing: Fatal exception',
  ];
  writeFileSync(join(folder, 'console.log'), `${lines.join('\n')}\n`);
  const lost = {how: 'panic', detail: 'kernel panic'} as const;
  const one = attempt([], {exit: {code: null, endedBy: 'guest-lost'}, lost, console: 'console.log'});
  t.same(seenIn([one], [], folder).failures, [{key: 'a', how: 'crash', splat: 'KASAN: use-after-free in do_thing'}]);
  t.end();
});

t.test('a time limit is another failure than a result', (t) => {
  const one = attempt([], {exit: {code: null, endedBy: 'timeout'}});
  t.same(seenIn([one], [], folder).failures, [{key: 'a', how: 'timeout'}]);
  t.end();
});
