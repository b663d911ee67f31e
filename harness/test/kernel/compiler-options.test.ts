// SPDX-License-Identifier: MIT
import t from 'tap';
import {optionsOf} from '../../kernel/compiler-options.js';

/** Of kernels as kverdict builds them, of x86_64 and arm64, with gcc and clang. */
const USUAL = [
  ...['-nostdinc', '-I./include', '-include', './include/linux/kconfig.h', '-isystem', '/usr/lib/gcc/include'],
  ...['-D__KERNEL__', '-DKBUILD_MODNAME="memory"', '-U', 'linux', '-fmacro-prefix-map=../src/=', '-std=gnu11'],
  ...['-mcmodel=kernel', '-mno-red-zone', '-march=armv8-a+crc', '-mindirect-branch=thunk-extern', '-mfentry', '-pg'],
  ...['-mstack-protector-guard-offset=1304', '-Wa,-march=armv8.5-a', '-Wa,-gdwarf-2', '-O2', '-Os', '-g', '-gdwarf-5'],
  ...['-falign-functions=16', '-fpatchable-function-entry=16,16', '-ftrivial-auto-var-init=zero', '-fno-stack-check'],
  ...['-fsanitize=bounds-strict', '-fsanitize-coverage=trace-pc', '-fstrict-flex-arrays=3', '-fcf-protection=branch'],
  ...['-Wall', '-Wframe-larger-than=2048', '-Wno-unused-but-set-variable', '-Werror=date-time', '-w', '-c'],
  ...['--param', 'allow-store-data-races=0', '--param=asan-globals=1', '--target=aarch64-linux-gnu', '-x', 'c'],
  ...['-mllvm', '-asan-stack=1', '-Qunused-arguments', '-fintegrated-as', '-fexperimental-late-parse-attributes'],
];

t.test('how code is compiled is used again; what is written is left out', async (t) => {
  const words = ['-Wp,-MMD,mm/.memory.o.d', ...USUAL, '-o', 'mm/memory.o', '../src/mm/memory.c'];
  t.strictSame(optionsOf(words), {options: USUAL, sources: ['../src/mm/memory.c']});
});

t.test('what runs a program, reads further words or writes a file is not', async (t) => {
  for (const word of [
    ...['-fplugin=x.so', '-fplugin-arg-x-y', '-fpass-plugin=x.so', '-B', '-B/x', '-wrapper', '-specs=x', '--specs=x'],
    ...['@x', '-Wl,-o,x', '-Wp,-MF,x', '-Wa,-o,x', '-Wa,-march=x,-o,/x', '-Wa,-a=x', '-Xassembler', '-Xpreprocessor'],
    ...['-Xclang', '-Xlinker', '-MD', '-MF', '-MFx', '-ox', '-save-temps', '-fdump-tree-all', '-fdump-rtl-x=/x'],
    ...['-aux-info', '-dumpdir', '-fopt-info-all=/x', '-fprofile-use=/x', '-ftime-trace=/x', '-fcompare-debug'],
    ...['-fcallgraph-info', '-fsave-optimization-record', '-fmodule-mapper=|x', '-gsplit-dwarf', '--sysroot=/x'],
    ...['-fcrash-diagnostics-dir=/x', '-fsanitize-ignorelist=/x', '-ftest-coverage', '--config=x', '-E', '-S'],
  ]) {
    t.strictSame(optionsOf(['-O2', word, 'x', 'a.c']), {refused: word});
  }
  t.strictSame(optionsOf(['-mllvm', '-load=x.so']), {refused: '-mllvm'});
  t.strictSame(optionsOf(['--param', '/x']), {refused: '--param'});
});
