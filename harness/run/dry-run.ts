// SPDX-License-Identifier: MIT
import {join} from 'node:path';
import {readRecipe} from '../image/image.js';
import {readLibrariesRecipe} from '../image/libraries.js';
import {readToolsRecipe} from '../image/tools.js';
import {ARCHES} from '../kernel/arch.js';
import {type AskedSymbol, fragmentFolder, loadFragments} from '../kernel/kconfig-fragment.js';
import {mergeWishes} from '../kernel/kconfig-wishes.js';
import type {ArchName} from '../kernel/kernel-build.js';
import {makeArguments} from '../kernel/make.js';
import {findToolchain} from '../kernel/toolchain.js';
import type {Context} from '../lib/context.js';
import {shellLine, shellQuote} from '../lib/shell-quote.js';
import {hasSelfChecks} from '../machine/profile.js';
import {findQemu} from '../machine/qemu.js';
import {qemuArgs} from '../machine/qemu-args.js';
import type {Suite} from '../suite/suite.js';
import {targetArguments, targetEnvironment} from '../suite/target-make.js';
import type {SourceTree} from '../tree/source-tree.js';
import type {TreeSymbols} from '../verdict/results.js';
import {treeLines} from '../verdict/tree-words.js';
import {askSymbols} from './ask-symbols.js';
import type {Placed} from './place.js';
import {type Plan, suitesOn, variablesFor} from './prepare.js';
import type {Request} from './request.js';
import {readTreeWishes, selftestsCommit} from './tree-wishes.js';
import {isLeftOut, symbolRecords, untestableOf} from './untestable.js';

/**
 * Every command that a run would start, in its order, as lines for one shell. The series was read and its base found
 * for it, in a copy: the repository that the lines name, with the series applied, is made by a run. Nothing is built or
 * booted. Paths below `$W` are made by the first line; guests there get an SSH socket and a console file each.
 */
export async function dryRun(ctx: Context, plan: Plan, placed: Placed, request: Request): Promise<string> {
  const lines = ['# a run has made its repository first, and applied the series in it', 'W=$(mktemp -d)'];
  const commit = selftestsCommit(placed.sides, request.selftestsFrom);
  const wishes = await readTreeWishes(ctx, placed.tree, commit, plan.lanes, plan.arches);
  const known: TreeSymbols[] = [];
  for (const side of placed.sides) {
    lines.push('', `# ${side.name}: ${side.commit}`, checkOutLine(placed.tree, side.commit));
    for (const arch of plan.arches) {
      const asked = mergeWishes(
        loadFragments(fragmentFolder(ctx.paths), arch, plan.fragments.get(arch) ?? []),
        wishes.get(arch) ?? [],
      );
      const symbols = await askSymbols(ctx, placed.tree, side.commit, arch, asked);
      known.push({arch, side: side.name, status: 'ok', ...symbolRecords(symbols, asked)});
      lines.push(...(await buildLines(ctx, plan, placed.tree, arch, side.name, request, symbols.asked)));
    }
  }
  const untestable = plan.lanes.flatMap((lane) => untestableOf(plan, lane, known));
  lines.push(...treeLines({builds: known, untestable}).map((line) => `# ${line}`));
  lines.push(...(await targetLines(ctx, plan, placed.tree, commit, request)));
  lines.push('', '# guests: userland from Debian packages, then one QEMU an attempt');
  for (const arch of plan.arches) lines.push(...userlandLines(ctx, plan, arch));
  for (const profile of [...plan.profiles.values()].filter(hasSelfChecks)) {
    const asked = [
      ...profile.reports.hwcaps,
      ...profile.reports.paths,
      ...profile.selfChecks.map((name) => `./${name}`),
    ];
    lines.push(`# ${profile.name}: unless an earlier run did, one guest is asked for ${asked.join(', ')}`);
  }
  for (const {profile: name, suite} of plan.lanes.filter((lane) => !isLeftOut(untestable, lane))) {
    const profile = plan.profiles.get(name);
    if (profile === undefined) continue;
    const {binary} = await findQemu(ctx, profile.arch, request.qemuDir);
    for (const side of placed.sides) {
      const at = (file: string): string => `@W@/${name}-${side.name}-${file}`;
      const args = qemuArgs({
        profile,
        accelerator: 'tcg',
        kernel: `@W@/${profile.arch}-${side.name}/${ARCHES[profile.arch].image}`,
        initrd: `@W@/initrd-${profile.arch}${suite.guest.tools ? '-with-tools' : ''}.cpio`,
        vcpus: suite.guest.vcpus,
        memory: suite.guest.memory,
        cmdline: suite.guest.cmdline,
        consoleFile: at('console.log'),
        consoleSocket: at('tty'),
        qmpSocket: at('qmp'),
        sshSocket: at('ssh'),
      });
      const what = suite.target === undefined ? suite.tests.map((test) => test.name).join(', ') : LISTED_BY_TREE;
      lines.push('', `# ${name}, ${suite.name}, ${side.name}: ${what}`);
      lines.push(inWork([binary, ...args]));
      for (const test of suite.tests) lines.push(`#   in the guest: ${test.run}`);
    }
  }
  return `${lines.join('\n')}\n`;
}

/** The names are in kselftest-list.txt, which the line of make above writes. */
const LISTED_BY_TREE = 'each test that the makefiles of the target list';
const CODENAME = '"$(. /etc/os-release && echo "$VERSION_CODENAME")"';
const DEBIAN: Readonly<Record<ArchName, string>> = {x86_64: 'amd64', arm64: 'arm64'};

