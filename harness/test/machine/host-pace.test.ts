// SPDX-License-Identifier: MIT
import t from 'tap';
import {HostPace, limitWords} from '../../machine/host-pace.js';

const KVM = {kind: 'kvm'} as const;
const TCG = {kind: 'tcg'} as const;

t.test('an ordinary host has the limits that are written down', async (t) => {
  const pace = new HostPace();
  t.same(pace.limit(KVM, 5), {seconds: 5, because: '5 s'});
  t.same(pace.limit(TCG, 5), {seconds: 100, because: '5 s x 20 (tcg)'});
  pace.note({seconds: 1, usual: 2});
  t.equal(pace.slowdown, 1, 'a fast one has no shorter ones');
  pace.note({seconds: 2.2, usual: 2});
  t.same(pace.limit(TCG, 5), {seconds: 100, because: '5 s x 20 (tcg)'}, 'chance is not told');
});

t.test('a slow one is told, with what it has shown', async (t) => {
  const pace = new HostPace({seconds: 6, usual: 0.3});
  t.same(pace.limit(KVM, 5), {
    seconds: 100,
    because: '5 s x 20.0: a guest boots in 6.0 s here, where 0.3 s is usual',
  });
  pace.note({seconds: 9, usual: 2});
  t.equal(pace.slowdown, 20, 'the slowest of the last ones');
  for (let boot = 0; boot < 4; boot++) pace.note({seconds: 4, usual: 2});
  t.equal(pace.slowdown, 4.5, 'the first one is forgotten');
  t.equal(
    limitWords(pace.limit(TCG, 5)),
    '450 s (5 s x 20 (tcg) x 4.5: a guest boots in 9.0 s here, where 2 s is usual)',
  );
  pace.note({seconds: 4, usual: 2});
  t.equal(pace.slowdown, 2);
  pace.note({seconds: 1000, usual: 2});
  t.equal(pace.slowdown, 60, 'there is an end to it');
});
