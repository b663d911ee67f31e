// SPDX-License-Identifier: MIT
import t from 'tap';
import {waitInGivenTime} from '../../guest/wait-given.js';
import {HostClock} from '../../machine/host-clock.js';
import {starving} from '../fakes/starve.js';

t.setTimeout(120_000);
const QEMU = 4_194_304;

function waiting(share: number, changes: Partial<Parameters<typeof waitInGivenTime>[1]> = {}) {
  let end: (code: number | null) => void = () => {};
  const ended = new Promise<{code: number | null}>((resolve) => {
    end = (code) => resolve({code});
  });
  const stops: number[] = [];
  const clock = new HostClock(QEMU, starving(share));
  const options = {
    ...{clock, limit: 1, grace: 0.2, silence: 60, signal: new AbortController().signal},
    alive: async () => {},
    stop: async () => void stops.push(clock.wall),
    ...changes,
  };
  return {answer: waitInGivenTime(ended, options), end, stops, clock};
}

t.test('a command that has its CPUs is ended at its limit', async (t) => {
  const {answer, stops} = waiting(1);
  const {end, isOver, given} = await answer;
  t.same([end, isOver, stops.length], [undefined, true, 1]);
  t.ok(given >= 1 && (stops[0] ?? 0) < 1.5, `${given} s, ${stops[0]} s`);
});

t.test('one that gets a third of them has three times as long', async (t) => {
  const {answer, end, stops} = waiting(1 / 3);
  setTimeout(() => end(0), 2000);
  const waited = await answer;
  t.same([waited.end, waited.isOver, stops], [{code: 0}, false, []]);
  t.ok(waited.given < 1, `${waited.given} s`);
  const hung = waiting(1 / 3);
  t.equal((await hung.answer).isOver, true);
  t.ok((hung.stops[0] ?? 0) >= 2.9, `${hung.stops[0]} s`);
});

t.test('one that gets nothing ends on the clock, and has not had its time', async (t) => {
  const {answer, stops} = waiting(0.001, {limit: 0.1, grace: 0.01});
  const {isOver, given} = await answer;
  t.equal(isOver, true);
  t.ok(given < 0.1, `${given} s`);
  t.ok((stops[0] ?? 0) >= 1.9, `${stops[0]} s`);
});

t.test('a guest that does not answer is not waited for to the end', {timeout: 60_000}, async (t) => {
  let asked = 0;
  const silent = waiting(1, {limit: 600, silence: 1.5, alive: () => new Promise(() => void asked++)});
  const {end, isOver, silentFor} = await silent.answer;
  t.same([end, isOver, asked, silent.stops], [undefined, false, 1, []]);
  t.ok((silentFor ?? 0) >= 1.5, `${silentFor} s`);
});
