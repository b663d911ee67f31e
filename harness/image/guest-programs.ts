// SPDX-License-Identifier: MIT
/**
 * The two programs of the guest that are compiled here, both static: under emulation loading Debian's dropbear with
 * its six libraries took a third of the time from /init to SSH.
 */
import {copyFileSync, mkdirSync, readFileSync, writeFileSync} from 'node:fs';
import {availableParallelism} from 'node:os';
import {join} from 'node:path';
import {crossPrefix} from '../kernel/arch.js';
import type {ArchName} from '../kernel/kernel-build.js';
import type {Context} from '../lib/context.js';
import {InfraError} from '../lib/errors.js';
import {findEntry, putEntry, storeKey} from '../lib/store.js';
import {lastLines} from '../lib/text.js';
import type {AptSources} from './apt-sources.js';
import {fetchSource} from './source-package.js';

const KIND = 'ssh-server';
/** Half a minute on two cores. */
const BUILD_SECONDS = 900;
const SWITCHES = [
  ...['--enable-static', '--enable-bundled-libtom', '--disable-zlib', '--disable-pam'],
  ...['--disable-lastlog', '--disable-utmp', '--disable-utmpx', '--disable-wtmp', '--disable-wtmpx'],
];

/** GNU's name of an architecture, as configure takes it. */
const TRIPLET: Readonly<Record<ArchName, string>> = {x86_64: 'x86_64-linux-gnu', arm64: 'aarch64-linux-gnu'};

/**
 * dropbear for the guest, from Debian's source; built once for the same options, compiler and release.
 *
 * @param options the text of dropbear's `localoptions.h`
 * @param directory for the build; the caller removes it
 * @returns the program
 * @throws InfraError when the source cannot be had, or with the compiler's last lines
 */
export async function ensureSshServer(
  ctx: Context,
  arch: ArchName,
  options: string,
  sources: AptSources,
  directory: string,
): Promise<Buffer> {
  const store = join(ctx.paths.cache, 'store');
  const {stdout: compiler} = await ctx.exec.runOk(`${crossPrefix(arch)}gcc`, ['--version']);
  const key = storeKey([KIND, arch, sources.codename, options, compiler.split('\n')[0], SWITCHES]);
  const found =
    (await findEntry(store, KIND, key)) ??
    (await putEntry(store, KIND, key, async (target) => {
      const work = join(directory, KIND);
      mkdirSync(work);
      const tree = await fetchSource(ctx, 'dropbear', sources, work);
      writeFileSync(join(tree, 'localoptions.h'), options);
      const run = (command: string, args: readonly string[]) => compile(ctx, arch, command, args, tree);
      await run('./configure', [`--host=${TRIPLET[arch]}`, `CC=${crossPrefix(arch)}gcc`, ...SWITCHES]);
      await run('make', [`-j${availableParallelism()}`, 'PROGRAMS=dropbear']);
      await run(`${crossPrefix(arch)}strip`, ['dropbear']);
      copyFileSync(join(tree, 'dropbear'), join(target, 'dropbear'));
    }));
  return readFileSync(join(found, 'dropbear'));
}

/** The guest's first process, of `sources` by file name. @throws InfraError with the compiler's words */
export async function compileInit(
  ctx: Context,
  arch: ArchName,
  sources: Readonly<Record<string, string>>,
  directory: string,
): Promise<Buffer> {
  const folder = join(directory, 'init');
  mkdirSync(folder);
  for (const [name, text] of Object.entries(sources)) writeFileSync(join(folder, name), text);
  const units = Object.keys(sources).filter((name) => name.endsWith('.c'));
  const flags = ['-static', '-O2', '-Wall', '-Wextra', '-s'];
  await compile(ctx, arch, `${crossPrefix(arch)}gcc`, [...flags, '-o', 'program', ...units], folder);
  return readFileSync(join(folder, 'program'));
}

async function compile(
  ctx: Context,
  arch: ArchName,
  command: string,
  args: readonly string[],
  cwd: string,
): Promise<void> {
  const done = await ctx.exec.run(command, args, {
    cwd,
    env: {LC_ALL: 'C', MAKEFLAGS: '', MFLAGS: ''},
    timeoutSeconds: BUILD_SECONDS,
  });
  if (done.exitCode === 0) return;
  const said = lastLines(`${done.stdout}\n${done.stderr}`, 12);
  throw new InfraError(`Cannot build the guest's programs for ${arch}: \`${command}\` failed:\n${said}`, {
    hint: 'scripts/setup installs the compilers and their C libraries.',
    facts: {arch},
  });
}
