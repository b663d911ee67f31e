// SPDX-License-Identifier: MIT
/** Small linked programs in the place of vmlinux, with a `__bug_table` as x86 and arm64 have it. */
import {execFileSync} from 'node:child_process';
import {mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import t from 'tap';
import {compareKernels} from '../../kernel/same-kernel.js';

const CONFIG = 'CONFIG_GENERIC_BUG_RELATIVE_POINTERS=y\nCONFIG_DEBUG_BUGVERBOSE=y\n';

const folder = mkdtempSync(join(tmpdir(), 'kv'));
t.teardown(() => rmSync(folder, {recursive: true, force: true}));

/** @param lines of the entries; @param file that they name */
function kernel(
  lines: readonly number[],
  {file = 'mm/memory.c', code = 'return 1;', flags = 2305, more = ''} = {},
): Buffer {
  const entry = (line: number): string =>
    `asm(".pushsection __bug_table,\\"aw\\"\\n1:.long _start - .\\n.long name - .\\n.short ${line}\\n.short ${flags}\\n.popsection");`;
  const text = [
    `asm(".pushsection .rodata\\nname: .string \\"${file}\\"\\n.popsection");`,
    ...lines.map(entry),
    `int _start(void) { ${code} }`,
    more,
  ].join('\n');
  writeFileSync(join(folder, 'k.c'), `${text}\n`);
  const args = ['-O1', '-nostdlib', '-static', '-fno-pic', '-no-pie', '-Wl,--build-id=sha1', '-o', 'vmlinux', 'k.c'];
  execFileSync('cc', args, {cwd: folder});
  return readFileSync(join(folder, 'vmlinux'));
}

t.test('lines of WARN and BUG alone are counted, and the build id is no difference', async (t) => {
  const base = kernel([10, 20, 30]);
  t.same(compareKernels(base, kernel([10, 20, 30]), CONFIG), {same: true, lines: 0});
  const shifted = kernel([10, 21, 31]);
  t.notOk(base.equals(shifted));
  t.same(compareKernels(base, shifted, CONFIG), {same: true, lines: 2});
});

t.test('symbols and comments of the linked file are not loaded', async (t) => {
  const base = kernel([10]);
  t.same(compareKernels(base, kernel([10], {more: 'asm(".ident \\"other\\"\\n.set other, 5");'}), CONFIG), {
    same: true,
    lines: 0,
  });
});

t.test('any other byte is a difference', async (t) => {
  const base = kernel([10, 20]);
  t.match(compareKernels(base, kernel([10, 20], {code: 'return 2;'}), CONFIG), {
    same: false,
    difference: '.text differs',
  });
  t.match(compareKernels(base, kernel([10, 20], {flags: 2307}), CONFIG), {
    same: false,
    difference: '__bug_table differs',
  });
  t.match(compareKernels(base, kernel([10, 20], {file: 'mm/nemory.c'}), CONFIG), {same: false});
  t.match(compareKernels(base, kernel([10, 20, 30]), CONFIG), {
    same: false,
    difference: /__bug_table has another size/,
  });
  t.match(compareKernels(base, kernel([10, 20], {more: 'int data = 4;'}), CONFIG), {same: false});
});

t.test('where an entry may be another structure, lines are a difference', async (t) => {
  const [base, shifted] = [kernel([10]), kernel([11])];
  for (const line of CONFIG.trim().split('\n')) {
    const off = CONFIG.replace(line, `# ${line.slice(0, -2)} is not set`);
    t.match(compareKernels(base, shifted, off), {same: false, difference: '__bug_table differs'}, off);
  }
  const other = (line: number): Buffer => kernel([line], {file: 'no source'});
  t.match(compareKernels(other(10), other(11), CONFIG), {same: false}, 'an entry that does not lead to a source file');
});

t.test('what cannot be read is the same only when every byte is', async (t) => {
  const text = Buffer.from('a toy');
  t.same(compareKernels(text, Buffer.from('a toy'), CONFIG), {same: true, lines: 0});
  t.match(compareKernels(text, Buffer.from('a boy'), CONFIG), {
    same: false,
    difference: /cannot be read: not a 64-bit/,
  });
  const base = kernel([10]);
  t.match(compareKernels(base, base.subarray(0, base.length - 100), CONFIG), {
    same: false,
    difference: /cannot be read/,
  });
  t.match(compareKernels(Buffer.alloc(0), Buffer.alloc(0), CONFIG), {same: false});
});
