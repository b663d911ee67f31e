// SPDX-License-Identifier: MIT
/** A Debian source package, by apt and from the mirror in use; the host's own lists and sources are left alone. */
import {mkdirSync, readdirSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import type {Context} from '../lib/context.js';
import {InfraError} from '../lib/errors.js';
import {lastLines} from '../lib/text.js';
import type {AptSources} from './apt-sources.js';

const SECONDS = 300;

/**
 * The source of package `name`, with Debian's patches applied, in a folder below `directory`.
 *
 * @throws InfraError with apt's last lines
 */
export async function fetchSource(ctx: Context, name: string, sources: AptSources, directory: string): Promise<string> {
  const state = join(directory, 'apt');
  mkdirSync(join(state, 'parts'), {recursive: true});
  mkdirSync(join(state, 'lists/partial'), {recursive: true});
  for (const [index, entry] of sources.entries.entries()) {
    const kind = /^Types:/m.test(entry) ? 'sources' : 'list';
    writeFileSync(join(state, 'parts', `${index}.${kind}`), forSources(entry));
  }
  const options = [
    'Dir::Etc::SourceList=/dev/null',
    `Dir::Etc::SourceParts=${join(state, 'parts')}`,
    `Dir::State::Lists=${join(state, 'lists')}`,
    `Dir::Cache=${state}`,
    // Its own user could not write into our folder.
    'APT::Sandbox::User=root',
  ].flatMap((option) => ['-o', option]);
  await run(ctx, name, 'apt-get', [...options, '-q', 'update'], directory);
  await run(ctx, name, 'apt-get', [...options, '-q', 'source', '--download-only', name], directory);
  const description = readdirSync(directory).find((file) => file.endsWith('.dsc'));
  if (description === undefined) throw new InfraError(`apt-get fetched no source of \`${name}\``);
  const tree = join(directory, 'source');
  // apt has held the files against the signed list already.
  await run(ctx, name, 'dpkg-source', ['--no-check', '-x', description, tree], directory);
  return tree;
}

/** An entry of sources.list(5), either style, as one for source packages. */
export function forSources(entry: string): string {
  return entry.replace(/^Types:.*$/m, 'Types: deb-src').replace(/^deb(?=[ \t])/m, 'deb-src');
}

async function run(ctx: Context, name: string, command: string, args: readonly string[], cwd: string): Promise<void> {
  const done = await ctx.exec.run(command, args, {cwd, env: {LC_ALL: 'C'}, timeoutSeconds: SECONDS});
  if (done.exitCode === 0) return;
  const how = done.timedOut ? `took more than ${SECONDS} s` : 'failed';
  const said = lastLines(`${done.stdout}\n${done.stderr}`, 12);
  throw new InfraError(`Cannot get the source of ${name}: ${command} ${how}:\n${said}`, {
    hint: 'See that the package mirror can be reached, and that it has source packages.',
    facts: {package: name},
  });
}
