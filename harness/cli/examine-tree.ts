// SPDX-License-Identifier: MIT
/** `kverdict doctor --tree`: what fragments and suites do not find in a tree. No kernel is built. */
import {basename, join} from 'node:path';
import {ARCHES} from '../kernel/arch.js';
import {fragmentFolder, loadFragments} from '../kernel/kconfig-fragment.js';
import type {MakeVariables} from '../kernel/kernel-build.js';
import type {Context} from '../lib/context.js';
import {loadProfiles} from '../machine/load-profiles.js';
import {askConf} from '../run/ask-conf.js';
import {askSymbols} from '../run/ask-symbols.js';
import {fragmentsFor, variablesFor} from '../run/prepare.js';
import {symbolRecords, untestableOf} from '../run/untestable.js';
import {runs} from '../suite/expand.js';
import {loadSuites} from '../suite/manifest.js';
import type {Suite} from '../suite/suite.js';
import {SELFTESTS, targetSuite} from '../suite/target-suite.js';
import {findPrograms, type HasFile} from '../suite/tree-programs.js';
import {openTree} from '../tree/open-tree.js';
import {listAt} from '../tree/read-at.js';
import {describeCommit} from '../tree/resolve.js';
import type {TreeSymbols} from '../verdict/results.js';
import {treeLines, untestableLines} from '../verdict/tree-words.js';
import type {Check} from './examine.js';

export interface TreeQuestion {
  tree: string;
  rev?: string;
  suiteDirs: readonly string[];
  profileDirs: readonly string[];
  /** Words of make. */
  variables: MakeVariables;
}

/** @throws UserError when there is no such tree or revision */
export async function examineTree(ctx: Context, asked: TreeQuestion): Promise<Check[]> {
  const tree = await openTree(ctx, {tree: asked.tree, ...(asked.rev === undefined ? {} : {rev: asked.rev})});
  const commit = tree.head;
  const profiles = loadProfiles(ctx, asked.profileDirs);
  const suites = loadSuites([join(ctx.paths.project, 'selftests/suites'), ...asked.suiteDirs]);
  const all = [...suites.values(), targetSuite('TARGET')];
  const kernels = Object.values(ARCHES).map(({name: arch}) => {
    const names = [...fragmentsFor(arch, suites, profiles), ...targetSuite('TARGET').kconfig];
    const wanted = loadFragments(fragmentFolder(ctx.paths), arch, names);
    return {arch, asked: wanted, variables: variablesFor(arch, asked.variables)};
  });
  const symbols: TreeSymbols[] = [];
  const unneeded: Check[] = [];
  for (const {arch, asked: wanted} of kernels) {
    const known = await askSymbols(ctx, tree, commit, arch, wanted);
    const detail = `does not know, and does not need: ${known.absentSymbols.join(', ')}`;
    if (known.absentSymbols.length > 0) unneeded.push({what: `kconfig ${arch}`, state: 'ok', detail});
    symbols.push({arch, side: 'only', status: 'ok', ...symbolRecords(known, wanted)});
  }
  const answers = await askConf(ctx, tree, commit, kernels);
  const has = await selftestsAt(ctx, tree, commit);
  const lanes = all.flatMap((suite) => suite.profiles.map((profile) => ({profile, suite})));
  const untestable = lanes.flatMap((lane) => untestableOf({profiles}, lane, symbols));
  const others = treeLines({builds: symbols, untestable}).slice(untestableLines({untestable}).length);
  const version = `${await describeCommit(ctx, tree, commit)}, Linux ${tree.kernelVersion}`;
  return [
    {what: 'tree', state: 'ok', detail: `${version} (${tree.origin})`},
    ...[...answers].flatMap(([arch, {stops, lines}]) =>
      lines.map((detail): Check => ({what: `kconfig ${arch}`, state: stops ? 'missing' : 'note', detail})),
    ),
    ...others.map((detail): Check => ({what: 'kconfig', state: 'note', detail})),
    ...unneeded,
    ...all.flatMap((suite) => {
      const mine = untestable.filter((one) => one.suite === suite.name);
      const where = suite.profiles.filter((name) => !mine.some(({profile}) => profile === name));
      return suiteChecks(suite, where, untestableLines({untestable: mine}), has);
    }),
  ];
}

/** What cannot be tested at all, then the programs that the tree does not have; one line when all is there. */
function suiteChecks(suite: Suite, where: readonly string[], lacks: readonly string[], has: HasFile): Check[] {
  const what = `suite ${suite.name}`;
  const without = where.length === 0 ? [] : programLines(suite, has);
  const notes = [...lacks, ...without].map((detail): Check => ({what, state: 'note', detail}));
  if (where.length === 0 || without.length > 0) return notes;
  return [...notes, {what, state: 'ok', detail: `testable on ${where.join(', ')}`}];
}

/** A program that only some trees have is a skip of its tests; any other is an error of them. */
function programLines(suite: Suite, has: HasFile): string[] {
  return suite.programs.flatMap((program) => {
    if (program.kind !== 'kselftest') return [];
    const {folder, wanted, absent} = findPrograms(has, program);
    const broken = wanted.filter(({path}) => folder === undefined || !has(`${folder}/${path}.c`));
    const line = (names: readonly string[], become: string): string[] => {
      const tests = suite.tests.filter((test) => names.some((name) => runs(test, name))).map(({name}) => name);
      const which = tests.length === 0 ? '' : `: ${tests.join(', ')} ${become}`;
      return names.length === 0
        ? []
        : [`this tree has no ${names.join(', ')} in its ${program.target} selftests${which}`];
    };
    return [
      ...line(
        absent.map((name) => basename(name)),
        'skip',
      ),
      ...line(
        broken.map(({name}) => name),
        'cannot run',
      ),
    ];
  });
}

/** The names of all files below the selftests, and of their folders. */
async function selftestsAt(ctx: Context, tree: Parameters<typeof listAt>[1], commit: string): Promise<HasFile> {
  const files = await listAt(ctx, tree, commit, SELFTESTS);
  const names = new Set(files.flatMap((file) => [file, file.replace(/\/[^/]*$/, '')]));
  return (path) => names.has(`${SELFTESTS}/${path}`);
}