function checkOutLine(tree: SourceTree, commit: string): string {
  return shellLine([
    'git',
    `--git-dir=${tree.gitDir}`,
    `--work-tree=${tree.sourceDir}`,
    'read-tree',
    '--reset',
    '-u',
    commit,
  ]);
}

/** The packages of the guests; those of the tools only where a suite has them in its guests. */
function userlandLines(ctx: Context, plan: Plan, arch: ArchName): string[] {
  const folder = join(ctx.paths.project, 'vm-images/userland');
  const lines = [unpackLine(`userland-${arch}`, readRecipe(folder).packages, arch)];
  if (suitesOn(plan, arch).some(({guest}) => guest.tools)) {
    lines.push(unpackLine(`tools-${arch}`, readToolsRecipe(join(folder, 'tools')).packages, arch));
  }
  return lines;
}

function unpackLine(name: string, packages: readonly string[], arch: ArchName): string {
  const included = `--include=${packages.join(',')}`;
  const words = shellLine(['mmdebstrap', '--variant=extract', `--architectures=${DEBIAN[arch]}`, included]);
  return `${words} ${CODENAME} "$W/${name}.tar"`;
}

/** The targets of the tree, installed as its makefiles do it; kverdict does this in a copy of the selftests. */
async function targetLines(
  ctx: Context,
  plan: Plan,
  tree: SourceTree,
  commit: string,
  request: Request,
): Promise<string[]> {
  const targets = [...new Set(plan.lanes.flatMap(({suite}) => suite.target ?? []))];
  const lines: string[] = targets.length === 0 ? [] : ['', '# selftests of the tree', checkOutLine(tree, commit)];
  for (const arch of targets.length === 0 ? [] : plan.arches) {
    const variables = variablesFor(arch, request.variables);
    const toolchain = await findToolchain(ctx, arch, variables);
    const headers = {sourceDir: tree.sourceDir, objectDir: `@W@/headers-${arch}`, arch, variables, toolchain};
    lines.push(`mkdir -p "$W/headers-${arch}"`);
    lines.push(inWork(['make', ...makeArguments({...headers, jobs: request.buildJobs}, ['headers'])]));
    const recipe = readLibrariesRecipe(join(ctx.paths.project, 'vm-images/libraries'));
    lines.push(unpackLine(`libraries-${arch}`, recipe.packages, arch));
    lines.push(`# of those: ${recipe.files.join(' ')}`);
    const libraries = {include: `@W@/libraries-${arch}/include`, lib: `@W@/libraries-${arch}/lib`};
    const {LDFLAGS = '', C_INCLUDE_PATH = ''} = targetEnvironment('static', libraries);
    for (const target of targets) {
      const [include, installed] = [`@W@/headers-${arch}/usr/include`, `@W@/installed-${arch}`];
      const words = targetArguments({arch, toolchain, variables}, tree.sourceDir, target, include, installed);
      const environment = inWork(['env', `LDFLAGS=${LDFLAGS}`, `C_INCLUDE_PATH=${C_INCLUDE_PATH}`]);
      lines.push(`${environment} ${inWork(['make', ...words])}`);
    }
  }
  return lines;
}

async function buildLines(
  ctx: Context,
  plan: Plan,
  tree: SourceTree,
  arch: ArchName,
  side: string,
  request: Request,
  asked: readonly AskedSymbol[],
): Promise<string[]> {
  const variables = variablesFor(arch, request.variables);
  const toolchain = await findToolchain(ctx, arch, variables);
  const objectDir = `@W@/${arch}-${side}`;
  const make = (...targets: string[]): string =>
    inWork([
      'make',
      ...makeArguments(
        {sourceDir: tree.sourceDir, objectDir, arch, variables, toolchain, jobs: request.buildJobs},
        targets,
      ),
    ]);
  const modules = suitesOn(plan, arch).flatMap((suite) => moduleLines(suite, `${arch}-${side}`, make));
  return [
    `mkdir -p "$W/${arch}-${side}"`,
    make('tinyconfig'),
    `printf %s ${shellQuote(asked.map(({symbol, value}) => `${symbol}=${value}\n`).join(''))} >>"$W/${arch}-${side}/.config"`,
    make('olddefconfig'),
    make(ARCHES[arch].target),
    ...modules,
  ];
}

/** Modules of a suite, from a copy of its sources: kbuild writes beside them. */
function moduleLines(suite: Suite, place: string, make: (...targets: string[]) => string): string[] {
  return suite.programs.flatMap((program) => {
    if (program.kind !== 'module') return [];
    const folder = `@W@/${place}-${suite.name}-${program.name}`;
    return [
      make('modules_prepare'),
      inWork(['cp', `@W@/${place}/vmlinux.symvers`, `@W@/${place}/Module.symvers`]),
      inWork(['mkdir', '-p', folder]),
      inWork(['cp', ...program.sources.map((source) => join(suite.directory, source)), folder]),
      make(`M=${folder}`, 'modules'),
    ];
  });
}

/** Words with `@W@` in them become `"$W"…`, so that the shell that reads the lines fills in its folder. */
function inWork(words: readonly string[]): string {
  return words
    .map((word) =>
      word.includes('@W@')
        ? word
            .split('@W@')
            .map((part) => (part === '' ? '' : shellQuote(part)))
            .join('"$W"')
        : shellQuote(word),
    )
    .join(' ');
}
