// SPDX-License-Identifier: MIT
import {mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import t from 'tap';
import {inFolder, type KconfigTree, readKconfig} from '../../kernel/kconfig-tree.js';
import type {ArchName} from '../../kernel/kernel-build.js';

const FILES: Readonly<Record<string, string>> = {
  Kconfig: [
    'mainmenu "Toy"',
    'source "scripts/Kconfig.include"',
    'source "arch/$(SRCARCH)/Kconfig"',
    'source "mm/Kconfig"',
    'osource "vendor/Kconfig"',
    '# what nobody sets is empty',
    'source "$(KCONFIG_EXT_PREFIX)Kconfig.ext"',
    'source "../outside/Kconfig"',
    'source "Kconfig"',
  ].join('\n'),
  'arch/x86/Kconfig': 'config X86\n\tdef_bool y\n\nconfig SHARED\n\tbool "on x86"\n',
  'arch/arm64/Kconfig': 'config ARM64\n\tdef_bool y\nrsource "kvm/Kconfig"\n\nconfig SHARED\n\tbool "on arm64"\n',
  'arch/arm64/kvm/Kconfig': 'menuconfig KVM # a comment\n\tbool "KVM"\n',
  'mm/Kconfig': [
    'if MMU',
    'config\tKSM',
    '\tbool "KSM"',
    '\thelp',
    '\t  config NOT_A_SYMBOL',
    '\t  source "drivers/Kconfig"',
    '',
    '  config INDENTED',
    '    bool',
    'endif',
  ].join('\n'),
  'drivers/Kconfig': 'config DRIVER\n\tbool "nobody reads this file"\n',
  'Kconfig.ext': 'config EXTENSION\n\tbool\n',
};

const fromTable = async (paths: readonly string[]): Promise<Map<string, string>> =>
  new Map(paths.flatMap((path) => (FILES[path] === undefined ? [] : [[path, FILES[path]] as const])));
const known = (tree: KconfigTree, ...names: string[]): string[] =>
  names.filter((name) => tree.textsOf(`CONFIG_${name}`).size > 0);
const ALL = [
  ...['X86', 'ARM64', 'SHARED', 'KVM', 'KSM', 'INDENTED', 'EXTENSION'],
  ...['NOT_A_SYMBOL', 'DRIVER', 'OUTSIDE', 'NOWHERE'],
];

t.test('what conf would read is what a tree knows, for one architecture', async (t) => {
  const of = async (arch: ArchName): Promise<string[]> => known(await readKconfig(fromTable, arch), ...ALL);
  t.same(await of('x86_64'), ['X86', 'SHARED', 'KSM', 'INDENTED', 'EXTENSION']);
  t.same(await of('arm64'), ['ARM64', 'SHARED', 'KVM', 'KSM', 'INDENTED', 'EXTENSION']);
  const shared = (await readKconfig(fromTable, 'arm64')).textsOf('CONFIG_SHARED');
  t.same([...shared.keys()], ['arch/arm64/Kconfig'], 'the entry that counts there');
});

t.test('of a source folder: a link out of it, a folder and a file that is not there give nothing', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'kverdict-kconfig-'));
  t.teardown(() => rmSync(folder, {recursive: true, force: true}));
  const write = (path: string, text: string): void => {
    mkdirSync(join(folder, 'src', path, '..'), {recursive: true});
    writeFileSync(join(folder, 'src', path), text);
  };
  write(
    'Kconfig',
    'source "a/Kconfig"\nsource "b/Kconfig"\nsource "c/Kconfig"\nsource "d/Kconfig"\nsource "e/Kconfig"\n',
  );
  write('a/Kconfig', 'config A\n\tbool\n');
  write('b/Kconfig.real', 'config B\n\tbool\n');
  symlinkSync('Kconfig.real', join(folder, 'src/b/Kconfig'));
  writeFileSync(join(folder, 'outside'), 'config C\n\tbool\n');
  mkdirSync(join(folder, 'src/c'));
  symlinkSync('../../outside', join(folder, 'src/c/Kconfig'));
  mkdirSync(join(folder, 'src/d/Kconfig'), {recursive: true});
  const tree = await readKconfig(inFolder(join(folder, 'src')), 'x86_64');
  t.same(known(tree, 'A', 'B', 'C'), ['A', 'B']);
});
