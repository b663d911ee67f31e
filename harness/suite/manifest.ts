// SPDX-License-Identifier: MIT
/** `suite.yaml` → `Suite`: one schema, then rules that need the whole of it. */
import {existsSync, readdirSync} from 'node:fs';
import {basename, dirname, join} from 'node:path';
import {z} from 'zod';
import {loadYaml} from '../config/load-yaml.js';
import {READER_KINDS} from '../ktap/reader.js';
import {UserError} from '../lib/errors.js';
import {moduleFile} from './programs.js';
import type {Program, Suite} from './suite.js';

/** Also a folder in the guest and a word on the command line. */
const name = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/, 'Expected letters, digits, `.`, `_` and `-`');
const arch = z.enum(['x86_64', 'arm64']);

/** As the makefile's TEST_GEN_PROGS names it: kvm keeps programs of one architecture in a subfolder. */
const PROGRAM_PATH = /^[A-Za-z0-9][A-Za-z0-9._-]*(\/[A-Za-z0-9][A-Za-z0-9._-]*)*$/;

const own = z.strictObject({
  own: name,
  sources: z.array(z.string()).min(1),
  libs: z.array(name).default([]),
});
const program = z.string().regex(PROGRAM_PATH, 'Expected a program, `aarch64/NAME` for one in a subfolder');
const kselftest = z.strictObject({
  kselftest: z.string().regex(/^[A-Za-z0-9_-]+(\/[A-Za-z0-9_-]+)*$/, 'Expected a folder of tools/testing/selftests'),
  programs: z.array(program).min(1),
  formerly: z.record(program, program).optional(),
  optional: z.string().min(1).optional(),
});

const module = z.strictObject({
  module: name,
  sources: z.array(z.string()).refine((files) => files.includes('Kbuild'), 'Expected a `Kbuild` among them'),
});

const test = z.strictObject({
  name,
  run: z.string().min(1),
  list: z.string().min(1).optional(),
  reader: z.enum(READER_KINDS).default('ktap'),
  timeout: z.number().positive().max(3600),
  racy: z.boolean().default(false),
  arches: z.array(arch).min(1).default(['x86_64', 'arm64']),
  skipWithout: z
    .record(z.string().regex(/^CONFIG_[A-Za-z0-9_]+$/, 'Expected `CONFIG_NAME`'), z.string().min(1))
    .default({}),
});

const schema = z.strictObject({
  summary: z.string().min(1),
  profiles: z.array(name).min(1),
  kconfig: z.array(name).default([]),
  programs: z.array(z.union([own, kselftest, module])).default([]),
  guest: z.strictObject({
    vcpus: z.int().min(1).max(8).default(2),
    memory: z.int().min(64).default(256),
    tools: z.boolean().default(false),
    cmdline: z.string().default(''),
    setup: z.array(z.string().min(1)).default([]),
  }),
  tests: z.array(test).min(1),
});

type Manifest = z.output<typeof schema>;

export const MANIFEST_NAME = 'suite.yaml';

/** @throws UserError with every problem of the file */
export function loadSuite(file: string): Suite {
  const manifest = loadYaml(file, schema);
  const directory = dirname(file);
  const suite = toSuite(manifest, directory);
  const problems = RULES.flatMap((rule) => rule(suite));
  if (problems.length === 0) return suite;
  throw new UserError(problems.map((problem) => `${file}: ${problem}`).join('\n'), {facts: {file, problems}});
}

/** A suite that no file describes, with the same defaults. @param directory has its sources, and its name */
export function makeSuite(directory: string, manifest: z.input<typeof schema>): Suite {
  return toSuite(schema.parse(manifest), directory);
}

/**
 * Every suite below the directories, by name. A directory is searched one level deep; it must exist.
 *
 * @throws UserError for a directory that is not there, a bad manifest, or a name that is there twice
 */
export function loadSuites(directories: readonly string[]): Map<string, Suite> {
  const suites = new Map<string, Suite>();
  for (const file of directories.flatMap(manifestsIn)) {
    const suite = loadSuite(file);
    const first = suites.get(suite.name);
    if (first !== undefined) {
      throw new UserError(`Two suites are called \`${suite.name}\`: ${first.directory} and ${suite.directory}`);
    }
    suites.set(suite.name, suite);
  }
  return suites;
}

function manifestsIn(directory: string): string[] {
  let entries: string[];
  try {
    entries = readdirSync(directory).sort();
  } catch (error) {
    throw new UserError(`Cannot read the suites in \`${directory}\``, {cause: error});
  }
  return entries.map((entry) => join(directory, entry, MANIFEST_NAME)).filter((file) => existsSync(file));
}

function toSuite(manifest: Manifest, directory: string): Suite {
  return {
    ...manifest,
    name: basename(directory),
    directory,
    programs: manifest.programs.map(toProgram),
    tests: manifest.tests.map(({list, ...rest}) => (list === undefined ? rest : {...rest, list})),
  };
}

function toProgram(given: Manifest['programs'][number]): Program {
  if ('own' in given) return {kind: 'own', name: given.own, sources: given.sources, libs: given.libs};
  if ('module' in given) return {kind: 'module', name: given.module, sources: given.sources};
  const {kselftest: target, programs: names, formerly, optional} = given;
  return {
    ...{kind: 'kselftest', target, names},
    ...(formerly === undefined ? {} : {formerly}),
    ...(optional === undefined ? {} : {optional}),
  };
}

/** What a schema cannot say; each gives messages. */
const RULES: readonly ((suite: Suite) => string[])[] = [
  ({name: suite}) => (name.safeParse(suite).success ? [] : [`the folder's name \`${suite}\` cannot be a suite's name`]),
  ({tests}) => repeated(tests.map((each) => each.name)).map((twice) => `two tests are called \`${twice}\``),
  ({programs}) =>
    programs
      .flatMap((each) => (each.kind === 'kselftest' ? strangers(each.formerly ?? {}, each.names) : []))
      .map((name) => `programs: \`formerly\` is about \`${name}\`, which is not among the programs`),
  (suite) => repeated(programNames(suite)).map((twice) => `two programs are called \`${twice}\``),
  ({tests}) =>
    tests
      .filter(({run, list}) => run.includes('{}') !== (list !== undefined))
      .map((each) => `tests.${each.name}: \`list\` and a \`{}\` in \`run\` belong together`),
  ({directory, programs}) =>
    programs
      .flatMap((program) => (program.kind === 'kselftest' ? [] : program.sources))
      .filter((source) => !existsSync(join(directory, source)))
      .map((source) => `there is no source \`${source}\` in ${directory}`),
];

/** Every program that the suite pushes into the guest, as it is called there: without a subfolder. */
export function programNames(suite: Suite): string[] {
  return suite.programs.flatMap((program) => {
    if (program.kind === 'kselftest') return program.names.map((path) => basename(path));
    return program.kind === 'module' ? moduleFile(program.name) : program.name;
  });
}

const strangers = (formerly: object, names: readonly string[]): string[] =>
  Object.keys(formerly).filter((name) => !names.includes(name));

function repeated(names: readonly string[]): string[] {
  return [...new Set(names.filter((each, index) => names.indexOf(each) !== index))];
}
