// SPDX-License-Identifier: MIT
/** Suites' own kernel modules. Unlike programs they fit one kernel: each side has its own. */
import type {BuildRequest} from '../kernel/build.js';
import {buildModule} from '../kernel/build-module.js';
import type {KernelBuild} from '../kernel/kernel-build.js';
import type {Context} from '../lib/context.js';
import {inStep} from '../lib/events.js';
import {type BuiltPrograms, type MissingProgram, moduleFile} from './programs.js';
import type {Program, Suite} from './suite.js';

/** Modules by suite; a suite without any has no entry. */
export type SuiteModules = ReadonlyMap<string, BuiltPrograms>;

/**
 * Builds what `suites` want to load into `kernel`. A module that does not build is `missing`: that is for the tests
 * of its suite to say.
 *
 * @param request the one `kernel` was built by
 * @throws InfraError when the host is at fault
 */
export async function compileModules(
  ctx: Context,
  suites: readonly Suite[],
  request: BuildRequest,
  kernel: KernelBuild,
): Promise<SuiteModules> {
  const compiled = new Map<string, BuiltPrograms>();
  for (const suite of suites) {
    const modules = suite.programs.filter((program) => program.kind === 'module');
    if (modules.length === 0) continue;
    const label = `modules of ${suite.name} for ${request.arch}, ${request.side}`;
    await inStep(ctx.emit, 'compile', `modules-${request.arch}-${request.side}-${suite.name}`, label, async (step) => {
      const built = await buildAll(ctx, suite, modules, request, kernel);
      compiled.set(suite.name, built);
      const absent = built.missing.map(({program}) => program).join(', ');
      step.end(absent === '' ? 'ok' : 'failed', absent === '' ? undefined : `not built: ${absent}`);
    });
  }
  return compiled;
}

async function buildAll(
  ctx: Context,
  {directory}: Suite,
  modules: readonly Extract<Program, {kind: 'module'}>[],
  request: BuildRequest,
  kernel: KernelBuild,
): Promise<BuiltPrograms> {
  const files: string[] = [];
  const missing: MissingProgram[] = [];
  for (const {name, sources} of modules) {
    const built = await buildModule(ctx, request, kernel, {name, directory, files: sources});
    if ('file' in built) files.push(built.file);
    // Ours compiles against the trees it is written for: what breaks it is what a tree changed.
    else missing.push({program: moduleFile(name), reason: built.failed, blame: 'kernel'});
  }
  return {files, missing};
}
