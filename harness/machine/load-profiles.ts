// SPDX-License-Identifier: MIT
import {readdirSync} from 'node:fs';
import {basename, join} from 'node:path';
import {z} from 'zod';
import {loadYaml} from '../config/load-yaml.js';
import type {Context} from '../lib/context.js';
import {KverdictError, UserError} from '../lib/errors.js';
import type {Profile} from './profile.js';

/** Names travel in paths, test names and command lines. */
const NAME = /^[a-z0-9][a-z0-9_-]*$/;

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
});

/**
 * Every `vm-images/profiles/<name>.yaml`, by name.
 *
 * @throws UserError with the problems of all files
 */
export function loadProfiles(ctx: Pick<Context, 'paths'>): Map<string, Profile> {
  const folder = join(ctx.paths.project, 'vm-images', 'profiles');
  const profiles = new Map<string, Profile>();
  const problems: string[] = [];
  for (const file of readdirSync(folder).sort()) {
    if (!file.endsWith('.yaml')) continue;
    try {
      const profile = loadProfile(join(folder, file));
      profiles.set(profile.name, profile);
    } catch (error) {
      if (!(error instanceof KverdictError)) throw error;
      problems.push(error.message);
    }
  }
  if (problems.length > 0) throw new UserError(problems.join('\n'), {facts: {folder}});
  return profiles;
}

/** One profile; its name is the file's. @throws UserError */
export function loadProfile(file: string): Profile {
  const name = basename(file, '.yaml');
  if (!NAME.test(name)) {
    throw new UserError(`${file}: Expected a profile's file name to match ${NAME}, got \`${name}\``);
  }
  return {name, ...loadYaml(file, schema)};
}
