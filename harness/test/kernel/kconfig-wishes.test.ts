// SPDX-License-Identifier: MIT
import t from 'tap';
import {fragmentText, parseFragment} from '../../kernel/kconfig-fragment.js';
import {mergeWishes, parseWishes} from '../../kernel/kconfig-wishes.js';

t.test("a fragment of the tree: modules become built in, and what is no symbol's line is told", async (t) => {
  const text =
    '# why\nCONFIG_A=y\nCONFIG_B=m # test_b.ko\n# CONFIG_C is not set\nCONFIG_D="x y"\nCONFIG_E=0x10\n\nset -e\n';
  const {asked, odd} = parseWishes(text, 'mm/config');
  t.match(asked, [
    {symbol: 'CONFIG_A', value: 'y', line: 2, fragment: 'mm/config', optional: 'mm/config asks for it'},
    {symbol: 'CONFIG_B', value: 'y', line: 3},
    {symbol: 'CONFIG_C', value: 'n'},
    {symbol: 'CONFIG_D', value: '"x y"'},
    {symbol: 'CONFIG_E', value: '0x10'},
  ]);
  t.equal(asked.length, 5);
  t.same(odd, ['mm/config:8: `set -e`']);
});

t.test('wishes never take away what a guest needs, and bring back what was only switched off', async (t) => {
  const ours = parseFragment('CONFIG_NR_CPUS=8\nCONFIG_NET=y\nCONFIG_IPV6=n\nCONFIG_Z=n\n', 'base');
  const {asked} = parseWishes(
    'CONFIG_NR_CPUS=256\n# CONFIG_NET is not set\nCONFIG_IPV6=m\nCONFIG_Z=n\nCONFIG_A=y\n',
    'c',
  );
  t.equal(
    fragmentText(mergeWishes(ours, asked)),
    'CONFIG_A=y optional\nCONFIG_IPV6=y optional\nCONFIG_NET=y\nCONFIG_NR_CPUS=8\nCONFIG_Z=n\n',
  );
  t.equal(fragmentText(mergeWishes(ours, [])), fragmentText([...ours].sort((a, b) => (a.symbol < b.symbol ? -1 : 1))));
});
