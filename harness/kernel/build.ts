// SPDX-License-Identifier: MIT
import {mkdirSync, readFileSync, realpathSync} from 'node:fs';
import {dirname} from 'node:path';
import type {Context} from '../lib/context.js';
import {InfraError, KernelError, UserError} from '../lib/errors.js';
import {inStep, type Step} from '../lib/events.js';
import {needText} from '../lib/intake.js';
import {acquireLock} from '../lib/lock.js';
import {cleanLine, clip} from '../lib/text.js';
import {writeWhole} from '../lib/write-whole.js';
import {ARCHES} from './arch.js';
import {BuildFailed, failureMessages} from './build-failed.js';
import {type BuildPlace, findPlace} from './build-place.js';
import {type BuildFacts, findBuild, storeBuild} from './build-store.js';
import {listSources} from './compiled-in.js';
import {blameHost, withDiskSpace} from './host-faults.js';
import type {Configured} from './kconfig.js';
import type {AskedSymbol} from './kconfig-fragment.js';
import {type ConfigRecord, ensureConfig} from './kconfig-record.js';
import type {ArchName, KernelBuild, MakeVariables, Side} from './kernel-build.js';
import {LEFT_TEXT} from './left-behind.js';
import {type MakeRequest, runMake} from './make.js';
import {allWarnings, markFinished, markUnfinished, openObjectDir, updateState} from './object-dir.js';
import {logSize, readBuildLog} from './read-log.js';
import {listSymbols} from './symbols.js';

export {BuildFailed} from './build-failed.js';

export interface BuildRequest {
  /** The tree's one source path; `checkOut` puts the commit there. */
  sourceDir: string;
  /** `<cache>/trees/<id>`: `O=` is made in it. */
  cacheDir: string;
  commit: string;
  treeHash: string;
  arch: ArchName;
  /** Names in `vm-images/kconfig/`; base and the architecture's are always there. */
  fragments: readonly string[];
  /** What the tree's selftests ask for beside them. */
  wishes?: readonly AskedSymbol[];
  variables: MakeVariables;
  jobs: number;
  side: Side | 'only';
  /**
   * It must be known which files the kernel is compiled from: one that an earlier version stored without saying it is
   * compiled again.
   */
  wantsSources?: boolean;
  /** Gets what make prints; a file in the run's folder. */
  log: string;
  checkOut: () => Promise<void>;
  /** Asked after make, before anything is kept. @throws InfraError when the sources are not that commit's any more */
  confirm: () => Promise<void>;
}

/**
 * A kernel of one commit for one architecture: from the store, or built in the `O=` that base and patched share.
 *
 * @throws BuildFailed the tree does not build: a finding
 * @throws UserError a fragment is wrong, or asks for what the base does not have
 * @throws InfraError no compiler, no space, no memory
 */
export async function buildKernel(ctx: Context, request: BuildRequest): Promise<KernelBuild> {
  const {arch, side, commit} = request;
  const place = await findPlace(ctx, request);
  const {key, objectDir} = place;
  const label = `${arch} kernel, ${side} (${commit.slice(0, 12)})`;
  return inStep(ctx.emit, 'build', `build ${arch} ${side}`, label, async (step) => {
    const isEnough = (one: KernelBuild): boolean => one.sources !== undefined || request.wantsSources !== true;
    const stored = await findBuild(ctx, key, objectDir);
    if (stored !== undefined && isEnough(stored)) {
      step.end('cached');
      return {...stored, commit};
    }
    if (stored !== undefined) {
      const message = `${label} was stored without the list of files it is compiled from: it is compiled again`;
      ctx.emit({type: 'note', message});
    }
    await using _lock = await acquireLock(ctx, objectDir, `the build folder of ${arch}`);
    // Another process may have built it while this one waited.
    const late = await findBuild(ctx, key, objectDir);
    if (late !== undefined && isEnough(late)) {
      step.end('cached');
      return {...late, commit};
    }
    // await: a lock is given back when this block is left, not when a promise that it returned settles.
    return await withDiskSpace(ctx, objectDir, () => compile(ctx, request, place, step));
  });
}

