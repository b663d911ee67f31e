// SPDX-License-Identifier: MIT
import t from 'tap';
import {Tokens} from '../../engine/tokens.js';

const never = new AbortController().signal;
const tick = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

t.test('two guests share two cores; the third waits until one gives its core back', async (t) => {
  const tokens = new Tokens({cpus: 2, memory: 4096});
  const first = await tokens.acquire({cpus: 1, memory: 1024}, never);
  await tokens.acquire({cpus: 1, memory: 1024}, never);
  let third = false;
  const waiting = tokens.acquire({cpus: 1, memory: 1024}, never).then(() => {
    third = true;
  });
  await tick();
  t.equal(third, false, 'no core left');
  first();
  await waiting;
  t.equal(third, true);
});

t.test('memory is shared out like cores', async (t) => {
  const tokens = new Tokens({cpus: 8, memory: 1500});
  await tokens.acquire({cpus: 0, memory: 1000}, never);
  let got = false;
  void tokens.acquire({cpus: 0, memory: 1000}, never).then(() => {
    got = true;
  });
  await tick();
  t.equal(got, false);
});

t.test('a demand above the total takes all there is instead of waiting for ever', async (t) => {
  const tokens = new Tokens({cpus: 2, memory: 1000});
  const back = await tokens.acquire({cpus: 4, memory: 9000}, never);
  back();
  t.pass('a 4-vCPU guest runs on 2 cores');
});

t.test('first come, first served: small demands do not starve a large one', async (t) => {
  const tokens = new Tokens({cpus: 2, memory: 1});
  const back = await tokens.acquire({cpus: 1, memory: 0}, never);
  const order: string[] = [];
  const large = tokens.acquire({cpus: 2, memory: 0}, never).then((give) => {
    order.push('large');
    give();
  });
  const small = tokens.acquire({cpus: 1, memory: 0}, never).then((give) => {
    order.push('small');
    give();
  });
  await tick();
  back();
  await Promise.all([large, small]);
  t.same(order, ['large', 'small']);
});

t.test('giving back twice gives back once', async (t) => {
  const tokens = new Tokens({cpus: 1, memory: 0});
  const back = await tokens.acquire({cpus: 1, memory: 0}, never);
  back();
  back();
  await tokens.acquire({cpus: 1, memory: 0}, never);
  let second = false;
  void tokens.acquire({cpus: 1, memory: 0}, never).then(() => {
    second = true;
  });
  await tick();
  t.equal(second, false);
});

t.test('an abort ends the wait and lets the next one in', async (t) => {
  const tokens = new Tokens({cpus: 2, memory: 0});
  await tokens.acquire({cpus: 1, memory: 0}, never);
  const abort = new AbortController();
  const blocked = tokens.acquire({cpus: 2, memory: 0}, abort.signal);
  const behind = tokens.acquire({cpus: 1, memory: 0}, never);
  abort.abort(new Error('Ctrl-C'));
  await t.rejects(blocked, /Ctrl-C/);
  await behind;
  t.pass('the one behind it was served');
});
