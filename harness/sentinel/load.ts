// SPDX-License-Identifier: MIT
import {existsSync, readdirSync} from 'node:fs';
import {basename, dirname, join} from 'node:path';
import {z} from 'zod';
import {loadYaml} from '../config/load-yaml.js';
import {UserError} from '../lib/errors.js';
import {CHANGES} from '../verdict/results.js';
import {type Expectation, FINDING_KINDS, type Place, type Sentinel} from './sentinel.js';

const MANIFEST_NAME = 'sentinel.yaml';

const word = z.string().min(1);
const profiles = z.array(word).min(1);
const place = z.strictObject({suite: word, test: word.optional(), profiles});
const change = place.extend({change: z.enum(CHANGES).default('regressed')});
const finding = z.strictObject({
  finding: z.enum(FINDING_KINDS),
  file: word.optional(),
  option: z.string().startsWith('-W').optional(),
  profiles,
});
const schema = z.strictObject({
  thread: word,
  summary: word,
  applies: z.array(z.string().regex(/^\d+\.\d+(\.\d+)?$/, 'Expected a version such as 6.12 or 6.12.95')).min(1),
  unseen: word.optional(),
  // The kind is known by its first word, so that a slip is told as what it is.
  expect: z.array(z.looseObject({})).transform((all, ctx) =>
    all.flatMap((one, index) => {
      const result = ('finding' in one ? finding : change).safeParse(one);
      if (result.success) return [result.data];
      for (const issue of result.error.issues) ctx.addIssue({...issue, path: [index, ...issue.path]} as never);
      return [];
    }),
  ),
  run: z.array(place).default([]),
});

/** @throws UserError with every problem of the file */
export function loadSentinel(file: string): Sentinel {
  const {unseen, expect, run, ...rest} = loadYaml(file, schema);
  const directory = dirname(file);
  const problems = [
    ...(unseen !== undefined && expect.length === 0 ? ['a control (`expect` is empty) cannot be `unseen`'] : []),
    ...(expect.length === 0 && run.length === 0
      ? ['a control (`expect` is empty) says in `run` what is to stay good']
      : []),
    ...(readdirSync(directory).some((name) => name.endsWith('.patch')) ? [] : ['there is no *.patch beside it']),
  ];
  if (problems.length > 0) throw new UserError(problems.map((one) => `${file}: ${one}`).join('\n'));
  return {
    ...rest,
    name: basename(directory),
    directory,
    ...(unseen === undefined ? {} : {unseen}),
    expect: expect as Expectation[],
    run: run as Place[],
  };
}

/**
 * The sentinels below the directories, by name, in their order; with `names` these alone.
 *
 * @throws UserError for a bad file, a name that is not there, or one that is there twice
 */
export function loadSentinels(directories: readonly string[], names: readonly string[]): Sentinel[] {
  const files = new Map<string, string>();
  for (const directory of directories) {
    for (const name of foldersOf(directory)) {
      const file = join(directory, name, MANIFEST_NAME);
      const first = files.get(name);
      if (first !== undefined) throw new UserError(`Two sentinels are called \`${name}\`: ${first} and ${file}`);
      files.set(name, file);
    }
  }
  for (const name of names) {
    if (files.has(name)) continue;
    throw new UserError(`There is no sentinel \`${name}\``, {hint: `There are: ${[...files.keys()].join(', ')}.`});
  }
  return [...files]
    .filter(([name]) => names.length === 0 || names.includes(name))
    .map(([, file]) => loadSentinel(file));
}

function foldersOf(directory: string): string[] {
  try {
    return readdirSync(directory)
      .filter((name) => existsSync(join(directory, name, MANIFEST_NAME)))
      .sort();
  } catch (error) {
    throw new UserError(`Cannot read the sentinels in \`${directory}\``, {cause: error});
  }
}
