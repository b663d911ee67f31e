// SPDX-License-Identifier: MIT
/** A tarball into a folder, and nothing of it anywhere else. */
import {lstatSync, readdirSync} from 'node:fs';
import {join, posix} from 'node:path';
import type {Context} from '../lib/context.js';
import {InfraError, UserError} from '../lib/errors.js';
import {cleanLine, lastLines} from '../lib/text.js';

/** How tar is told to unpack each ending; `xz -T0` takes all cores where the archive has blocks (Debian's has). */
const DECOMPRESSORS: readonly (readonly [RegExp, string[]])[] = [
  [/\.(?:tar\.xz|txz)$/, ['--use-compress-program=xz -T0']],
  [/\.(?:tar\.zst|tzst)$/, ['--zstd']],
  [/\.(?:tar\.gz|tgz)$/, ['--gzip']],
  [/\.(?:tar\.bz2|tbz2?)$/, ['--bzip2']],
  [/\.tar$/, []],
];

export function isTarball(path: string): boolean {
  return DECOMPRESSORS.some(([ending]) => ending.test(path));
}

/** linux-6.12 has 1.4 GiB in all, and its largest file 25 MiB. */
export const LIMITS = {fileBytes: 1024 ** 3, allBytes: 8 * 1024 ** 3};
/** ulimit(1) counts these, and tar's checkpoints 20 of them. */
const BLOCK_BYTES = 512;
const RECORD_BYTES = 20 * BLOCK_BYTES;
/** With the signal ignored, what is too large is an error that tar tells. */
const LIMITED = 'trap "" XFSZ; ulimit -f "$1"; shift; exec tar "$@"';

/**
 * @param origin the tarball as the user named it
 * @param into an empty folder
 * @param limits how much comes out of it
 * @returns the top of the source: the one folder in it, or `into` itself
 * @throws UserError when it is no tarball, or holds what a source has not: links that lead out of it, devices, FIFOs,
 *   more than any kernel has
 */
export async function unpackTarball(
  ctx: Context,
  origin: string,
  tarball: string,
  into: string,
  limits = LIMITS,
): Promise<string> {
  const [, how] = DECOMPRESSORS.find(([ending]) => ending.test(tarball)) ?? [undefined, []];
  // GNU tar itself takes a leading `/` away, refuses `..`, and makes links that lead out last, when nothing can go through.
  const words = ['-x', ...how, '--force-local', '-f', tarball, '-C', into, '--no-same-owner', '--no-same-permissions'];
  const most = Math.ceil(limits.allBytes / RECORD_BYTES);
  const stop = [`--checkpoint=${most}`, '--checkpoint-action=exec=kill $PPID'];
  const blocks = `${Math.ceil(limits.fileBytes / BLOCK_BYTES)}`;
  const done = await ctx.exec.run('sh', ['-c', LIMITED, 'sh', blocks, ...words, ...stop], {env: {TAR_OPTIONS: ''}});
  if (done.endedBy === 'SIGTERM') throw tooMuch(origin, `more than ${mib(limits.allBytes)} MiB`);
  // What is left of a file below the limit is written first.
  const isCut = /: (?:File too large|Wrote only \d+ of \d+ bytes)$/m.test(done.stderr);
  if (isCut && !/No space left/.test(done.stderr))
    throw tooMuch(origin, `a file of more than ${mib(limits.fileBytes)} MiB`);
  if (done.exitCode !== 0) throw cannotImport(origin, done.stderr, into);
  const top = topOf(into);
  await refuseStrange(ctx, origin, top);
  return top;
}

const mib = (bytes: number): number => bytes / 1024 ** 2;

function tooMuch(origin: string, what: string): UserError {
  return new UserError(`The tarball \`${origin}\` holds ${what}: it is no kernel source`, {
    hint: 'Unpack it by hand, and give the folder of the source that is in it.',
  });
}

/** Debian's and kernel.org's tarballs have one folder at the top; a link to a folder is none. */
function topOf(unpacked: string): string {
  const [only, ...others] = readdirSync(unpacked);
  if (only === undefined || others.length > 0) return unpacked;
  const inside = join(unpacked, only);
  return lstatSync(inside).isDirectory() ? inside : unpacked;
}

/** A build reads and writes through links, and waits for a FIFO for ever. */
async function refuseStrange(ctx: Context, origin: string, top: string): Promise<void> {
  const words = [top, '-mindepth', '1', '!', '-type', 'f', '!', '-type', 'd', '-printf', '%y\\0%P\\0%l\\0'];
  const fields = (await ctx.exec.runOk('find', words, {quiet: true})).stdout.split('\0');
  for (let at = 0; at + 2 < fields.length; at += 3) {
    const [type = '', name = '', target = ''] = fields.slice(at, at + 3);
    const kind = KINDS[type] ?? 'a special file';
    if (type === 'l' && staysInside(name, target)) continue;
    const what = type === 'l' ? `a link out of it: ${name} -> ${target}` : `${kind}: ${name}`;
    throw new UserError(`The tarball \`${origin}\` holds ${cleanLine(what)}`, {
      hint: 'A kernel source has none. Make the tarball of the source folder itself: tar -cf x.tar -C FOLDER/.. NAME',
      facts: {name, target},
    });
  }
}

/** Of find's `%y`. */
const KINDS: Readonly<Record<string, string>> = {b: 'a device', c: 'a device', p: 'a FIFO', s: 'a socket'};

/** `..` only at its start: after a name, which may be a link itself, it leads to where the text does not say. */
function staysInside(name: string, target: string): boolean {
  if (posix.isAbsolute(target) || /(?:^|\/)(?!\.\.?\/)[^/]+\/(?:.*\/)?\.\.(?:\/|$)/.test(target)) return false;
  const at = posix.normalize(posix.join(posix.dirname(name), target));
  return at !== '..' && !at.startsWith('../');
}

/** @param folder where it was to go */
export function cannotImport(origin: string, stderr: string, folder: string): Error {
  const said = lastLines(stderr, 6);
  if (/No space left on device/i.test(stderr)) {
    return new InfraError(`No space left to import \`${origin}\`: ${said}`, {
      hint: `A kernel source takes about 2 GB under \`${folder}\`. \`kverdict clean\` frees the cache.`,
    });
  }
  return new UserError(`Cannot import \`${origin}\`: ${said}`, {
    hint: 'Is it a whole kernel source, and can it be read? Download a tarball again that was cut off.',
  });
}
