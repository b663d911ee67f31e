// SPDX-License-Identifier: MIT
import t from 'tap';
import {createLocalExecutor} from '../../engine/local.js';

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

t.test('as many jobs at once as there are lanes, in the order of submission', async (t) => {
  const executor = createLocalExecutor(2, new AbortController().signal);
  let running = 0;
  let most = 0;
  const order: number[] = [];
  await Promise.all(
    [1, 2, 3, 4, 5].map((number) =>
      executor.submit(async () => {
        order.push(number);
        most = Math.max(most, ++running);
        await sleep(5);
        running--;
      }),
    ),
  );
  t.equal(most, 2);
  t.same(order, [1, 2, 3, 4, 5]);
});

t.test('after an abort nothing new begins, and a job that runs keeps its lane until it has ended', async (t) => {
  const abort = new AbortController();
  const executor = createLocalExecutor(1, abort.signal);
  const seen: string[] = [];
  const first = executor.submit(async () => {
    seen.push('first begins');
    await sleep(30);
    seen.push('first ends');
  });
  const second = executor.submit(async () => {
    seen.push('second begins');
  });
  await sleep(5);
  abort.abort(new Error('stop'));
  await first;
  await t.rejects(second, /stop/);
  t.same(seen, ['first begins', 'first ends']);
});

t.test('a job that throws gives its error and frees its lane', async (t) => {
  const executor = createLocalExecutor(1, new AbortController().signal);
  await t.rejects(
    executor.submit(async () => {
      throw new Error('broken');
    }),
    /broken/,
  );
  t.equal(await executor.submit(async () => 7), 7);
});
