// SPDX-License-Identifier: MIT
import {mkdirSync} from 'node:fs';
import {join} from 'node:path';
import type {Context} from '../lib/context.js';
import {InfraError, messageOf} from '../lib/errors.js';
import {ARCHES, crossPrefix} from './arch.js';
import type {ArchName, MakeVariables} from './kernel-build.js';

/** The compiler that will be used, found before the build needs it. */
export interface Toolchain {
  /** First line of `CC --version`: `gcc (Debian 12.2.0-14) 12.2.0` */
  compiler: string;
  /** Compiler and linker, for the cache's key. ccache is not in it: it changes no byte. */
  identity: string;
  /** How it is called, with ccache where that is used: `['ccache', 'gcc']`. */
  command: readonly string[];
  /** make's words for it: CROSS_COMPILE, LLVM, CC, … */
  words: MakeVariables;
  /** ccache's settings; empty without it. */
  env: Readonly<Record<string, string>>;
  ccache: boolean;
}

/** Room for some 40 builds of the kernels we make (about 45 MB of compressed objects each). */
const CCACHE_LIMIT = '2G';
/** Words that say which tools to use; the others (`KCFLAGS`, `W`) are passed on as they are. */
const TOOL_WORDS = ['CROSS_COMPILE', 'LLVM', 'LLVM_IAS', 'CC', 'LD', 'HOSTCC'];

/**
 * Finds the compiler as kbuild would from CC, LLVM and CROSS_COMPILE, and asks it for its version.
 *
 * @throws InfraError when it is not installed, with the package that has it
 */
export async function findToolchain(ctx: Context, arch: ArchName, variables: MakeVariables): Promise<Toolchain> {
  const tools = toolNames(arch, variables);
  const compiler = await version(ctx, tools.cc, () => missing(arch, tools.cc));
  const linker = await version(ctx, tools.ld, () => missing(arch, tools.ld));
  const words: Record<string, string> = {};
  if (tools.prefix !== '') words.CROSS_COMPILE = tools.prefix;
  for (const name of TOOL_WORDS) if (variables[name] !== undefined) words[name] = variables[name];
  const env = await ccacheSettings(ctx, tools.cc);
  if (env !== undefined) words.CC = `ccache ${tools.cc}`;
  const command = (words.CC ?? tools.cc).trim().split(/\s+/);
  return {compiler, identity: `${compiler}; ${linker}`, command, words, env: env ?? {}, ccache: env !== undefined};
}

/** The names of compiler and linker that kbuild's top Makefile would come to. */
export function toolNames(
  arch: ArchName,
  variables: MakeVariables,
  host?: string,
): {prefix: string; cc: string; ld: string} {
  const llvm = variables.LLVM ?? '';
  if (llvm !== '') {
    // LLVM=1, LLVM=-15 (a suffix) or LLVM=/opt/llvm/bin/ (a folder).
    const folder = llvm.endsWith('/') ? llvm : '';
    const suffix = llvm.startsWith('-') ? llvm : '';
    return {
      prefix: variables.CROSS_COMPILE ?? '',
      cc: variables.CC ?? `${folder}clang${suffix}`,
      ld: variables.LD ?? `${folder}ld.lld${suffix}`,
    };
  }
  const prefix = variables.CROSS_COMPILE ?? crossPrefix(arch, host);
  return {prefix, cc: variables.CC ?? `${prefix}gcc`, ld: variables.LD ?? `${prefix}ld`};
}

async function version(ctx: Context, tool: string, absent: () => InfraError): Promise<string> {
  const [command = '', ...words] = tool.trim().split(/\s+/);
  try {
    const {stdout, exitCode, stderr} = await ctx.exec.run(command, [...words, '--version'], {env: {LC_ALL: 'C'}});
    const line = stdout.split('\n')[0]?.trim() ?? '';
    if (exitCode === 0 && line !== '') return line;
    throw new InfraError(`\`${tool} --version\` exited ${exitCode}: ${stderr.trim() || '<no output>'}`);
  } catch (error) {
    ctx.signal.throwIfAborted();
    if ((error as {cause?: {code?: string}}).cause?.code !== 'ENOENT') throw error;
    throw absent();
  }
}

function missing(arch: ArchName, tool: string): InfraError {
  const debian = packageOf(tool);
  return new InfraError(`Cannot build for ${arch}: \`${tool}\` is not installed`, {
    hint:
      debian === undefined
        ? 'It was named by CC, LD, LLVM or CROSS_COMPILE: check the word, or leave it away.'
        : `apt-get install ${debian}`,
    facts: {arch, tool, package: debian},
  });
}

/** Debian's package of a tool by its usual name; a name of the user's own is in none that we know. */
function packageOf(tool: string): string | undefined {
  if (/^clang(-\d+)?$/.test(tool)) return tool;
  if (/^ld\.lld(-\d+)?$/.test(tool)) return tool.replace('ld.lld', 'lld');
  if (tool === 'gcc') return 'gcc';
  if (tool === 'ld') return 'binutils';
  return Object.values(ARCHES).find(({crossPrefix: prefix}) => [`${prefix}gcc`, `${prefix}ld`].includes(tool))
    ?.crossPackage;
}

/**
 * ccache's environment, when it is there and works. It is tried on one empty file: where it cannot write its folder
 * it exits non-zero instead of calling the compiler, and would fail a build that has no other fault.
 */
async function ccacheSettings(ctx: Context, cc: string): Promise<Record<string, string> | undefined> {
  if (cc.includes('ccache')) return undefined;
  const directory = join(ctx.paths.cache, 'ccache');
  const env = {
    CCACHE_DIR: directory,
    // Paths below it are hashed relative to O=: the same for every tree, as src and O= are neighbours in each.
    CCACHE_BASEDIR: ctx.paths.cache,
    CCACHE_MAXSIZE: CCACHE_LIMIT,
  };
  try {
    mkdirSync(directory, {recursive: true});
    const words = cc.trim().split(/\s+/);
    const tried = await ctx.exec.run('ccache', [...words, '-x', 'c', '-c', '-o', '/dev/null', '/dev/null'], {env});
    if (tried.exitCode === 0) return env;
    const said = tried.stderr.trim().split('\n')[0];
    ctx.emit({type: 'warning', message: `Building without ccache: it exited ${tried.exitCode}: ${said}`});
  } catch (error) {
    ctx.signal.throwIfAborted();
    // Not installed: nothing to say.
    if ((error as {cause?: {code?: string}}).cause?.code !== 'ENOENT') {
      ctx.emit({type: 'warning', message: `Building without ccache: ${messageOf(error)}`});
    }
  }
  return undefined;
}
