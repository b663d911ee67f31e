// SPDX-License-Identifier: MIT
import {readFileSync, statSync} from 'node:fs';
import {join} from 'node:path';
import t from 'tap';
import {NO_EXCUSES} from '../../klog/policy.js';
import {setUpGuest} from '../../suite/guest-setup.js';
import {KernelWatch} from '../../suite/kernel-watch.js';
import {loadSuites} from '../../suite/manifest.js';
import {MAX_LOG_BYTES} from '../../suite/raw-log.js';
import {countResults, runTest} from '../../suite/run-test.js';
import type {Suite} from '../../suite/suite.js';
import {judgeAttempt} from '../../verdict/outcome.js';
import {times} from '../fakes/scale.js';
import {type Answer, fakeGuest} from './fake-guest.js';
import {FIXTURES, testContext} from './support.js';

const demo = loadSuites([join(FIXTURES, 'good')]).get('demo') as Suite;
const hello = {suite: demo, test: demo.tests[0] as Suite['tests'][0], name: 'hello', run: './hello'};
const identity = {test: hello, side: 'base', profile: 'x86_64', config: new Map()} as const;

async function attempt(folder: string, answer: Answer, console = '') {
  const guest = fakeGuest({'./hello': answer}, console);
  const ctx = testContext(folder);
  const options = {
    guest,
    ...identity,
    number: 2,
    scale: times(4),
  } as const;
  const result = await runTest(ctx, {...options, runDirectory: folder, log: 'raw/hello.log'});
  return {result, guest, events: ctx.events};
}

t.test('output in any chunks, kept byte for byte', async (t) => {
  const folder = t.testdir();
  const bytes = Buffer.from([0x6f, 0x6b, 0x20, 0x31, 0x20, 0xff, 0xc3]);
  const {result, guest} = await attempt(folder, {
    output: ['KTAP ver', 'sion 1\n1..1\n', bytes, Buffer.from([0xa9, 0x0a])],
  });
  t.match(result, {
    profile: 'x86_64',
    suite: 'demo',
    test: 'hello',
    side: 'base',
    number: 2,
    guest: 'fake',
    seconds: 0.5,
  });
  t.match(result.report.results, [{path: ['\ufffdé'], status: 'pass'}]);
  t.same(result.exit, {code: 0});
  t.same(readFileSync(join(folder, result.log ?? '')).subarray(-9), Buffer.concat([bytes, Buffer.from([0xa9, 0x0a])]));
  t.match(guest.commands, [{command: /cd \/suites\/demo && \{ \.\/hello\n\}/, timeoutSeconds: 8}]);
});

t.test('what the host did not give is no verdict on either kernel', async (t) => {
  const starved = 'this host was too slow: in 160 s it gave guest fake only 3 of the 8 s that it may take';
  const {result} = await attempt(t.testdir(), {
    output: ['KTAP version 1\n1..1\nnot ok 1 a\n'],
    ...{code: null, timedOut: true, seconds: 160, given: 3, starved},
  });
  t.same(result.notRun, {status: 'error', reason: starved, blame: 'infra'});
  t.same(result.limit, {seconds: 8, because: '2 s x 4'});
  t.equal(result.given, 3);
  t.same(
    judgeAttempt(result).map(({key, status, blame, reason}) => ({key, status, blame, reason})),
    [{key: 'hello', status: 'error', blame: 'infra', reason: starved}],
  );
  const hang = await attempt(t.testdir(), {code: null, timedOut: true, seconds: 8});
  t.match(judgeAttempt(hang.result), [
    {status: 'timeout', reason: 'it did not end within its time limit (8 s (2 s x 4))', blame: 'kernel'},
  ]);
});

