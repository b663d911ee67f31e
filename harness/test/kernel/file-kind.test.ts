// SPDX-License-Identifier: MIT
import t from 'tap';
import {archOfFile, type FileKind, kindOf} from '../../kernel/file-kind.js';

const KINDS: Readonly<Record<FileKind, readonly string[]>> = {
  prose: ['Documentation/mm/x.rst', 'Documentation/a.yaml', 'mm/README', 'MAINTAINERS', '.mailmap', 'tools/a/b.txt'],
  build: [
    'mm/Makefile',
    'mm/Kconfig.debug',
    'Kbuild',
    'scripts/checkpatch.pl',
    'localversion-next',
    'tools/testing/selftests/mm/Makefile',
  ],
  tools: ['tools/testing/selftests/mm/cow.c', 'tools/perf/x.c', 'tools/testing/selftests/mm/config'],
  source: ['mm/memory.c', 'include/linux/mm.h', 'arch/arm64/boot/dts/a.dts', 'rust/kernel/lib.rs', 'kernel/configs.c'],
};

t.test('what is made from a file', (t) => {
  for (const [kind, files] of Object.entries(KINDS)) for (const file of files) t.equal(kindOf(file), kind, file);
  t.equal(kindOf('arch/x86/configs/x86_64_defconfig'), 'build');
  t.equal(kindOf('kernel/configs/debug.config'), 'build');
  t.end();
});

t.test('the architecture that a file is for', (t) => {
  t.equal(archOfFile('arch/riscv/mm/fault.c'), 'riscv');
  t.equal(archOfFile('arch/Kconfig'), undefined);
  t.equal(archOfFile('drivers/arch/x/y.c'), undefined);
  t.end();
});
