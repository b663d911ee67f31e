// SPDX-License-Identifier: MIT
import t from 'tap';
import {guestCpus} from '../../machine/guest-cpus.js';

t.test('with KVM a guest has no more CPUs than its host, and two at least', async (t) => {
  t.equal(guestCpus(4, 'kvm', 2), 2);
  t.equal(guestCpus(4, 'kvm', 1), 2);
  t.equal(guestCpus(1, 'kvm', 1), 1);
  t.equal(guestCpus(4, 'kvm', 16), 4);
});

t.test('under TCG it has what its suite asks for', async (t) => {
  t.equal(guestCpus(4, 'tcg', 2), 4);
});
