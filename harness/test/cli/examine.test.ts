// SPDX-License-Identifier: MIT
import t from 'tap';
import {kvmSays} from '../../cli/examine.js';

const NOW = Date.UTC(2026, 11, 1);
const LATE = 'KVM: a guest was still booting with it after 120 s';

t.test('doctor says what is known of KVM, and how it is asked again', async (t) => {
  t.same(kvmSays(undefined, NOW), {
    what: 'KVM',
    state: 'note',
    detail: 'not probed yet: the first run boots a kernel with it',
  });
  t.same(kvmSays({kind: 'kvm', reason: 'KVM: a guest booted with it', probeSeconds: 6.04}, NOW), {
    what: 'KVM',
    state: 'ok',
    detail: 'KVM: a guest booted with it, in 6.0 s (using kvm)',
  });
  t.same(kvmSays({kind: 'tcg', reason: 'the host has no /dev/kvm'}, NOW), {
    what: 'KVM',
    state: 'note',
    detail: 'the host has no /dev/kvm (using tcg)',
  });
  t.same(kvmSays({kind: 'tcg', reason: LATE, again: NOW + 25 * 60_000}, NOW), {
    what: 'KVM',
    state: 'note',
    detail: `${LATE}: that was late, not a refusal; the first run in 25 min or later asks again, with more time (using tcg)`,
    fix: 'kverdict clean probes, and the next run asks at once',
  });
  t.same(kvmSays({kind: 'tcg', reason: LATE, again: NOW - 1}, NOW), {
    what: 'KVM',
    state: 'note',
    detail: `${LATE}: that was late, not a refusal; the next run asks again, with more time (using tcg)`,
  });
});
