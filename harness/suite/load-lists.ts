// SPDX-License-Identifier: MIT
/** selftests/lists/*.yaml: what a kernel may say without failing a test. Every entry has a reason and an end. */
import {readdirSync} from 'node:fs';
import {join} from 'node:path';
import {z} from 'zod';
import {loadYaml} from '../config/load-yaml.js';
import type {KernelPolicy} from '../klog/policy.js';
import {TAINT_FLAGS} from '../klog/taint.js';
import {UserError} from '../lib/errors.js';

const DAY = /^\d{4}-\d{2}-\d{2}$/;
const LETTERS = TAINT_FLAGS.map(({letter}) => letter).join('');

/** @param today `2027-06-30`: entries that ended before it are errors */
function schemaAt(today: string) {
  const excuse = {
    reason: z.string().min(10, 'Expected a sentence that says why'),
    link: z.string().regex(/^https?:\/\/\S+$/, 'Expected a URL'),
    expires: z
      .string()
      .refine((day) => DAY.test(day) && !Number.isNaN(Date.parse(day)), 'Expected a day as in 2027-06-30')
      .refine((day) => !DAY.test(day) || day >= today, {
        error: `it expired before today (${today}): look whether it is still needed, then renew or delete the entry`,
      }),
    suites: z.array(z.string().min(1)).min(1).optional(),
    profiles: z.array(z.string().min(1)).min(1).optional(),
  };
  const pattern = z.string().min(8, 'Expected a pattern of at least 8 characters: it must not match everything');
  return z.strictObject({
    splats: z
      .array(z.strictObject({pattern: pattern.refine(isPattern, 'Expected a regular expression'), ...excuse}))
      .default([]),
    taints: z
      .array(
        z.strictObject({
          flags: z.string().regex(new RegExp(`^[${LETTERS}]+$`), `Expected letters of ${LETTERS}`),
          ...excuse,
        }),
      )
      .default([]),
  });
}

/**
 * Every list of the folders. A folder without one is an error: a policy that cannot be read must not look like an
 * empty one.
 *
 * @throws UserError naming file and line
 */
export function loadLists(folders: readonly string[], now: Date = new Date()): KernelPolicy {
  const schema = schemaAt(now.toISOString().slice(0, 10));
  const lists = folders.flatMap(listsIn).map((file) => loadYaml(file, schema));
  return {
    splats: lists.flatMap(({splats}) => splats.map(({pattern, ...rest}) => ({...rest, pattern: new RegExp(pattern)}))),
    taints: lists.flatMap(({taints}) => taints),
  };
}

function listsIn(folder: string): string[] {
  let names: string[];
  try {
    names = readdirSync(folder).sort();
  } catch (error) {
    throw new UserError(`Cannot read the lists in \`${folder}\``, {cause: error});
  }
  const files = names.filter((name) => name.endsWith('.yaml')).map((name) => join(folder, name));
  if (files.length === 0) throw new UserError(`There is no list (*.yaml) in \`${folder}\``);
  return files;
}

function isPattern(text: string): boolean {
  try {
    new RegExp(text);
    return true;
  } catch {
    return false;
  }
}