t.test('a hang, a panic and a guest that is gone are answers', async (t) => {
  const said = ['KTAP version 1\n1..2\nok 1 a\n'];
  const hang = await attempt(t.testdir(), {output: said, code: null, timedOut: true});
  t.same(hang.result.exit, {code: null, endedBy: 'timeout'});
  t.equal(hang.result.lost, undefined);

  const cases: [detail: string, console: string, how: string][] = [
    ['the kernel panicked', '', 'panic'],
    ['QEMU exited with 1', '[ 1.0] Kernel panic - not syncing: Fatal exception', 'panic'],
    ['QEMU exited with 1', '', 'qemu-exited'],
    ['SSH went quiet for 15 s', '', 'silent'],
  ];
  for (const [detail, console, how] of cases) {
    const {result} = await attempt(t.testdir(), {output: said, code: null, lost: detail}, console);
    t.same(result.exit, {code: null, endedBy: 'guest-lost'});
    t.same(result.lost, {how, detail});
    t.notOk(
      result.report.results.every(({status}) => status === 'pass'),
      `${how} is never green`,
    );
  }
});

t.test('what cannot be run says so and starts nothing', async (t) => {
  const folder = t.testdir();
  const guest = fakeGuest({});
  const notRun = {status: 'error', reason: '`hello` was not built', blame: 'kernel'} as const;
  const options = {
    guest,
    test: {...hello, notRun},
    side: 'patched',
    profile: 'x86_64',
    config: new Map(),
    number: 1,
    scale: times(1),
  } as const;
  const result = await runTest(testContext(folder), {...options, runDirectory: folder, log: 'a.log'});
  t.same(result.notRun, notRun);
  t.equal(result.log, undefined);
  t.equal(guest.commands.length, 0);
});

t.test('a test that prints without end', async (t) => {
  const folder = t.testdir();
  const chunk = Buffer.alloc(1024 * 1024, 'x'.repeat(127).concat('\n'));
  const output = ['KTAP version 1\n1..1\n', ...Array.from({length: 20}, () => chunk), 'ok 1 talker\n'];
  const {result} = await attempt(folder, {output});
  t.match(result.report.results.at(-1), {path: ['talker'], status: 'pass'}, 'the end was read');
  t.match(result.report.problems.at(-1)?.message, /printed 20971552 bytes; all of them were read/);
  t.ok(statSync(join(folder, 'raw/hello.log')).size < MAX_LOG_BYTES + 200);
  t.match(readFileSync(join(folder, 'raw/hello.log')).subarray(-100).toString(), /this log ends after 16777216\]/);
});

t.test('the set-up pushes, then runs every line', async (t) => {
  const programs = t.testdir({hello: 'x', broken: 'y'});
  const guest = fakeGuest({'echo one': {}});
  t.equal(await setUpGuest(guest, demo, programs, times(5)), undefined);
  t.same(guest.pushed, [
    [join(programs, 'broken'), '/suites/demo'],
    [join(programs, 'hello'), '/suites/demo'],
  ]);
  t.match(guest.commands, [{timeoutSeconds: 50}]);
  t.match(guest.commands[0]?.command, /\{ echo one\n\} \|\| exit 65\n\{ echo two\n\} \|\| exit 66$/);
});

t.test('modules are pushed beside the programs, for the set-up lines to load', async (t) => {
  const programs = t.testdir({hello: 'x'});
  const guest = fakeGuest({'echo one': {}});
  t.equal(await setUpGuest(guest, demo, programs, times(5), ['/store/module/1/watcher.ko']), undefined);
  t.same(guest.pushed[1], ['/store/module/1/watcher.ko', '/suites/demo']);
});

t.test('a set-up that fails names the line', async (t) => {
  const programs = t.testdir();
  const cases: [Answer, RegExp][] = [
    [{code: 66, output: ['sh: no\n']}, /the set-up of demo failed at `echo two`: sh: no/],
    [{code: 64}, /ended with exit 64/],
    [{code: null, timedOut: true}, /took more than 50 s/],
  ];
  for (const [answer, reason] of cases) {
    const failed = await setUpGuest(fakeGuest({'echo one': answer}), demo, programs, times(5));
    t.match(failed, {status: 'error', blame: 'infra', reason});
  }
  const gone = await setUpGuest(fakeGuest({'echo one': {code: null, lost: 'Kernel panic'}}), demo, programs, times(5));
  t.match(gone, {status: 'crash', blame: 'kernel', reason: /lost in the set-up: Kernel panic/});
  const deaf = fakeGuest({});
  deaf.push = () => Promise.reject(new Error('no space left in the guest'));
  t.match(await setUpGuest(deaf, demo, t.testdir({hello: ''}), times(1)), {reason: /cannot push.*no space left/});
});

