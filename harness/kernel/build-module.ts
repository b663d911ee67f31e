// SPDX-License-Identifier: MIT
/** Kernel modules from outside the tree, each built against one kernel and loadable into that one alone. */
import {copyFileSync, mkdirSync, readFileSync, realpathSync} from 'node:fs';
import {dirname, join} from 'node:path';
import type {Context} from '../lib/context.js';
import {InfraError} from '../lib/errors.js';
import {hasFile, needCopy, putBelow} from '../lib/intake.js';
import {acquireLock} from '../lib/lock.js';
import {findEntry, putEntry, storeKey} from '../lib/store.js';
import {makeTempDir} from '../lib/temp-dir.js';
import type {BuildRequest} from './build.js';
import {failureMessages, messageLine} from './build-failed.js';
import type {BuildLog} from './build-log.js';
import {type BuildPlace, findPlace} from './build-place.js';
import {storeRoot} from './build-store.js';
import {moduleSymvers} from './exports.js';
import {blameHost, withDiskSpace} from './host-faults.js';
import {ensureConfig} from './kconfig-record.js';
import type {KernelBuild} from './kernel-build.js';
import {LEFT_PROGRAM} from './left-behind.js';
import {type MakeRequest, runMake} from './make.js';
import {markFinished, markUnfinished, openObjectDir, updateState} from './object-dir.js';
import {logSize, readBuildLog} from './read-log.js';

/** A module: a folder's files, one of them the `Kbuild` that names it. */
export interface ModuleSource {
  /** `NAME.ko` comes out. */
  name: string;
  directory: string;
  files: readonly string[];
}

/** A path, or the words of the compiler or of modpost. */
export type BuiltModule = {file: string} | {failed: string};

const MODULE_KIND = 'module';
/** Errors quoted as the reason; the rest is in the log. */
const QUOTED = 5;

/**
 * A module for `kernel`: from the store, or built in the kernel's own `O=` with the source at the kernel's commit.
 * Of a kernel that came from the store there may be no objects: what a module needs of them, `modules_prepare` makes.
 *
 * @param request the one `kernel` was built by
 * @throws InfraError no compiler, no space, no memory
 */
export async function buildModule(
  ctx: Context,
  request: BuildRequest,
  kernel: KernelBuild,
  module: ModuleSource,
): Promise<BuiltModule> {
  const texts = module.files.map((file) => [file, readFileSync(join(module.directory, file), 'utf8')]);
  const key = storeKey([1, kernel.key, module.name, texts]);
  const fileName = `${module.name}.ko`;
  const stored = await findEntry(storeRoot(ctx), MODULE_KIND, key);
  if (stored !== undefined) return {file: join(stored, fileName)};

  const place = await findPlace(ctx, request);
  await using _lock = await acquireLock(ctx, place.objectDir, `the build folder of ${request.arch}`);
  return await withDiskSpace(ctx, place.objectDir, async () => {
    using temporary = makeTempDir(ctx, 'module');
    const scratch = realpathSync(temporary.path);
    const failed = await compile(ctx, request, place, kernel, module, scratch);
    if (failed !== undefined) return {failed};
    const folder = await putEntry(storeRoot(ctx), MODULE_KIND, key, async (fresh) =>
      needCopy(scratch, fileName, join(fresh, fileName), LEFT_PROGRAM),
    );
    return {file: join(folder, fileName)};
  });
}

/** @returns why there is no module */
async function compile(
  ctx: Context,
  request: BuildRequest,
  place: BuildPlace,
  kernel: KernelBuild,
  module: ModuleSource,
  scratch: string,
): Promise<string | undefined> {
  const {arch, variables, jobs, log} = request;
  const {state} = openObjectDir(place.objectDir);
  mkdirSync(dirname(log), {recursive: true});
  await request.checkOut();
  const objectDir = realpathSync(place.objectDir);
  const sourceDir = realpathSync(request.sourceDir);
  const make: MakeRequest = {sourceDir, objectDir, arch, variables, jobs, toolchain: place.toolchain};

  const start = logSize(log);
  markUnfinished(objectDir);
  const config = await ensureConfig(ctx, make, place.asked, request.side, log, state.config);
  const prepared = await runMake(ctx, make, ['modules_prepare'], log);
  const built = readBuildLog(log, start, make);
  if (prepared.exitCode === null) throw new InfraError(`make was ended by ${prepared.endedBy}`, {facts: {log}});
  if (prepared.exitCode !== 0) blameHost(built, objectDir, place.toolchain, log);
  markFinished(objectDir, updateState(state, built, config));
  if (prepared.exitCode !== 0) return `make modules_prepare: ${words(built)}`;

  // Without this file modpost only warns of symbols that no kernel has.
  putBelow(objectDir, 'Module.symvers', moduleSymvers(readFileSync(kernel.systemMap, 'utf8')), 0o644);
  for (const file of module.files) copyFileSync(join(module.directory, file), join(scratch, file));
  const offset = logSize(log);
  const done = await runMake(ctx, make, [`M=${scratch}`, 'modules'], log);
  // Named from the module's own folder, as a tree's files are from its top.
  const told = readBuildLog(log, offset, {sourceDir: scratch, objectDir});
  if (done.exitCode === null) throw new InfraError(`make was ended by ${done.endedBy}`, {facts: {log}});
  await request.confirm();
  if (done.exitCode !== 0) {
    blameHost(told, objectDir, place.toolchain, log);
    return words(told).replaceAll(`${scratch}/`, '');
  }
  return hasFile(scratch, `${module.name}.ko`, LEFT_PROGRAM) ? undefined : `its Kbuild does not make ${module.name}.ko`;
}

function words(built: BuildLog): string {
  const errors = failureMessages(built).filter(({kind}) => kind === 'error');
  return errors.slice(0, QUOTED).map(messageLine).join('\n') || 'no compiler said why';
}
