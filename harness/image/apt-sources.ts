// SPDX-License-Identifier: MIT
/**
 * Where the guest's packages come from: where the host's own come from, with the host's own keys. apt is asked which
 * of its entries are for this release, and those entries are handed on as they were written.
 */
import {readFileSync} from 'node:fs';
import type {Context} from '../lib/context.js';
import {InfraError} from '../lib/errors.js';

export interface AptSources {
  /** `bookworm`, `trixie`: VERSION_CODENAME of os-release(5). */
  codename: string;
  /** sources.list(5) text, one style a file: mmdebstrap takes each as a mirror of its own. */
  entries: readonly string[];
}

/** The host's release. @throws InfraError when it is not a Debian */
export function hostCodename(osRelease = '/etc/os-release'): string {
  const text = read(osRelease);
  const codename = /^VERSION_CODENAME=["']?([a-z]+)/m.exec(text)?.[1];
  if (codename !== undefined && /^ID=["']?debian/m.test(text)) return codename;
  throw new InfraError(`\`${osRelease}\` is not of a Debian release: guests are made from Debian packages`, {
    hint: 'Run kverdict on Debian 12 or 13.',
  });
}

/** @throws InfraError when apt knows no package list of that release */
export async function hostAptSources(ctx: Context, codename: string): Promise<AptSources> {
  const format = '$(SOURCESENTRY)|$(ORIGIN)|$(CODENAME)|$(RELEASE)';
  const {stdout} = await ctx.exec.runOk('apt-get', ['indextargets', '--format', format, 'Created-By: Packages']);
  const places = new Set<string>();
  for (const line of stdout.split('\n')) {
    const [place, origin, name, release] = line.split('|');
    if (place && origin === 'Debian' && (name || release)?.replace(/[-/].*/, '') === codename) places.add(place);
  }
  if (places.size === 0) {
    throw new InfraError(`apt knows no package lists of Debian ${codename}`, {hint: 'Run `apt-get update` as root.'});
  }
  return {codename, entries: [...places].map(readEntry)};
}

/** One entry, `FILE:N`: line N of a `.list`, stanza N of a `.sources`. Without its limits on architectures. */
function readEntry(place: string): string {
  const colon = place.lastIndexOf(':');
  const file = place.slice(0, colon);
  const number = Number(place.slice(colon + 1));
  const text = read(file);
  if (file.endsWith('.sources')) {
    const stanza = text.split(/\n(?:[ \t]*\n)+/).filter((part) => /^Types:/m.test(part))[number - 1];
    if (stanza !== undefined) return `${withoutArchitectures(stanza).trim()}\n`;
  } else {
    const line = text.split('\n')[number - 1];
    if (line !== undefined) return `${line.replace(/\[([^\]]*)\]/, withoutArchOption)}\n`;
  }
  throw new InfraError(`apt says that \`${place}\` is a source of packages, and nothing is there`);
}

function withoutArchitectures(stanza: string): string {
  return stanza.replace(/^Architectures:.*\n?(?:[ \t].*\n?)*/m, '').replace(/^Types:.*$/m, 'Types: deb');
}

function withoutArchOption(_: string, options: string): string {
  const kept = options.split(/\s+/).filter((option) => option !== '' && !/^arch[-+]?=/.test(option));
  return kept.length === 0 ? '' : `[${kept.join(' ')}]`;
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new InfraError(`Cannot read \`${file}\``, {cause: error});
  }
}
