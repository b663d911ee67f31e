// SPDX-License-Identifier: MIT
import {existsSync, readdirSync} from 'node:fs';
import {basename, dirname, join} from 'node:path';
import {z} from 'zod';
import {loadYaml} from '../config/load-yaml.js';
import type {Context} from '../lib/context.js';
import {KverdictError, UserError} from '../lib/errors.js';
import type {Profile} from './profile.js';

/** Names travel in paths, test names and command lines. */
const NAME = /^[a-z0-9][a-z0-9_-]*$/;
/** `--profiles all` means every one. */
export const ALL_PROFILES = 'all';

const schema = z.strictObject({
  summary: z.string().min(1),
  arch: z.enum(['x86_64', 'arm64']),
  machine: z.string().regex(/^[^\s]+$/, 'must be one word: what -M takes'),
  cpu: z.string().regex(/^[^\s]+$/, 'must be one word: what -cpu takes'),
  /** Linux needs room for the initramfs twice while it unpacks. */
  memory: z.int().min(128).max(65_536),
  vcpus: z.int().min(1).max(64),
  devices: z.array(z.string().min(1)).default([]),
  cmdline: z.string().default(''),
  minQemu: z.string().regex(/^\d+\.\d+$/, 'must be MAJOR.MINOR, quoted'),
  kconfig: z.array(z.string().regex(NAME)).default([]),
  reports: z
    .strictObject({
      hwcaps: z.array(z.string().regex(/^[a-z0-9_]+$/, 'must be a word of /proc/cpuinfo')).default([]),
      // They go to the guest's shell as they are, or a pattern would be none.
      paths: z
        .array(z.string().regex(/^\/[A-Za-z0-9_.:/*?-]+$/, 'must be an absolute path, with * and ? at most'))
        .default([]),
    })
    .default({hwcaps: [], paths: []}),
  selfChecks: z.array(z.string().regex(NAME)).default([]),
});

/**
 * Every `vm-images/profiles/<name>.yaml`, and those of the user's own folders, by name.
 *
 * @throws UserError with the problems of all files
 */
export function loadProfiles(ctx: Pick<Context, 'paths'>, directories: readonly string[] = []): Map<string, Profile> {
  const own = join(ctx.paths.project, 'vm-images', 'profiles');
  const profiles = new Map<string, Profile>();
  const problems: string[] = [];
  for (const file of [own, ...directories].flatMap(filesIn)) {
    try {
      const profile = loadProfile(file);
      if (profiles.has(profile.name)) throw new UserError(`${file}: There is another profile \`${profile.name}\``);
      profiles.set(profile.name, profile);
    } catch (error) {
      if (!(error instanceof KverdictError)) throw error;
      problems.push(error.message);
    }
  }
  if (problems.length > 0) throw new UserError(problems.join('\n'), {facts: {folders: [own, ...directories]}});
  return profiles;
}

/** One profile; its name is the file's. Self-checks are in `selfchecks/`, beside the profile's folder. @throws UserError */
export function loadProfile(file: string): Profile {
  const name = basename(file, '.yaml');
  if (!NAME.test(name) || name === ALL_PROFILES) {
    throw new UserError(
      `${file}: Expected a profile's file name to match ${NAME}, and not to be \`${ALL_PROFILES}\`, got \`${name}\``,
    );
  }
  const selfCheckDirectory = join(dirname(dirname(file)), 'selfchecks');
  const profile: Profile = {name, ...loadYaml(file, schema), selfCheckDirectory};
  const absent = profile.selfChecks.filter((check) => !existsSync(join(selfCheckDirectory, `${check}.c`)));
  if (absent.length === 0) return profile;
  const problems = absent.map((check) => `${file}: selfChecks: there is no \`${check}.c\` in ${selfCheckDirectory}`);
  throw new UserError(problems.join('\n'), {facts: {file, absent}});
}

function filesIn(folder: string): string[] {
  try {
    const names = readdirSync(folder).sort();
    return names.filter((name) => name.endsWith('.yaml')).map((name) => join(folder, name));
  } catch (error) {
    throw new UserError(`Cannot read the profiles in \`${folder}\``, {cause: error});
  }
}
