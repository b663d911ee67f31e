// SPDX-License-Identifier: MIT
import {join} from 'node:path';
import t from 'tap';
import {notHeld} from '../../kernel/held.js';

const RECORDS = {
  mm: {
    '.memory.o.cmd':
      'savedcmd_mm/memory.o := gcc -c -o mm/memory.o /somewhere/src/mm/memory.c\n\nsource_mm/memory.o := ../src/mm/memory.c\n\ndeps_mm/memory.o := \\\n  ../src/include/linux/mm.h \\\n    $(wildcard include/config/MMU) \\\n',
  },
  tools: {'.fixdep.o.cmd': 'deps_tools/fixdep.o := ../src/tools/only.h \\\n'},
};

t.test('a file is part of a kernel when something compiled names it', (t) => {
  const place = t.testdir(RECORDS);
  const of = (...touched: string[]): string[] | undefined => notHeld('/somewhere/src', place, touched);
  t.same(of('mm/memory.c', 'include/linux/mm.h'), []);
  t.same(of('mm/memory.c', 'drivers/foo.c', 'mm/memory.cold', 'm/memory.c', 'include/linux/mm.hh'), [
    'drivers/foo.c',
    'mm/memory.cold',
    'm/memory.c',
    'include/linux/mm.hh',
  ]);
  t.same(of('tools/only.h'), ['tools/only.h'], 'what the build itself runs is no part of it');
  t.end();
});

t.test('of text nothing is built, and the rules of the build are read for every kernel', (t) => {
  const place = t.testdir(RECORDS);
  const touched = [
    'Documentation/mm/x.rst',
    'mm/README',
    'MAINTAINERS',
    '.mailmap',
    'mm/Makefile',
    'mm/Kconfig.debug',
    'Kbuild',
  ];
  t.same(notHeld('/somewhere/src', place, touched), []);
  t.end();
});

t.test('without records nothing is known', (t) => {
  t.equal(notHeld('/somewhere/src', join(t.testdir({}), 'gone'), ['mm/memory.c']), undefined);
  t.same(notHeld('/somewhere/src', join(t.testdir({}), 'gone'), ['Documentation/x.rst']), [], 'and nothing is asked');
  t.end();
});
