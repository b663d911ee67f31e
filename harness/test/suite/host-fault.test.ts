// SPDX-License-Identifier: MIT
import t from 'tap';
import type {GuestRunResult} from '../../guest/guest.js';
import type {SplatKind} from '../../klog/kinds.js';
import type {Splat} from '../../klog/splat.js';
import type {KernelSeen} from '../../suite/attempt.js';
import {hostFault} from '../../suite/host-fault.js';

const done = (changes: Partial<GuestRunResult>): GuestRunResult => ({
  code: 0,
  timedOut: false,
  seconds: 100,
  ...changes,
});
const said = (...kinds: SplatKind[]): KernelSeen => ({
  splats: kinds.map((kind) => ({kind, title: `a ${kind}`}) as Splat),
  allowed: [],
});
const STARVED = {timedOut: true, given: 5, starved: 'this host was too slow: in 100 s …'} as const;

t.test('the host is to blame for time alone', async (t) => {
  t.equal(hostFault(done({given: 5}), undefined), undefined, 'it came to its end');
  t.equal(hostFault(done({timedOut: true, given: 100}), undefined), undefined, 'a hang');
  t.equal(hostFault(done(STARVED), undefined), STARVED.starved);
  t.equal(hostFault(done(STARVED), said('rcu-stall')), STARVED.starved);
  t.equal(hostFault(done({}), {...said(), starved: 'too slow'}), 'too slow', 'a kernel that could not be asked');
  t.equal(hostFault(done(STARVED), said('rcu-stall', 'kasan')), undefined, 'a bug is one on any host');
});

t.test('a report that something took too long, on a host that was too slow', async (t) => {
  t.equal(
    hostFault(done({given: 20}), said('soft-lockup')),
    'this host was too slow: it gave the guest its CPUs for 20 of 100 s, and the kernel says that something took too long: a soft-lockup',
  );
  t.equal(hostFault(done({given: 50}), said('soft-lockup')), undefined, 'four vCPUs that spin on two CPUs');
  t.equal(hostFault(done({}), said('soft-lockup')), undefined, 'it is not known what it was given');
  t.equal(hostFault(done({given: 20}), said('warning')), undefined);
});