t.test('a suite without programs and set-up lines still has its folder', async (t) => {
  const bare = {...demo, programs: [], guest: {...demo.guest, setup: []}};
  const guest = fakeGuest({mkdir: {}});
  t.equal(await setUpGuest(guest, bare, t.testdir(), times(1)), undefined);
  t.match(guest.commands[0]?.command, /mkdir -p \/suites\/demo/);
});

t.test('a guest that hangs is asked before it is ended, and what it says is kept beside the log', async (t) => {
  const folder = t.testdir();
  const guest = fakeGuest({'./hello': {code: null, lost: 'the guest did not end the command within 25 s'}});
  let dump: string | undefined;
  guest.diagnose = async (asked) => {
    dump = asked?.memoryDump;
    return '== registers ==\nCPU#0\n';
  };
  const options = {
    guest,
    ...identity,
    number: 1,
    scale: times(1),
  } as const;
  const run = {...options, runDirectory: folder, log: 'raw/hello.log'};
  const result = await runTest(testContext(folder), run);
  t.match(result, {lost: {how: 'silent'}, diagnosis: 'raw/hello.diagnosis.txt', memoryDump: undefined});
  t.match(readFileSync(join(folder, result.diagnosis ?? ''), 'utf8'), /CPU#0/);
  t.equal(dump, undefined, 'its memory only when that is asked for');
  await runTest(testContext(folder), {...run, dumpGuest: true});
  t.equal(dump, join(folder, 'raw/hello.core'));
});

t.test('a guest that is gone when its kernel is asked was lost by this test, whatever that said', async (t) => {
  const folder = t.testdir();
  const gone = {code: null, lost: 'Kernel panic - not syncing: x', lostHow: 'panic'} as const;
  const guest = fakeGuest({'./hello': {output: ['KTAP version 1\n1..1\nok 1 a\n']}, tainted: gone});
  const watch = new KernelWatch(guest, NO_EXCUSES, {suite: 'demo', profile: 'x86_64'});
  const options = {guest, watch, test: hello, side: 'base', profile: 'x86_64', config: new Map()} as const;
  const result = await runTest(testContext(folder), {
    ...{...options, number: 1, scale: times(1), runDirectory: folder, log: 'raw/hello.log'},
  });
  t.match(result, {exit: {code: null, endedBy: 'guest-lost'}, lost: {how: 'panic', detail: /Kernel panic/}});
});

t.test('a skip is to be expected of a kernel without the symbol, and of no other', async (t) => {
  const here = demo.tests.find(({name}) => name === 'here') as Suite['tests'][0];
  const expected = async (config: [string, string][]) => {
    const folder = t.testdir();
    const test = {suite: demo, test: here, name: 'here', run: 'true'};
    const identity = {side: 'base', profile: 'arm64', number: 1, scale: times(1)} as const;
    const guest = fakeGuest({true: {code: 4}});
    const options = {...identity, guest, test, config: new Map(config), runDirectory: folder, log: 'raw/here.log'};
    return (await runTest(testContext(folder), options)).skipExpected;
  };
  t.equal(await expected([['CONFIG_ANOTHER', 'y']]), '7.1 and newer');
  t.equal(await expected([['CONFIG_SUCH_A_THING', 'y']]), undefined);
});

t.test('a test with many results tells how many there are, once a second', async (t) => {
  const told: unknown[] = [];
  let now = 0;
  const seen = countResults({progress: (...words) => void told.push(words)}, () => now);
  for (const line of ['TAP version 13', 'ok 1 a', '# not ok 2 b', '# # ok 3 c', 'okay then', '  ok 4 d']) {
    now += 300;
    seen(line);
  }
  t.same(told, [[3, undefined, 'results']]);
  now += 1000;
  seen('1..4');
  t.equal(told.length, 1, 'not a result');
  seen('ok 5 e');
  t.same(told.at(-1), [5, undefined, 'results']);
});
