// SPDX-License-Identifier: MIT
import t from 'tap';
import {parseFragment} from '../../kernel/kconfig-fragment.js';
import {sortUnmet, useFormerNames} from '../../kernel/kconfig-resolve.js';
import type {KconfigTree} from '../../kernel/kconfig-tree.js';

const treeWith = (...names: string[]): KconfigTree => ({
  textsOf: (symbol) => new Map(names.includes(symbol.replace('CONFIG_', '')) ? [['Kconfig', '']] : []),
});

t.test('a former name is taken where the tree knows it and not the new one, the newest first', (t) => {
  const asked = parseFragment('CONFIG_A=y # was: CONFIG_A2, CONFIG_A1\nCONFIG_B=y # was: CONFIG_B1\nCONFIG_C=8\n', 'f');
  const resolve = (...names: string[]): [string[], object] => {
    const {asked: list, renamed} = useFormerNames(asked, treeWith(...names));
    return [list.map(({symbol, value}) => `${symbol}=${value}`), renamed];
  };
  t.same(resolve('A', 'A2', 'B', 'C'), [['CONFIG_A=y', 'CONFIG_B=y', 'CONFIG_C=8'], {}]);
  t.same(resolve('A1', 'A2', 'B1'), [
    ['CONFIG_A2=y', 'CONFIG_B1=y', 'CONFIG_C=8'],
    {CONFIG_A: 'CONFIG_A2', CONFIG_B: 'CONFIG_B1'},
  ]);
  t.same(resolve(), [['CONFIG_A=y', 'CONFIG_B=y', 'CONFIG_C=8'], {}], 'neither is known: it stays as it is asked for');
  t.end();
});

t.test('two that come to one name: what a guest needs stays', (t) => {
  const ours = parseFragment('CONFIG_NEW=y # was: CONFIG_OLD\n', 'mm');
  const theirs = parseFragment('CONFIG_OLD=n\n', 'wish').map((one) => ({...one, optional: 'the tree asks for it'}));
  for (const asked of [
    [...ours, ...theirs],
    [...theirs, ...ours],
  ]) {
    const {asked: list} = useFormerNames(asked, treeWith('OLD'));
    t.same(
      list.map(({symbol, value, fragment}) => [symbol, value, fragment]),
      [['CONFIG_OLD', 'y', 'mm']],
    );
  }
  t.end();
});

t.test('a wish that did not come true: the tree is asked what that means', async (t) => {
  const lost = parseFragment(
    'CONFIG_O=y # optional: why\nCONFIG_G=y # gone: why\nCONFIG_H=y # gone: why\nCONFIG_M=y\nCONFIG_R=y\n',
    'f',
  );
  const unmet = await sortUnmet(lost, async () => treeWith('O', 'H', 'R'));
  const names = Object.entries(unmet).map(([kind, list]) => [kind, list.map(({symbol}: {symbol: string}) => symbol)]);
  t.same(Object.fromEntries(names), {
    absent: ['CONFIG_O', 'CONFIG_G'],
    missing: ['CONFIG_M'],
    refused: ['CONFIG_H', 'CONFIG_R'],
  });
  const dear = async (): Promise<KconfigTree> => {
    throw new Error('the tree was read');
  };
  await t.resolves(
    sortUnmet(parseFragment('CONFIG_O=y # optional: why\n', 'f'), dear),
    'not read for what is optional',
  );
});
