// SPDX-License-Identifier: MIT
/** Debian packages of any architecture, unpacked and not installed: none of their programs is run on the host. */
import {mkdirSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import type {ArchName} from '../kernel/kernel-build.js';
import type {Context} from '../lib/context.js';
import {InfraError} from '../lib/errors.js';
import {lastLines} from '../lib/text.js';
import type {AptSources} from './apt-sources.js';

export interface Package {
  name: string;
  version: string;
}

export interface Userland {
  /** A folder that holds the packages' files. */
  root: string;
  packages: Package[];
}

const DEBIAN_ARCH: Readonly<Record<ArchName, string>> = {x86_64: 'amd64', arm64: 'arm64'};
/** Names and versions, written where the tarball takes them along. */
const PACKAGE_LIST = 'kverdict-packages';
const LIST_PACKAGES = `for deb in "$1"/var/cache/apt/archives/*.deb; do dpkg-deb -W "$deb"; done >"$1/${PACKAGE_LIST}"`;
const SECONDS = 600;

/**
 * Unpacks `names` and what they depend on into `<directory>/root`.
 *
 * @throws InfraError with mmdebstrap's last lines
 */
export async function unpackPackages(
  ctx: Context,
  arch: ArchName,
  names: readonly string[],
  sources: AptSources,
  directory: string,
): Promise<Userland> {
  const mirrors = sources.entries.map((entry, index) => {
    // mmdebstrap tells the two styles apart by the file's text.
    const file = join(directory, `mirror-${index}`);
    writeFileSync(file, entry);
    return file;
  });
  const tar = join(directory, 'userland.tar');
  const log = join(directory, 'mmdebstrap.log');
  const made = await ctx.exec.run(
    'mmdebstrap',
    [
      // Nothing is installed, so nothing is run in a chroot: this needs no root and no user namespace.
      '--mode=chrootless',
      '--variant=extract',
      `--architectures=${DEBIAN_ARCH[arch]}`,
      `--include=${names.join(',')}`,
      `--extract-hook=${LIST_PACKAGES}`,
      sources.codename,
      tar,
      ...mirrors,
    ],
    {log, timeoutSeconds: SECONDS},
  );
  if (made.exitCode !== 0) throw packagesFailed(arch, names, made.timedOut, readFileSync(log, 'utf8'));

  const root = join(directory, 'root');
  mkdirSync(root);
  // Without /dev: making its nodes would need root, and the kernel makes its own.
  await ctx.exec.runOk('tar', ['-x', '-f', tar, '-C', root, '--exclude=./dev', '--no-same-owner']);
  const list = readFileSync(join(root, PACKAGE_LIST), 'utf8').trim();
  const packages = list.split('\n').map((line) => {
    const [name = '', version = ''] = line.split('\t');
    return {name, version};
  });
  return {root, packages};
}

function packagesFailed(arch: ArchName, names: readonly string[], timedOut: boolean, log: string): InfraError {
  const how = timedOut ? `did not get them within ${SECONDS} s` : 'failed';
  const said = lastLines(log, 12);
  return new InfraError(`Cannot get ${names.join(', ')} for ${DEBIAN_ARCH[arch]}: mmdebstrap ${how}:\n${said}`, {
    hint: 'Run `apt-get update` as root, and see that the package mirror can be reached.',
    facts: {arch, packages: names},
  });
}
