// SPDX-License-Identifier: MIT
import {UserError} from '../lib/errors.js';
import type {ArchName} from './kernel-build.js';

/** What kbuild and Debian call an architecture. Adding one is adding a row. */
export interface Arch {
  name: ArchName;
  /** make's ARCH=. */
  word: string;
  /** Node's `process.arch` on a host that needs no cross compiler. */
  native: string;
  crossPrefix: string;
  /** The Debian package that has `<crossPrefix>gcc`. */
  crossPackage: string;
  /** make's target. */
  target: string;
  /** What QEMU's -kernel takes, under O=. */
  image: string;
  /** Other words for it; accepted, never printed. */
  aliases: readonly string[];
}

export const ARCHES: Readonly<Record<ArchName, Arch>> = {
  // vmlinux and not bzImage: microvm enters at the PVH note of the ELF file, so nothing is unpacked at boot.
  x86_64: {
    name: 'x86_64',
    word: 'x86_64',
    native: 'x64',
    crossPrefix: 'x86_64-linux-gnu-',
    crossPackage: 'gcc-x86-64-linux-gnu',
    target: 'vmlinux',
    image: 'vmlinux',
    aliases: ['amd64', 'x86', 'x86-64'],
  },
  arm64: {
    name: 'arm64',
    word: 'arm64',
    native: 'arm64',
    crossPrefix: 'aarch64-linux-gnu-',
    crossPackage: 'gcc-aarch64-linux-gnu',
    target: 'Image',
    image: 'arch/arm64/boot/Image',
    aliases: ['aarch64'],
  },
};

/** Reads an architecture as users write it. @throws UserError */
export function parseArch(word: string): ArchName {
  const found = Object.values(ARCHES).find(({name, aliases}) => name === word || aliases.includes(word));
  if (found === undefined) {
    throw new UserError(`kverdict does not know the architecture \`${word}\``, {
      hint: `It builds for ${Object.keys(ARCHES).join(' and ')}.`,
      facts: {arch: word},
    });
  }
  return found.name;
}

/** The prefix of the tools for `arch` on this host: empty where the host's own will do. */
export function crossPrefix(arch: ArchName, host: string = process.arch): string {
  return ARCHES[arch].native === host ? '' : ARCHES[arch].crossPrefix;
}
