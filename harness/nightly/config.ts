// SPDX-License-Identifier: MIT
/** What a nightly is to do: one YAML file. docs/nightly.md shows one. */
import {existsSync, realpathSync} from 'node:fs';
import {availableParallelism} from 'node:os';
import {basename, dirname, resolve} from 'node:path';
import {z} from 'zod';
import {FORMATS, type FormatName} from '../../reports/format.js';
import {loadYaml} from '../config/load-yaml.js';
import {parseDuration} from '../lib/duration.js';
import {UserError} from '../lib/errors.js';
import {hasSecret, isSecretName} from '../lib/secrets.js';
import {shellLine} from '../lib/shell-quote.js';
import {proofOf} from '../run/proof.js';
import type {Request} from '../run/request.js';
import {DEFAULT_ALPHA, DEFAULT_POWER} from '../verdict/design.js';

const names = z.array(z.string().min(1));
const count = z.int().min(1);
const share = z.number().gt(0).lt(1);

/** What git-check-ref-format(1) allows, and no option. */
const branch = z
  .string()
  .regex(/^(?![-/.])(?!.*(\.\.|\/\/|@\{|\.lock$|[/.]$))[^\s~^:?*[\\\p{Cc}]+$/u, "Expected a branch's name");

/** It would stand in this file, in argv of git, and in every report. */
const NO_PASSWORD =
  'Expected an address without a password or token; git asks the program in GIT_ASKPASS, and looks into ~/.netrc';

const tree = z.strictObject({
  url: z
    .string()
    .min(1)
    .regex(/^[^-\s]\S*$/, 'Expected an address or a path')
    .refine((url) => !hasSecret(url), NO_PASSWORD),
  branches: z.array(branch).min(1),
  tests: names.optional(),
  profiles: names.optional(),
});

const bisect = z.strictObject({
  confidence: z.number().min(0.5).max(0.999_999).default(0.99),
  firstParent: z.boolean().default(false),
  most: count.default(10),
  maxAttempts: count.default(3000),
  endAttempts: count.optional(),
});

const variable = z
  .string()
  .regex(/^[A-Z_][A-Z0-9_]*$/, 'Expected a variable of make')
  .refine((name) => !isSecretName(name), 'Expected no secret: export it, and make gets it from the environment');

const duration = z
  .union([z.string(), z.number()])
  .transform((value) => parseDuration(String(value)))
  .pipe(z.number({error: 'Expected a time such as 90s, 30m or 2h'}));

const formatNames = FORMATS.map(({name}) => name) as [FormatName, ...FormatName[]];

const options = z.strictObject({
  name: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/, 'Expected letters, digits, `.`, `_` and `-`')
    .optional(),
  trees: z.array(tree).min(1),
  tests: names.default([]),
  profiles: names.default([]),
  runs: count.optional(),
  maxRuns: count.optional(),
  see: share.optional(),
  budget: duration.optional(),
  alpha: share.default(DEFAULT_ALPHA),
  power: share.default(DEFAULT_POWER),
  jobs: count.default(availableParallelism()),
  buildJobs: count.default(availableParallelism()),
  overrideTimeout: count.optional(),
  selftestsFrom: z.enum(['patched', 'base']).default('patched'),
  force: z.boolean().default(false),
  dumpGuest: z.boolean().default(false),
  suites: names.default([]),
  profileDirs: names.default([]),
  lists: names.default([]),
  qemu: z.string().min(1).optional(),
  variables: z.record(variable, z.string()).default({}),
  allowUncompiled: z.boolean().default(false),
  formats: z.array(z.enum(formatNames)).optional(),
  bisect: z.union([z.boolean(), bisect]).default(true),
});

const schema = options.refine(({see, runs, maxRuns}) => see === undefined || (runs ?? maxRuns) === undefined, {
  path: ['see'],
  error: 'Expected no `runs` and `maxRuns` beside it: it stands for these',
});

type Parsed = z.output<typeof schema>;

export type BisectOptions = z.output<typeof bisect>;
export const DEFAULT_BISECT: BisectOptions = bisect.parse({});

/** A branch to look at. */
export interface Watched {
  /** As configured; a path is absolute. */
  tree: string;
  branch: string;
  /** Words of `-t`, names of profiles; empty: all. */
  tests: readonly string[];
  profiles: readonly string[];
}

export interface NightlyConfig {
  name: string;
  /** Absolute. */
  file: string;
  watched: readonly Watched[];
  formats?: readonly FormatName[];
  /** A night is good also when a part of what was touched was not compiled. */
  allowUncompiled: boolean;
  /** undefined: no bisects. */
  bisect: BisectOptions | undefined;
  /** The same for every branch, but for tree, commits, tests and profiles. */
  request: Request;
}

/** @throws UserError with every problem of the file, `file:line: path: message` each */
export function loadNightlyConfig(word: string): NightlyConfig {
  const parsed = loadYaml(word, schema);
  const file = realpathSync(word);
  const name = parsed.name ?? basename(file).replace(/\.ya?ml$/, '');
  const watched = watchedIn(parsed, dirname(file));
  const problems = RULES.flatMap((rule) => rule({name, watched}));
  if (problems.length > 0) {
    throw new UserError(problems.map((problem) => `${word}: ${problem}`).join('\n'), {facts: {file, problems}});
  }
  return {
    ...{name, file, watched, allowUncompiled: parsed.allowUncompiled},
    ...(parsed.formats === undefined ? {} : {formats: parsed.formats}),
    bisect: parsed.bisect === true ? DEFAULT_BISECT : parsed.bisect === false ? undefined : parsed.bisect,
    request: requestOf(parsed, dirname(file), shellLine(['kverdict', 'nightly', file])),
  };
}

function watchedIn({trees, tests, profiles}: Parsed, folder: string): Watched[] {
  return trees.flatMap((one) =>
    one.branches.map((name) => ({
      ...{tree: addressOf(one.url, folder), branch: name},
      ...{tests: one.tests ?? tests, profiles: one.profiles ?? profiles},
    })),
  );
}

/** A path, as git tells it from `host:path` and `scheme://`: from the configuration's own folder. */
function addressOf(url: string, folder: string): string {
  const path = resolve(folder, url);
  return !url.includes('://') && (existsSync(path) || !/^[^/]*:/.test(url)) ? path : url;
}

/** What a schema cannot say; each gives messages. */
const RULES: readonly ((config: Pick<NightlyConfig, 'name' | 'watched'>) => string[])[] = [
  ({name}) =>
    /^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(name)
      ? []
      : [`the file's name \`${name}\` cannot be a nightly's: give \`name\``],
  ({watched}) => {
    const all = watched.map(({tree, branch}) => `branch \`${branch}\` of ${tree}`);
    return [...new Set(all.filter((one, at) => all.indexOf(one) !== at))].map((twice) => `${twice} is there twice`);
  },
];

function requestOf(parsed: Parsed, folder: string, commandLine: string): Request {
  const {budget, jobs, buildJobs, overrideTimeout, selftestsFrom, variables, qemu} = parsed;
  const folders = (all: readonly string[]): string[] => all.map((one) => resolve(folder, one));
  return {
    ...{series: [], tree: '', profiles: [], tests: [], selftestsFrom, variables, commandLine},
    ...{...proofOf(parsed), jobs, buildJobs},
    ...{suiteDirs: folders(parsed.suites), profileDirs: folders(parsed.profileDirs), listDirs: folders(parsed.lists)},
    ...(parsed.force ? {force: true} : {}),
    ...(parsed.dumpGuest ? {dumpGuest: true} : {}),
    ...(budget === undefined ? {} : {budget}),
    ...(overrideTimeout === undefined ? {} : {overrideTimeout}),
    ...(qemu === undefined ? {} : {qemuDir: resolve(folder, qemu)}),
  };
}
