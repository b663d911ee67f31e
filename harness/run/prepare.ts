// SPDX-License-Identifier: MIT
import {join} from 'node:path';
import {ARCHES, crossPrefix, parseArch} from '../kernel/arch.js';
import type {ArchName, MakeVariables} from '../kernel/kernel-build.js';
import type {KernelPolicy} from '../klog/policy.js';
import type {Context} from '../lib/context.js';
import {UserError} from '../lib/errors.js';
import {ALL_PROFILES, loadProfiles} from '../machine/load-profiles.js';
import type {Profile} from '../machine/profile.js';
import {loadLists} from '../suite/load-lists.js';
import {loadSuites} from '../suite/manifest.js';
import {matches, parseSelection, type Selection, selectedSuites} from '../suite/select.js';
import type {Suite} from '../suite/suite.js';
import {targetSuites} from '../suite/target-suite.js';
import type {Request} from './request.js';
import type {Lane} from './schedule.js';

/** What a request comes down to, before anything is built: pure, and the same for a dry run. */
export interface Plan {
  lanes: readonly Lane[];
  profiles: ReadonlyMap<string, Profile>;
  arches: readonly ArchName[];
  /**
   * Fragments by architecture: of every suite and profile there is, not of the selected ones alone, so that neither `-t`
   * nor `--profiles` ever changes the kernel and costs a rebuild.
   */
  fragments: ReadonlyMap<ArchName, readonly string[]>;
  selection: Selection;
  /** From selftests/lists, and the folders that the request names. */
  policy: KernelPolicy;
}

/** @throws UserError naming what does not exist, and what does */
export function makePlan(ctx: Context, request: Request): Plan {
  const profiles = loadProfiles(ctx, request.profileDirs);
  const suites = new Map([
    ...loadSuites([join(ctx.paths.project, 'selftests/suites'), ...request.suiteDirs]),
    ...targetSuites(request.tests),
  ]);
  const selection = parseSelection(request.tests, suites);
  for (const name of request.profiles) {
    if (name !== ALL_PROFILES && !profiles.has(name)) {
      const known = [...profiles.keys(), ALL_PROFILES].join(', ');
      throw new UserError(`There is no profile \`${name}\``, {hint: `There are: ${known}.`});
    }
  }
  const only = request.variables.ARCH === undefined ? undefined : parseArch(request.variables.ARCH);
  const lanes = selectedSuites(selection, suites)
    .map((suite) => withSelectedTests(suite, selection))
    .flatMap((suite) => profilesOf(suite, request.profiles).map((profile) => ({profile, suite})))
    .filter(({profile}) => only === undefined || profiles.get(profile)?.arch === only)
    .filter(({profile, suite}) => isMeant(request, profile, suite.name));
  if (lanes.length === 0 && request.only?.length !== 0) {
    throw new UserError('No selected suite runs on a selected profile', {
      hint: 'Run `kverdict list suites`: it says where each suite runs.',
    });
  }
  for (const {profile, suite} of lanes) {
    if (!profiles.has(profile))
      throw new UserError(`Suite \`${suite.name}\` names a profile \`${profile}\` that is not there`);
  }
  const used = new Map([...profiles].filter(([name]) => lanes.some((lane) => lane.profile === name)));
  const built = request.only === undefined ? [...used.keys()] : request.profiles;
  const arches = [...new Set(built.flatMap((name) => profiles.get(name)?.arch ?? []))];
  const fragments = new Map(arches.map((arch) => [arch, fragmentsFor(arch, suites, profiles)]));
  const policy = loadLists([join(ctx.paths.project, 'selftests/lists'), ...(request.listDirs ?? [])]);
  return {lanes, profiles: used, arches, fragments, selection, policy};
}

function isMeant({only}: Request, profile: string, suite: string): boolean {
  return only === undefined || only.some((pair) => pair.profile === profile && pair.suite === suite);
}

/** A racy test that was not asked for must not bring the others further guests. */
function withSelectedTests(suite: Suite, selection: Selection): Suite {
  return {...suite, tests: suite.tests.filter(({name}) => matches(selection, suite.name, name))};
}

function profilesOf(suite: Suite, asked: readonly string[]): string[] {
  if (asked.length === 0 || asked.includes(ALL_PROFILES)) return [...suite.profiles];
  // Nobody but the tree knows where its selftests have something to test.
  return suite.target === undefined ? suite.profiles.filter((name) => asked.includes(name)) : [...new Set(asked)];
}

/** The suites that run on an architecture, each once. */
export function suitesOn({lanes, profiles}: Pick<Plan, 'lanes' | 'profiles'>, arch: ArchName): Suite[] {
  return [...new Set(lanes.filter(({profile}) => profiles.get(profile)?.arch === arch).map(({suite}) => suite))];
}

/** The fragments of an architecture's kernel: of all suites and machines that there are. */
export function fragmentsFor(
  arch: ArchName,
  suites: ReadonlyMap<string, Suite>,
  profiles: ReadonlyMap<string, Profile>,
): string[] {
  const here = [...suites.values()].filter((suite) => suite.profiles.some((name) => profiles.get(name)?.arch === arch));
  const machines = [...profiles.values()].filter((profile) => profile.arch === arch);
  return [...new Set([...here, ...machines].flatMap(({kconfig}) => kconfig))].sort();
}

/**
 * The words of make for one architecture. ARCH chose the architecture already; a CROSS_COMPILE without ARCH is meant
 * for the one that needs a cross compiler here.
 */
export function variablesFor(arch: ArchName, given: MakeVariables): MakeVariables {
  const {ARCH, CROSS_COMPILE, ...others} = given;
  if (CROSS_COMPILE === undefined) return others;
  const meant = ARCH !== undefined || crossPrefix(arch) !== '' || Object.keys(ARCHES).length === 1;
  return meant ? {...others, CROSS_COMPILE} : others;
}
