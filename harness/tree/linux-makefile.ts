// SPDX-License-Identifier: MIT
import {existsSync} from 'node:fs';
import {join} from 'node:path';
import {UserError} from '../lib/errors.js';
import {type IntakeRule, takeText} from '../lib/intake.js';

/** `6.12.95` or `6.13.0-rc2` from the text of a top Makefile; undefined: it is not Linux's. Pure. */
export function readKernelVersion(makefile: string): string | undefined {
  const value = (name: string): string | undefined =>
    new RegExp(`^${name}[ \\t]*=[ \\t]*(.*?)[ \\t]*$`, 'm').exec(makefile)?.[1];
  const version = value('VERSION');
  const patchLevel = value('PATCHLEVEL');
  if (!/^\d+$/.test(version ?? '') || !/^\d+$/.test(patchLevel ?? '')) return undefined;
  return `${version}.${patchLevel}.${value('SUBLEVEL') || '0'}${value('EXTRAVERSION') ?? ''}`;
}

const MAKEFILE: IntakeRule = {what: "a tree's Makefile", blame: 'user', maxBytes: 16 * 1024 * 1024};

/** True when the directory looks like the top of a Linux source. */
export function isLinuxSource(directory: string): boolean {
  if (!['Makefile', 'Kbuild', 'Kconfig'].every((name) => existsSync(join(directory, name)))) return false;
  return versionOfSource(directory) !== undefined;
}

/** As `readKernelVersion`, of a directory. */
export function versionOfSource(directory: string): string | undefined {
  return readKernelVersion(takeText(directory, 'Makefile', MAKEFILE) ?? '');
}

/** @param origin as the user gave it */
export function notLinux(origin: string): UserError {
  return new UserError(
    `\`${origin}\` is not a Linux source tree: looked at its top for a Makefile with VERSION and PATCHLEVEL, for Kbuild and for Kconfig`,
    {
      hint: 'Give `--tree` a kernel git tree, an unpacked source, or a tarball (Debian: `apt install linux-source-6.12`, then /usr/src/linux-source-6.12.tar.xz).',
    },
  );
}
