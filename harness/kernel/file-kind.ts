// SPDX-License-Identifier: MIT
import type {ArchName} from './kernel-build.js';

/**
 * What a file of the tree is to a build. `source` is part of kernels, when it is compiled; `tools` are programs of their
 * own, selftests above all; from `prose` nothing is made; `build` is read for every kernel, whatever comes of it.
 */
export type FileKind = 'source' | 'tools' | 'prose' | 'build';

const PROSE =
  /^(Documentation|LICENSES)\/|(^|\/)(README|COPYING|CREDITS|MAINTAINERS)$|\.(rst|txt|md)$|(^|\/)\.[a-z_.-]+$/;
const BUILD =
  /(^|\/)(Makefile|Kbuild|Kconfig)[^/]*$|^scripts\/|^localversion[^/]*$|_defconfig$|\/configs\/[^/]*\.config$/;
/** Folders of `arch/` by what we call the architecture. */
const SOURCE_ARCH: Readonly<Record<ArchName, string>> = {x86_64: 'x86', arm64: 'arm64'};

/** @param file relative to the top of the tree. The first that applies. */
export function kindOf(file: string): FileKind {
  if (PROSE.test(file)) return 'prose';
  if (BUILD.test(file)) return 'build';
  return file.startsWith('tools/') ? 'tools' : 'source';
}

/** `x86` of `x86_64`: the folder in `arch/`. */
export const sourceArch = (arch: ArchName): string => SOURCE_ARCH[arch];

/** The architecture that a file of `arch/` is for, by kbuild's word: `riscv`. */
export function archOfFile(file: string): string | undefined {
  return /^arch\/([^/]+)\/./.exec(file)?.[1];
}
