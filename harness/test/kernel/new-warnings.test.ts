// SPDX-License-Identifier: MIT
import t from 'tap';
import type {CompilerMessage} from '../../kernel/kernel-build.js';
import {newWarnings} from '../../kernel/new-warnings.js';

const warning = (file: string, line: number, text: string, option = '-Wunused-variable'): CompilerMessage => ({
  kind: 'warning',
  file,
  line,
  column: 6,
  text,
  option,
});

t.test('a warning that only moved is not new', async (t) => {
  const base = [warning('mm/memory.c', 10, "unused variable 'a'")];
  t.strictSame(newWarnings(base, [warning('mm/memory.c', 99, "unused variable 'a'")], ['mm/memory.c']), []);
});

t.test('places inside a text move as well; sizes do not', async (t) => {
  const base = [
    warning('mm/memory.c', 10, 'previous one at mm/memory.c:12:3'),
    warning('mm/x.c', 1, 'frame of 2048 bytes'),
  ];
  const patched = [
    warning('mm/memory.c', 10, 'previous one at mm/memory.c:14:3'),
    warning('mm/x.c', 1, 'frame of 4096 bytes'),
  ];
  t.match(newWarnings(base, patched, ['mm/memory.c', 'mm/x.c']), [{text: 'frame of 4096 bytes'}]);
});

t.test('a second of a kind is new, and it is the later one', async (t) => {
  const base = [warning('mm/memory.c', 10, "unused variable 'i'")];
  const patched = [
    warning('mm/memory.c', 10, "unused variable 'i'"),
    warning('mm/memory.c', 50, "unused variable 'i'"),
  ];
  t.match(newWarnings(base, patched, ['mm/memory.c']), [{line: 50}]);
});

t.test('only touched files; another option or file is another warning; errors count', async (t) => {
  const base = [warning('mm/memory.c', 10, 'x', '-Wa')];
  const patched = [
    warning('mm/memory.c', 10, 'x', '-Wb'),
    warning('mm/rmap.c', 10, 'x', '-Wa'),
    {...warning('mm/memory.c', 10, 'x', '-Wa'), kind: 'error' as const},
  ];
  t.strictSame(
    newWarnings(base, patched, ['mm/memory.c']).map(({kind, option}) => `${kind} ${option}`),
    ['warning -Wb', 'error -Wa'],
  );
});
