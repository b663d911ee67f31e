// SPDX-License-Identifier: MIT
import t from 'tap';
import {HostClock, type HostTimes, type ThreadTime} from '../../machine/host-clock.js';

const QEMU = 4_194_304;
const SECOND = 1e9;

/** A /proc that says what it is told. */
function fakeHost() {
  const threads = new Map<string, ThreadTime>();
  const ours = new Map<string, ThreadTime>();
  const state = {now: 0, cpus: {used: 0, stolen: 0}};
  const host: HostTimes = {
    threads: (pid) => new Map(pid === process.pid ? ours : threads),
    cpus: () => ({...state.cpus}),
    now: () => state.now * 1000,
  };
  const add = (to: Map<string, ThreadTime>, name: string, ran: number, waited: number): void => {
    const before = to.get(name) ?? {ran: 0, waited: 0};
    to.set(name, {ran: before.ran + ran * SECOND, waited: before.waited + waited * SECOND});
  };
  return {
    host,
    state,
    machine: (name: string, ran: number, waited: number) => add(threads, name, ran, waited),
    kverdict: (ran: number, waited: number) => add(ours, 'main', ran, waited),
  };
}

const rounded = (value: number): number => Number(value.toFixed(3));

t.test('a guest that sleeps has its time, and so has one that runs', async (t) => {
  const {host, state, machine} = fakeHost();
  const clock = new HostClock(QEMU, host);
  state.now = 10;
  t.equal(clock.given(), 10);
  machine('vcpu0', 10, 0);
  state.now = 20;
  t.equal(clock.given(), 20);
  t.equal(clock.wall, 20);
});

t.test('what a thread waited for a CPU was not given', async (t) => {
  const {host, state, machine} = fakeHost();
  machine('vcpu0', 7, 7);
  const clock = new HostClock(QEMU, host);
  machine('vcpu0', 2, 8);
  state.now = 10;
  t.equal(rounded(clock.given()), 2, 'a fifth, and not what was before');
  machine('vcpu0', 1, 1);
  state.now = 20;
  t.equal(rounded(clock.given()), 11, 'it slept for the rest');
  machine('worker', 0, 10);
  state.now = 30;
  t.equal(rounded(clock.given()), 11, 'a thread that is new');
});

t.test('four vCPUs that spin on two CPUs are given half of it', async (t) => {
  const {host, state, machine} = fakeHost();
  const clock = new HostClock(QEMU, host);
  for (const name of ['vcpu0', 'vcpu1', 'vcpu2', 'vcpu3']) machine(name, 5, 5);
  state.now = 10;
  t.equal(rounded(clock.given()), 5);
});

t.test('a wait that is known only when it is over is taken off then', async (t) => {
  const {host, state, machine} = fakeHost();
  const clock = new HostClock(QEMU, host);
  state.now = 8;
  t.equal(clock.given(), 8);
  machine('vcpu0', 0, 8);
  state.now = 8.5;
  t.equal(rounded(clock.given()), 0.5);
});

t.test('threads that wait at the same time are one loss, whenever each is told', async (t) => {
  const {host, state, machine} = fakeHost();
  const clock = new HostClock(QEMU, host);
  state.now = 1;
  clock.given();
  machine('vcpu0', 0, 2);
  state.now = 2;
  clock.given();
  machine('vcpu1', 0, 2);
  state.now = 2.5;
  t.equal(rounded(clock.given()), 0.5);
});

t.test('what a thread ran for was given, whatever else was lost', async (t) => {
  const {host, state, machine} = fakeHost();
  const clock = new HostClock(QEMU, host);
  for (let window = 1; window <= 4; window++) {
    machine('vcpu0', 0.3, 4.7);
    machine('late', 0, 5);
    state.now = window * 5;
    clock.given();
  }
  t.equal(rounded(clock.given()), 1.2);
});

t.test('what a hypervisor took away, and what we had to wait ourselves, is not given', async (t) => {
  const {host, state, machine, kverdict} = fakeHost();
  const clock = new HostClock(QEMU, host);
  machine('vcpu0', 10, 0);
  state.cpus = {used: 50, stolen: 150};
  state.now = 10;
  t.equal(rounded(clock.given()), 2.5);
  kverdict(1, 3);
  state.now = 20;
  t.equal(rounded(clock.given()), 9.5);
});

t.test('of this host: ourselves, busy and at rest', {skip: process.platform !== 'linux'}, async (t) => {
  const clock = new HostClock(process.pid);
  await new Promise((resolve) => setTimeout(resolve, 200));
  const rest = clock.given();
  t.ok(rest > 0 && rest <= clock.wall, `${rest}`);
  t.ok(new HostClock(QEMU * 2).given() >= 0, 'a process that is not there');
});
