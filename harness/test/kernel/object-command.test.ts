// SPDX-License-Identifier: MIT
import {mkdirSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import t from 'tap';
import {parseObjectCommand, readObjectCommand} from '../../kernel/object-command.js';

t.test("the compiler's words, without output, dependency file and what follows", (t) => {
  const text = [
    `savedcmd_mm/memory.o := ccache gcc -Wp,-MMD,mm/.memory.o.d -I../src/include -DKBUILD_MODFILE='"mm/memory"' -O2 -Wno-maybe-uninitialized -c -o mm/memory.o ../src/mm/memory.c   ; ./tools/objtool/objtool --uaccess mm/memory.o`,
    '',
    'source_mm/memory.o := ../src/mm/memory.c',
  ].join('\n');
  t.strictSame(parseObjectCommand(text), {
    args: [
      ...['-I../src/include', '-DKBUILD_MODFILE="mm/memory"', '-O2', '-Wno-maybe-uninitialized'],
      ...['-c', '../src/mm/memory.c'],
    ],
  });
  t.end();
});

t.test("older trees' word for it; make's and the shell's quotes", (t) => {
  const command = parseObjectCommand(
    `cmd_x.o := gcc -DA=\\"1\\" -DB='$(pound)$$x;y' -DC="a \\" b" -DD=a\\ b -c -o x.o ./x.c && ld -r x.o\n`,
  );
  t.strictSame(command?.args, ['-DA="1"', '-DB=#$x;y', '-DC=a " b', '-DD=a b', '-c', './x.c']);
  t.strictSame(parseObjectCommand('cmd_x.o := gcc -specs=/x -c -o x.o x.c\n'), {args: [], refused: '-specs=/x'});
  t.end();
});

t.test('what compiles nothing is not a command', (t) => {
  for (const text of [
    '',
    'savedcmd_a.o := ld -r -o a.o b.o',
    'deps_a.o := x.h',
    'savedcmd_a.o := ',
    'cmd_a.o := -c a.c',
    'cmd_a.o := gcc -c -o a.o a.c b.c',
  ]) {
    t.equal(parseObjectCommand(text), undefined, text);
  }
  t.end();
});

t.test("found beside the object, also the hypervisor's of arm64", (t) => {
  const folder = t.testdir();
  mkdirSync(join(folder, 'hyp'));
  writeFileSync(join(folder, 'hyp/.a.o.cmd'), 'savedcmd_hyp/a.o := gcc -c -o hyp/a.o a.c\n');
  writeFileSync(join(folder, 'hyp/.b.nvhe.o.cmd'), 'savedcmd_hyp/b.nvhe.o := gcc -DNVHE -c -o hyp/b.nvhe.o b.c\n');
  t.strictSame(readObjectCommand(folder, 'hyp/a.c')?.args, ['-c', 'a.c']);
  t.strictSame(readObjectCommand(folder, 'hyp/b.c')?.args, ['-DNVHE', '-c', 'b.c']);
  t.equal(readObjectCommand(folder, 'hyp/c.c'), undefined);
  t.end();
});
