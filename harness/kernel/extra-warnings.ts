// SPDX-License-Identifier: MIT
import {existsSync, realpathSync} from 'node:fs';
import {join} from 'node:path';
import type {Context} from '../lib/context.js';
import {KernelError} from '../lib/errors.js';
import {makeTempDir} from '../lib/temp-dir.js';
import {cleanLine, clip} from '../lib/text.js';
import {buildSeconds, refuseEndless} from './build-limits.js';
import type {LoggedMessage} from './build-log.js';
import type {CompilerMessage} from './kernel-build.js';
import {readObjectCommand} from './object-command.js';
import {MAX_LOG_BYTES, readBuildLog} from './read-log.js';

/**
 * What kbuild switches off below W=1 and W=2 and what is worth reading in a file that a series touches. Options that
 * print something for every header (`-Wunused-parameter`), and those that gcc is known to be wrong about on kernels
 * (`-Warray-bounds`, `-Wstringop-overflow`), are not here.
 */
const OPTIONS: readonly {compiler: RegExp; options: readonly string[]}[] = [
  {
    compiler: /clang/i,
    options: [
      ...['-Wno-unknown-warning-option', '-Wconditional-uninitialized', '-Wunused-but-set-variable'],
      ...['-Wunused-const-variable', '-Wtautological-unsigned-zero-compare', '-Wunreachable-code'],
    ],
  },
  {
    compiler: /./,
    options: [
      ...['-Wmaybe-uninitialized', '-Wunused-but-set-variable', '-Wunused-const-variable', '-Wtype-limits'],
      ...['-Wformat-overflow', '-Wformat-truncation', '-Wstringop-truncation', '-Wlogical-op', '-Wduplicated-cond'],
    ],
  },
];

/** @param compiler first line of its `--version` */
export function extraOptions(compiler: string): readonly string[] {
  return OPTIONS.find((row) => row.compiler.test(compiler))?.options ?? [];
}

/** Which of the touched files this `O=` compiled by themselves: a C file that another one includes is not. */
export function touchedSources(
  objectDir: string,
  touched: readonly string[],
): {compiled: string[]; notCompiled: string[]} {
  const sources = touched.filter((file) => file.endsWith('.c'));
  const compiled = sources.filter((file) => readObjectCommand(objectDir, file) !== undefined);
  return {compiled, notCompiled: sources.filter((file) => !compiled.includes(file))};
}

export interface ExtraRequest {
  /** At the commit in question, and left as it is. */
  sourceDir: string;
  /** Its objects, `.cmd` and dependency files are only read. */
  objectDir: string;
  files: readonly string[];
  options: readonly string[];
  /** The compiler of the build, and its first words: `ccache gcc`. */
  compiler: readonly string[];
  /** Of make, for ccache: a file that was compiled so before costs nothing. */
  env: Record<string, string>;
  /** Compilers at once. */
  jobs: number;
  /** Called when a file is done. */
  onFile: () => void;
}

/**
 * Compiles files once more as kbuild did, with further warnings, to objects that are thrown away. A file that the
 * source does not have (the series adds it) has no messages.
 *
 * @throws KernelError when one does not compile, or was compiled with options that are not used again
 */
export async function compileWithMore(ctx: Context, request: ExtraRequest): Promise<CompilerMessage[]> {
  const {sourceDir, objectDir, files, options, env, jobs, onFile} = request;
  const [program = 'cc', ...first] = request.compiler;
  const tree = {sourceDir: realpathSync(sourceDir), objectDir: realpathSync(objectDir)};
  using folder = makeTempDir(ctx, 'warnings');
  const found: (readonly LoggedMessage[])[] = [];
  const waiting = files.map((file, index) => ({file, index}));
  const lane = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const {file, index} = next;
      const command = readObjectCommand(objectDir, file);
      if (command === undefined || !existsSync(join(sourceDir, file))) continue;
      if (command.refused !== undefined) {
        const why = `its command was saved with \`${clip(cleanLine(command.refused), 80)}\`, which is not run again`;
        throw new KernelError(`${file} is not compiled once more: ${why}`, {facts: {file}});
      }
      // Where warnings are errors, further ones must not be.
      const args = [...first, ...command.args, ...options, '-Wno-error', '-o', join(folder.path, `${index}.o`)];
      const log = join(folder.path, `${index}.log`);
      const limits = {timeoutSeconds: buildSeconds(), maxLogBytes: MAX_LOG_BYTES};
      const done = await ctx.exec.run(program, args, {cwd: objectDir, env, log, ...limits});
      refuseEndless(`${program} of ${file}`, done, log);
      const {messages} = readBuildLog(log, 0, tree);
      if (done.exitCode !== 0) {
        const [error] = messages.filter(({kind}) => kind === 'error');
        const why = error === undefined ? `exit code ${done.exitCode}` : `line ${error.line}: ${error.text}`;
        throw new KernelError(`${file} does not compile by itself: ${why}`, {facts: {file}});
      }
      found[index] = messages;
      onFile();
    }
  };
  // All of them end before the caller goes on: they read the source that it moves.
  const lanes = await Promise.allSettled(Array.from({length: Math.max(1, jobs)}, lane));
  const broken = lanes.find((one) => one.status === 'rejected');
  if (broken !== undefined) throw broken.reason;
  const all = found.flat().map(({object: _, ...message}) => message);
  return [...new Map(all.map((message) => [messageKey(message), message])).values()];
}

/** The same message at the same place: one in a header is printed for every file that includes it. */
export const messageKey = ({file, line, column, text, option}: CompilerMessage): string =>
  JSON.stringify([file, line, column, text, option]);
