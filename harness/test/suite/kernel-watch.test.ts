// SPDX-License-Identifier: MIT
import t from 'tap';
import type {Guest} from '../../guest/guest.js';
import {type KernelPolicy, NO_EXCUSES} from '../../klog/policy.js';
import {KernelWatch} from '../../suite/kernel-watch.js';
import {matchExactly} from '../match-exactly.js';
import {type Answer, fakeGuest} from './fake-guest.js';

const WARN = (name: string): string =>
  [`WARNING: CPU: 0 PID: 1 at mm/a.c:1 ${name}+0x1/0x2`, 'Call Trace:', ' caller+0x1/0x2', '---[ end trace 0 ]---']
    .map((line) => `[    1.000000] ${line}\n`)
    .join('');
const place = {suite: 's', profile: 'x86_64'};

/** A guest whose console grows, and whose answers can be changed, between two looks. */
function guestOf(): {guest: Guest; print(text: string): void; answers: Record<string, Answer>} {
  const answers: Record<string, Answer> = {tainted: {output: ['0\n7 4 1 7\n']}};
  let waiting = '';
  const guest = fakeGuest(answers);
  guest.newConsole = async (onText) => {
    onText(waiting);
    waiting = '';
  };
  const print = (text: string): void => {
    waiting += text;
  };
  return {guest, answers, print};
}

const titles = (seen: {splats: {title: string}[]}): string[] => seen.splats.map(({title}) => title);

t.test('a guest that its host was too slow to ask is not called tainted, nor unknown', async (t) => {
  const {guest, answers} = guestOf();
  const starved = 'this host was too slow: in 1200 s it gave guest fake only 50 of the 60 s that it may take';
  answers.tainted = {code: null, timedOut: true, starved};
  t.same(await new KernelWatch(guest, NO_EXCUSES, place).look(true), {splats: [], allowed: [], starved});
});

t.test('a test is blamed for what was printed while it ran, and lines count from the begin', async (t) => {
  const {guest, print} = guestOf();
  const watch = new KernelWatch(guest, NO_EXCUSES, place);
  print(`booting\n${WARN('at_boot')}`);
  t.same(titles(await watch.look(true)), ['WARNING at mm/a.c in at_boot']);
  t.same(titles(await watch.look(true)), []);
  print(WARN('in_test'));
  const seen = await watch.look(true);
  t.same(titles(seen), ['WARNING at mm/a.c in in_test']);
  t.equal(seen.splats[0]?.line, 6);
});

t.test('a report that is still being printed is waited for', async (t) => {
  const {guest, print} = guestOf();
  const watch = new KernelWatch(guest, NO_EXCUSES, place);
  const [head = '', ...rest] = WARN('slow').split('\n');
  print(`${head}\n`);
  setTimeout(() => print(rest.join('\n')), 200);
  const seen = await watch.look(true);
  t.match(seen.splats, [{identity: 'WARNING at mm/a.c in slow <- caller', corrupted: undefined}]);
});

t.test('taint: what is new, and what no list allows', async (t) => {
  const {guest, answers} = guestOf();
  const policy: KernelPolicy = {
    splats: [],
    taints: [{flags: 'OE', reason: 'modules', link: 'https://x', expires: '2030-01-01'}],
  };
  const watch = new KernelWatch(guest, policy, place);
  answers.tainted = {output: ['4096\n7 4 1 7\n']};
  matchExactly(t, (await watch.look(true)).taint, {before: 0, after: 4096, fresh: []});
  answers.tainted = {output: ['4608\n7 4 1 7\n']};
  t.match((await watch.look(true)).taint, {before: 4096, after: 4608, fresh: ['W']});
  matchExactly(t, (await watch.look(true)).taint, {before: 4608, after: 4608, fresh: []}, 'it is told once');
});

t.test('a test that tells the console to be quiet hides nothing', async (t) => {
  const {guest, answers} = guestOf();
  const watch = new KernelWatch(guest, NO_EXCUSES, place);
  await watch.look(true);
  answers.tainted = {output: ['512\n1 4 1 7\n']};
  answers['dmesg &&'] = {output: [WARN('hidden')]};
  t.same(titles(await watch.look(true)), ['WARNING at mm/a.c in hidden']);
});

t.test('what was hidden and cannot be read is a problem, never a clean kernel', async (t) => {
  const {guest, answers} = guestOf();
  const watch = new KernelWatch(guest, NO_EXCUSES, place);
  await watch.look(true);
  answers.tainted = {output: ['0\n1 4 1 7\n']};
  for (const answer of [{code: 1}, {code: null, lost: 'gone', lostHow: 'silent'}] as const) {
    answers['dmesg &&'] = answer;
    t.match((await watch.look(true)).problem, /told to be quiet, and dmesg cannot be read/);
  }
  answers.tainted = {output: ['0\n']};
  t.match((await watch.look(true)).problem, /does not say any more what its console is told/);
});

t.test('a guest that does not answer is a problem, one that went away is lost, never a clean kernel', async (t) => {
  const {guest, answers} = guestOf();
  const watch = new KernelWatch(guest, NO_EXCUSES, place);
  answers.tainted = {code: 1};
  t.match((await watch.look(true)).problem, /did not say whether its kernel is tainted/);
  answers.tainted = {output: ['nonsense\n']};
  t.match((await watch.look(true)).problem, /did not say/);
  answers.tainted = {code: null, lost: 'Kernel panic - not syncing: x', lostHow: 'panic'};
  t.match((await watch.look(true)).lost, {how: 'panic', detail: /Kernel panic/});
});

t.test('what is allowed is kept beside', async (t) => {
  const {guest, print} = guestOf();
  const excuse = {reason: 'known', link: 'https://x', expires: '2030-01-01'};
  const watch = new KernelWatch(guest, {splats: [{pattern: /in known/, ...excuse}], taints: []}, place);
  print(WARN('known'));
  matchExactly(t, await watch.look(true), {splats: [], allowed: [{reason: 'known', splat: {frame: 'known'}}]});
});
