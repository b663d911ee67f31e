// SPDX-License-Identifier: MIT
import t from 'tap';
import {conclude} from '../../run/conclude.js';
import {Ledger} from '../../run/ledger.js';
import {plainRequest} from '../../run/request.js';
import type {Lane} from '../../run/schedule.js';
import {matchExactly} from '../match-exactly.js';
import {attempt} from '../verdict/fixture.js';

const request = {...plainRequest('linux', [], 'kverdict verify'), series: ['a.patch']};
const lane = (profile: string, name: string, arches: string[]): Lane =>
  ({profile, suite: {name, tests: [{name: 't', arches}]}}) as unknown as Lane;
const both = ['x86_64', 'arm64'];

/** A run in which the suite `s` passed on x86_64, and what else was promised. */
function ledger(lanes: readonly Lane[]): Ledger {
  const made = new Ledger('kverdict verify');
  made.promise([lane('x86_64', 's', both), ...lanes], (profile) => profile as 'x86_64' | 'arm64');
  made.attempts.push(attempt('base', {a: 'pass'}), attempt('patched', {a: 'pass'}));
  return made;
}

t.test('a suite, or a whole profile, that gave nothing at all is not green', (t) => {
  matchExactly(t, conclude(ledger([]), request, []), {verdict: 'good', findings: []});
  t.match(conclude(ledger([lane('x86_64', 'other', both)]), request, []), {
    verdict: 'inconclusive',
    because: 'x86_64 other: not one test ran',
    findings: [{kind: 'infra', reproduce: /-t other/}],
  });
  t.match(conclude(ledger([lane('arm64', 's', both)]), request, []), {because: 'arm64 s: not one test ran'});
  t.end();
});

t.test('the command under an open result has as many attempts as the verdict advises', (t) => {
  const made = ledger([]);
  made.attempts.push(attempt('base', {b: 'pass'}, {test: 'u'}), attempt('patched', {b: 'fail'}, {test: 'u'}));
  const {because, findings} = conclude(made, request, []);
  t.equal(
    because,
    '1 result cannot be told apart, first x86_64 s:u/b; a new run with --max-runs 5 would find a difference of this size with a chance of 90 %, if the rates stay as seen',
  );
  t.same(
    findings.map(({reproduce}) => reproduce),
    ['kverdict verify a.patch --tree linux --profiles x86_64 -t s:u/b --runs 1 --max-runs 5'],
  );
  t.end();
});

t.test("base's own selftests that our host did not run are missed", (t) => {
  const own = lane('x86_64', 'tree', both);
  const made = ledger([{...own, own: own.suite}]);
  made.attempts.push(...(['base', 'patched'] as const).map((side) => attempt(side, {a: 'pass'}, {suite: 'tree'})));
  const missed = {verdict: 'inconclusive', because: /^x86_64 tree: base's own selftests were not run/};
  t.match(conclude(made, request, []), missed);
  made.own.push(attempt('base', {a: 'pass'}, {suite: 'tree'}));
  t.match(conclude(made, request, []), {verdict: 'good'});
  const notRun = {status: 'error', reason: 'no memory', blame: 'infra'} as const;
  made.own.push(attempt('base', {}, {suite: 'tree', test: 'other', notRun}));
  t.match(conclude(made, request, []), missed);
  t.end();
});

t.test('one that has no test for the architecture promises nothing', (t) => {
  t.match(conclude(ledger([lane('arm64', 's', ['x86_64'])]), request, []), {verdict: 'good'});
  t.end();
});

t.test('a reason that is told already is told once', (t) => {
  const made = ledger([lane('arm64', 's', both)]);
  const accelerator = {kind: 'tcg', reason: ''} as const;
  made.profiles.push({name: 'arm64', arch: 'arm64', qemu: '7', accelerator, supported: false, reason: 'QEMU 7'});
  const {findings, verdict} = conclude(made, request, []);
  t.equal(verdict, 'good');
  t.same(
    findings.map(({title}) => title).filter((title) => title.includes('not one')),
    [],
  );
  t.end();
});
