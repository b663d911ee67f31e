// SPDX-License-Identifier: MIT
import t from 'tap';
import {moduleSymvers} from '../../kernel/exports.js';

t.test('exported symbols, and those for GPL modules alone', async (t) => {
  const map = [
    'ffff800080000000 T _text',
    'ffff80008055ce28 R __start___ksymtab',
    'ffff80008055ce28 r __ksymtab_memset',
    'ffff80008055ce34 r __ksymtab____ratelimit',
    'ffff800080566038 R __start___ksymtab_gpl',
    'ffff800080566038 R __stop___ksymtab',
    'ffff800080566038 r __ksymtab_mmu_notifier_register',
    'ffff80008056db50 R __stop___ksymtab_gpl',
    '',
  ];
  t.equal(
    moduleSymvers(map.join('\n')),
    [
      '0x00000000\tmemset\tvmlinux\tEXPORT_SYMBOL\t\n',
      '0x00000000\t___ratelimit\tvmlinux\tEXPORT_SYMBOL\t\n',
      '0x00000000\tmmu_notifier_register\tvmlinux\tEXPORT_SYMBOL_GPL\t\n',
    ].join(''),
    'the ends of the tables are no symbols',
  );
});

t.test('a kernel without modules exports nothing', async (t) => {
  t.equal(moduleSymvers('ffffffff81000000 T _text\n'), '');
});
