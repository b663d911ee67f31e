// SPDX-License-Identifier: MIT
export type ArchName = 'x86_64' | 'arm64';
export type Side = 'base' | 'patched';

/** make's own words from the command line (`LLVM=1`, `KCFLAGS=…`, `CROSS_COMPILE=…`): part of a kernel's identity. */
export type MakeVariables = Readonly<Record<string, string>>;

/** A built kernel, in the content-addressed store. Same tree, config and toolchain: same build. */
export interface KernelBuild {
  arch: ArchName;
  /** Commit and its tree hash: the tree hash is what counts for the cache. */
  commit: string;
  treeHash: string;
  /** sha256 over tree hash, arch, the text of the Kconfig fragments, toolchain and make variables. */
  key: string;
  /** What QEMU's -kernel takes: `vmlinux` (PVH) on x86_64, `Image` on arm64. */
  image: string;
  /** The ELF file with all symbols; the same file as `image` where QEMU takes that. */
  vmlinux?: string;
  systemMap: string;
  /** The hashes of its functions and data (`symbols.ts`); a kernel that an earlier version stored has none. */
  symbols?: string;
  /** The files it was compiled from (`compiled-in.ts`); a kernel that an earlier version stored has none. */
  sources?: string;
  config: string;
  /** `O=` of this architecture, toolchain and configuration: it may hold another commit's objects, or not be there. */
  objectDir: string;
  /** `gcc (Debian 12.2.0-14) 12.2.0` */
  compiler: string;
  release: string;
  /** Every warning of this tree's objects, also of those that a later build did not recompile. */
  warnings: readonly CompilerMessage[];
  /** Symbols marked optional that did not survive, and those marked gone that the tree does not know: allowed, and said. */
  absentSymbols: readonly string[];
  /** Symbols that are needed, and that the tree does not know. */
  missingSymbols: readonly string[];
  /** Name in a fragment → the former name that this tree knows. */
  renamedSymbols: Readonly<Record<string, string>>;
  cached: boolean;
  seconds: number;
  /** Objects compiled by this build; 0 when it came from the store. */
  objects: number;
}

/** A compiler's or linker's message with its place, as the kernel test robot prints it. */
export interface CompilerMessage {
  kind: 'warning' | 'error';
  /** Relative to the top of the tree; empty for the linker. */
  file: string;
  line: number;
  column: number;
  text: string;
  /** `-Wunused-variable`, when it says so. */
  option?: string;
}
