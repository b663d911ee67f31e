// SPDX-License-Identifier: MIT
/** Objects of real compilers: what counts as changed is for them to make difficult. */
import {execFileSync} from 'node:child_process';
import {mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import t from 'tap';
import {plainName} from '../../kernel/symbol-digest.js';
import {changedSymbols, listSymbols} from '../../kernel/symbols.js';

const COMPILERS = {x86_64: 'x86_64-linux-gnu-gcc', arm64: 'aarch64-linux-gnu-gcc'} as const;

const BASE = `
extern int printk(const char *text, ...);
static const char *const names[] = {"one", "two"};
static int counter = 4;

static __attribute__((noinline)) int first(int n)
{
	static const char note[] = "a note";
	return printk("first %d %s", n + counter, note);
}

__attribute__((noinline)) int second(int n)
{
	if (n == 7)
		printk("%s", __func__);
	return first(n) + first(n + 1);
}

int third(int n)
{
	return second(n) * printk(names[n & 1]);
}
`;

const folder = mkdtempSync(join(tmpdir(), 'kv'));
t.teardown(() => rmSync(folder, {recursive: true, force: true}));
let counter = 0;

/** The list of a kernel of one file. */
function list(arch: keyof typeof COMPILERS, text: string): string {
  const place = join(folder, String(counter++));
  mkdirSync(join(place, 'mm'), {recursive: true});
  writeFileSync(join(place, 'mm/memory.c'), text);
  execFileSync(COMPILERS[arch], ['-O2', '-fno-pic', '-ffreestanding', '-c', '-o', 'mm/memory.o', 'mm/memory.c'], {
    cwd: place,
  });
  return listSymbols(place, place, ['mm/memory.o', 'mm/not_there.o', 'scripts/conf.o']);
}

const words = (base: string, patched: string): string[] =>
  changedSymbols(base, patched).map(({change, kind, name, file}) => `${change} ${kind} ${name} in ${file}`);

for (const arch of ['x86_64', 'arm64'] as const) {
  t.test(`${arch}: comments and shifted lines change nothing`, async (t) => {
    t.same(words(list(arch, BASE), list(arch, `/* more */\n\n${BASE}`)), []);
  });

  t.test(`${arch}: of functions that moved, only the one that changed is named`, async (t) => {
    const patched = BASE.replace('return first(n) + first(n + 1);', 'return first(n) + first(n + 2) + first(n * 5);');
    t.same(words(list(arch, BASE), list(arch, patched)), ['changed function second in mm/memory.c']);
    const ahead = BASE.replace('static int counter', 'int zeroth(int n)\n{\n\treturn n / 3;\n}\n\nstatic int counter');
    t.same(words(list(arch, BASE), list(arch, ahead)), ['added function zeroth in mm/memory.c']);
    t.same(words(list(arch, ahead), list(arch, BASE)), ['removed function zeroth in mm/memory.c']);
  });

  t.test(`${arch}: another string, another callee, other data`, async (t) => {
    t.same(words(list(arch, BASE), list(arch, BASE.replace('"first %d', '"First %d'))), [
      'changed function first in mm/memory.c',
    ]);
    t.same(words(list(arch, BASE), list(arch, BASE.replace('second(n) *', 'first(n) *'))), [
      'changed function third in mm/memory.c',
    ]);
    const data = BASE.replace('static int counter', 'int counter');
    t.same(words(list(arch, data), list(arch, data.replace('counter = 4', 'counter = 5'))), [
      'changed data counter in mm/memory.c',
    ]);
  });

  t.test(`${arch}: a constant of a function is data by itself`, async (t) => {
    const base = list(arch, BASE);
    t.match(base, /^d [0-9a-f]{16} __func__$/m);
    t.same(words(base, list(arch, BASE.replace('"a note"', '"a tone"'))), ['changed data note in mm/memory.c']);
  });
}

t.test('an object that is no 64-bit ELF file is one piece', async (t) => {
  const place = join(folder, 'odd');
  mkdirSync(place);
  writeFileSync(join(place, 'header.S'), '');
  const of = (text: string): string => {
    writeFileSync(join(place, 'header.o'), text);
    return listSymbols(place, place, ['header.o']);
  };
  t.same(words(of('16 bits'), of('16 bits')), []);
  t.same(words(of('16 bits'), of('15 bits')), ['changed table the whole object in header.S']);
  t.throws(() => changedSymbols('', of('16 bits')), RangeError, 'nothing is not an empty kernel');
});

t.test('numbers that compilers and macros give away are no part of a name', async (t) => {
  t.equal(plainName('foo.constprop.0.cold'), 'foo.constprop.cold');
  t.equal(plainName('__func__.1234'), '__func__');
  t.equal(plainName('__UNIQUE_ID___addressable_init417'), '__UNIQUE_ID___addressable_init');
  t.equal(plainName('__initcall__kmod_memory__245_4038_init_mm6'), '__initcall_memory_init_mm6');
  t.equal(plainName('do_wp_page'), 'do_wp_page');
});
