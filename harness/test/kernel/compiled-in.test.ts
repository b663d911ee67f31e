// SPDX-License-Identifier: MIT
import {execFileSync} from 'node:child_process';
import {mkdirSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import t from 'tap';
import {listSources, readSources} from '../../kernel/compiled-in.js';

const RECORDS = {
  mm: {
    '.memory.o.cmd':
      'savedcmd_mm/memory.o := gcc -I/somewhere/src/include -c -o mm/memory.o /somewhere/src/mm/memory.c\n\nsource_mm/memory.o := ../src/mm/memory.c\n\ndeps_mm/memory.o := \\\n  ../src/include/linux/mm.h \\\n  /somewhere/src/mm/../arch/arm/shared.h \\\n    $(wildcard include/config/MMU) \\\n',
    '.asm-offsets.s.cmd': 'savedcmd_mm/asm-offsets.s := gcc -S -o mm/asm-offsets.s ../src/mm/asm-offsets.c\n',
  },
  tools: {'.fixdep.o.cmd': 'deps_tools/fixdep.o := ../src/tools/only.h \\\n'},
};

const filesIn = (source: string, objects: string): string[] => [...readSources(listSources(source, objects))];

t.test('what the records name, as paths from the top of the tree, each once', (t) => {
  const objects = t.testdir({O: RECORDS});
  const files = filesIn('/somewhere/src', join(objects, 'O'));
  t.same(files, ['arch/arm/shared.h', 'mm/memory.c'], 'folders of headers are no files');
  t.end();
});

t.test('paths that start at the folder of the objects', (t) => {
  const place = t.testdir({src: {}, O: RECORDS});
  const files = filesIn(join(place, 'src'), join(place, 'O'));
  t.same(files, ['include/linux/mm.h', 'mm/asm-offsets.c', 'mm/memory.c']);
  t.notOk(files.includes('tools/only.h'), 'what the build itself runs is no part of a kernel');
  t.end();
});

t.test('a list of another version is no list', (t) => {
  t.throws(
    () => readSources('kverdict sources 0\nmm/memory.c\n'),
    new RangeError('not a list of sources of this version'),
  );
  t.same([...readSources(listSources('/nowhere', '/nowhere/O'))], [], 'no folder, no file');
  t.end();
});

t.test('an object that an earlier build left behind is no part of the kernel', (t) => {
  const place = t.testdir({src: {mm: {}}, O: {mm: {}, vdso: {}}});
  const [src, objects] = [join(place, 'src'), join(place, 'O')];
  const compile = (folder: string, name: string, users: string): void => {
    mkdirSync(join(src, folder), {recursive: true});
    const source = join(src, folder, `${name}.c`);
    writeFileSync(source, `static int ${name}_data = 1;\nint *${name}(void) { return &${name}_data; }\n`);
    execFileSync('cc', ['-c', '-o', join(objects, folder, `${name}.o`), source]);
    const record = `savedcmd_${folder}/${name}.o := cc -c -o ${folder}/${name}.o ${source}\nsource_${folder}/${name}.o := ${source}\ndeps_${folder}/${name}.o := ../src/${folder}/${name}.h \\\n`;
    writeFileSync(join(objects, folder, `.${name}.o.cmd`), record);
    writeFileSync(join(objects, folder, `.${users}.cmd`), `savedcmd_${users} := ld -o ${users} ${folder}/${name}.o\n`);
  };
  compile('mm', 'linked', 'linked-in');
  compile('vdso', 'inner', 'vdso.so');
  // A built-in.a of an earlier build may still name it.
  compile('mm', 'stale', 'built-in.a');
  execFileSync('cc', ['-r', '-nostdlib', '-o', join(objects, 'vmlinux'), join(objects, 'mm/linked.o')]);
  t.same(filesIn(src, objects), ['mm/linked.c', 'mm/linked.h', 'vdso/inner.c', 'vdso/inner.h']);
  t.end();
});