async function compile(ctx: Context, request: BuildRequest, prepared: BuildPlace, step: Step): Promise<KernelBuild> {
  const {arch, side, log} = request;
  const started = performance.now();
  const {state, distrusted} = openObjectDir(prepared.objectDir);
  if (distrusted) {
    ctx.emit({type: 'note', message: `Compiling ${arch} from the start: an earlier build was cut short in its folder`});
  }
  mkdirSync(dirname(log), {recursive: true});
  await request.checkOut();
  // Compilers print real paths, and so do the messages that are matched against them.
  const objectDir = realpathSync(prepared.objectDir);
  const sourceDir = realpathSync(request.sourceDir);
  const {variables, jobs} = request;
  const make: MakeRequest = {sourceDir, objectDir, arch, variables, jobs, toolchain: prepared.toolchain};
  const cold = Object.keys(state.messages).length === 0;
  const offset = logSize(log);
  markUnfinished(objectDir);
  let config: Awaited<ReturnType<typeof ensureConfig>>;
  try {
    config = await ensureConfig(ctx, make, prepared.asked, side, log, state.config);
  } catch (error) {
    // Nothing was compiled: the objects are as good as before.
    if (error instanceof BuildFailed || error instanceof UserError) markFinished(objectDir, state);
    throw error;
  }
  const expected = cold ? readCount(objectDir) : undefined;
  const {exitCode, endedBy} = await runMake(ctx, {...make, keepGoing: true}, [ARCHES[arch].target], log, (count) =>
    step.progress(count, expected === undefined ? undefined : Math.max(expected, count)),
  );
  const built = readBuildLog(log, offset, make);
  if (exitCode === null) throw new InfraError(`make was ended by ${endedBy}`, {facts: {log}});
  await request.confirm();
  if (exitCode !== 0) blameHost(built, objectDir, prepared.toolchain, log);
  const after = updateState(state, built, config);
  markFinished(objectDir, after);
  if (exitCode !== 0) throw new BuildFailed(arch, side, failureMessages(built), log);
  if (cold) writeWhole(countFile(objectDir), `${built.objects.length}\n`);

  const facts: BuildFacts = {
    arch,
    commit: request.commit,
    treeHash: request.treeHash,
    key: prepared.key,
    compiler: prepared.toolchain.compiler,
    release: readRelease(objectDir),
    warnings: allWarnings(after, sourceDir, objectDir),
    ...configuredIn(config.record),
    seconds: (performance.now() - started) / 1000,
    objects: built.objects.length,
  };
  const symbols = listSymbols(sourceDir, objectDir, Object.keys(after.messages));
  return storeBuild(ctx, facts, objectDir, {symbols, sources: listSources(sourceDir, objectDir)});
}

/** A record of an earlier version: what was needed was there, or nothing would have been built. */
const configuredIn = ({absentSymbols, missingSymbols = [], renamedSymbols = {}}: ConfigRecord): Configured => ({
  absentSymbols,
  missingSymbols,
  renamedSymbols,
});

/** It becomes a file's name and a line of every report. @throws KernelError */
function readRelease(objectDir: string): string {
  const release = needText(objectDir, 'include/config/kernel.release', LEFT_TEXT).trim();
  if (/^[\w.+~-]{1,200}$/.test(release)) return release;
  throw new KernelError(`The build calls its kernel \`${clip(cleanLine(release), 80)}\`: that is no release of Linux`);
}

/** How many objects a cold build of this `O=` compiled the last time; beside it, so that it outlives it. */
const countFile = (objectDir: string): string => `${objectDir}.objects`;

function readCount(objectDir: string): number | undefined {
  try {
    return Number.parseInt(readFileSync(countFile(objectDir), 'utf8'), 10) || undefined;
  } catch {
    return undefined;
  }
}
