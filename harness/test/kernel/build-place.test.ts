// SPDX-License-Identifier: MIT
import t from 'tap';
import {findPlace} from '../../kernel/build-place.js';
import {parseWishes} from '../../kernel/kconfig-wishes.js';
import {openBench} from './support.js';

t.test("wishes are part of a kernel's place, and none are as if there were no such thing", async (t) => {
  await using bench = openBench();
  const plain = await findPlace(bench.ctx, bench.request('tree'));
  t.same(await findPlace(bench.ctx, bench.request('tree', {wishes: []})), plain, 'kernels in the cache stay good');

  const wishes = parseWishes('CONFIG_TOY_WISH=m\n', 'config').asked;
  const wished = await findPlace(bench.ctx, bench.request('tree', {wishes}));
  t.not(wished.key, plain.key);
  t.not(wished.objectDir, plain.objectDir);
  t.match(
    wished.asked.find(({symbol}) => symbol === 'CONFIG_TOY_WISH'),
    {value: 'y', optional: 'config asks for it'},
    'modules that are to fit it are built with it, too',
  );
});
