// SPDX-License-Identifier: MIT
import t from 'tap';
import {messageLine} from '../../kernel/build-failed.js';
import {isObjectLine, parseBuildLog} from '../../kernel/build-log.js';
import {fixture} from './support.js';

const tree = {sourceDir: '/c/trees/t/src', objectDir: '/c/trees/t/O-x86_64-1'};
const parse = (name: string) => parseBuildLog(fixture(name), tree);
/** `object | message`, as a table that a person can check against the log. */
const table = (name: string): string[] => parse(name).messages.map((one) => `${one.object} | ${messageLine(one)}`);

t.test('gcc, sources named by their whole path', async (t) => {
  t.strictSame(parse('gcc-outside-O.log').objects, [
    'init/main.o',
    'arch/x86/entry/entry_64.o',
    'mm/memory.o',
    'mm/rmap.o',
    'mm/userfaultfd.o',
    'fs/proc/task_mmu.o',
    'arch/x86/lib/copy.o',
  ]);
  t.strictSame(table('gcc-outside-O.log'), [
    "mm/memory.o | mm/memory.c:3012:6: warning: variable 'copied' set but not used [-Wunused-but-set-variable]",
    "mm/rmap.o | include/linux/pgtable.h:77:3: warning: this 'if' clause does not guard... [-Wmisleading-indentation]",
    "mm/userfaultfd.o | mm/userfaultfd.c:40:2: error: implicit declaration of function 'up_reed' [-Wimplicit-function-declaration]",
    'fs/proc/task_mmu.o | fs/proc/task_mmu.c:9:10: error: linux/nowhere.h: No such file or directory',
    "arch/x86/lib/copy.o | arch/x86/lib/copy.S:17: error: no such instruction: `movz %rax'",
  ]);
});

t.test('clang, relative paths, colours, lld', async (t) => {
  t.strictSame(table('clang-relative-paths-colours.log'), [
    "mm/memory.o | mm/memory.c:3012:6: warning: variable 'copied' is used uninitialized whenever 'if' condition is false [-Wsometimes-uninitialized]",
    "mm/gup.o | mm/gup.c:12:20: error: unused function 'gup_flags' [-Wunused-function]",
    '.tmp_vmlinux1 | error: undefined symbol: try_grab_folio_fast',
    ".tmp_vmlinux1 | error: unknown argument: '-fno-such-flag'",
  ]);
});

t.test('Kconfig, objtool, modpost, ld and make', async (t) => {
  t.strictSame(table('links-and-scripts.log'), [
    ' | mm/Kconfig:1172: warning: config symbol defined without type',
    ' | warning: unmet direct dependencies detected for GUP_TEST',
    'vmlinux.o | warning: objtool: do_wp_page+0x41: call to stackleak_track_stack() leaves .noinstr.text section',
    'mm/memory.o | mm/memory.c: warning: objtool: wp_page_copy+0x12: unreachable instruction',
    'vmlinux.symvers | warning: modpost: vmlinux: section mismatch in reference: foo+0x4 (section: .text) -> bar (section: .init.text)',
    'vmlinux.symvers | error: modpost: "missing_symbol" [drivers/toy.ko] undefined!',
    '.tmp_vmlinux.kallsyms1 | warning: .tmp_vmlinux.kallsyms1 has a LOAD segment with RWX permissions',
    ".tmp_vmlinux.kallsyms1 | memory.c: error: undefined reference to `flush_tlb_pagez'",
    ".tmp_vmlinux.kallsyms1 | mm/rmap.c:88: error: undefined reference to `rmap_walkz'",
    ".tmp_vmlinux.kallsyms1 | mm/rmap.c: error: multiple definition of `shared'; mm/memory.o:(.bss+0x0): first defined here",
    ".tmp_vmlinux.kallsyms1 | error: No rule to make target 'mm/nothing.o', needed by 'mm/built-in.a'",
    '.tmp_vmlinux.kallsyms1 | mm/Makefile:12: error: missing separator',
  ]);
});

t.test('lines of several jobs mixed: the file says which object', async (t) => {
  t.strictSame(table('jobs-mixed.log'), [
    "mm/memory.o | mm/memory.c:5:1: warning: 'a' defined but not used [-Wunused-function]",
    'mm/rmap.o | include/linux/pgtable.h:77:3: warning: in a header',
    "mm/gup.o | mm/gup.c:7:9: warning: 'b' defined but not used [-Wunused-variable]",
  ]);
});

t.test('a mail of the kernel test robot', async (t) => {
  t.strictSame(table('robot-report.log'), [
    " | mm/memory.c:3012:6: warning: variable 'copied' is used uninitialized [-Wuninitialized]",
    ' | mm/memory.c:88:2: warning: old one',
  ]);
});

t.test('any bytes are fine', async (t) => {
  const log = parse('bytes-and-torn-lines.log');
  t.match(log.messages[0], {file: 'mm/memory.c', option: '-Wfoo=', text: 'carriage return'});
  t.strictSame(log.objects, ['mm/memory.o']);
  t.same(parseBuildLog('', tree), {objects: [], targets: [], messages: []});
});

t.test("the host's own faults", async (t) => {
  const log = parse('host-faults.log');
  t.match(log.killed, /Killed signal terminated program cc1/);
  t.match(log.noSpace, /No space left on device/);
});

t.test('which lines count as an object', async (t) => {
  t.ok(isObjectLine('  CC      mm/memory.o'));
  t.ok(isObjectLine('  CC [M]  fs/toy.o'));
  t.ok(isObjectLine('  AS      arch/x86/entry/entry_64.o'));
  for (const line of [
    '  CC      kernel/bounds.s',
    '  HOSTCC  scripts/kallsyms.o',
    '  LD      vmlinux.o',
    'CC mm/memory.o',
  ])
    t.notOk(isObjectLine(line), line);
});
