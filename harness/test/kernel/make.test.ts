// SPDX-License-Identifier: MIT
import {existsSync, mkdirSync, readFileSync, writeFileSync} from 'node:fs';
import {delimiter, dirname, join} from 'node:path';
import t from 'tap';
import {crossPrefix, parseArch} from '../../kernel/arch.js';
import {installHeaders} from '../../kernel/headers.js';
import {makeArguments, makeEnvironment} from '../../kernel/make.js';
import {findToolchain, toolNames} from '../../kernel/toolchain.js';
import {matchExactly} from '../match-exactly.js';
import {openBench} from './support.js';

const hasCcache = (process.env.PATH ?? '').split(delimiter).some((folder) => existsSync(join(folder, 'ccache')));

t.test('architectures as users write them', async (t) => {
  t.equal(parseArch('amd64'), 'x86_64');
  t.equal(parseArch('aarch64'), 'arm64');
  t.throws(() => parseArch('mips'), {
    message: 'kverdict does not know the architecture `mips`',
    hint: 'It builds for x86_64 and arm64.',
  });
  t.equal(crossPrefix('arm64', 'x64'), 'aarch64-linux-gnu-');
  t.equal(crossPrefix('arm64', 'arm64'), '');
  t.equal(crossPrefix('x86_64', 'arm64'), 'x86_64-linux-gnu-');
});

t.test('the tools that kbuild would come to', async (t) => {
  t.match(toolNames('arm64', {}, 'x64'), {cc: 'aarch64-linux-gnu-gcc', ld: 'aarch64-linux-gnu-ld'});
  t.match(toolNames('arm64', {CROSS_COMPILE: '/opt/a64-'}, 'x64'), {prefix: '/opt/a64-', cc: '/opt/a64-gcc'});
  t.match(toolNames('arm64', {LLVM: '1'}, 'x64'), {prefix: '', cc: 'clang', ld: 'ld.lld'});
  t.match(toolNames('x86_64', {LLVM: '-16'}, 'x64'), {cc: 'clang-16', ld: 'ld.lld-16'});
  t.match(toolNames('x86_64', {LLVM: '/opt/llvm/bin/'}, 'x64'), {cc: '/opt/llvm/bin/clang'});
  t.match(toolNames('x86_64', {CC: 'gcc-13'}, 'x64'), {cc: 'gcc-13', ld: 'ld'});
});

t.test("make's words: nothing that could differ between two builds of one source is left open", async (t) => {
  const toolchain = {
    compiler: '',
    identity: '',
    command: ['ccache', 'x-gcc'],
    words: {CROSS_COMPILE: 'x-', CC: 'ccache x-gcc'},
    env: {},
    ccache: true,
  };
  const make = {
    sourceDir: '/s',
    objectDir: '/o',
    arch: 'arm64' as const,
    variables: {ARCH: 'aarch64', KCFLAGS: '-g'},
    jobs: 4,
    toolchain,
  };
  t.strictSame(makeArguments(make, ['Image']), [
    ...['-C', '/s', '-j4', '--output-sync=target', 'O=/o', 'ARCH=arm64'],
    ...['KBUILD_BUILD_USER=kverdict', 'KBUILD_BUILD_HOST=kverdict'],
    ...['KBUILD_BUILD_TIMESTAMP=Thu Jan  1 00:00:00 UTC 1970', 'KBUILD_BUILD_VERSION=1', 'LOCALVERSION='],
    ...['KCFLAGS=-g', 'CROSS_COMPILE=x-', 'CC=ccache x-gcc', 'Image'],
  ]);
  t.strictSame(
    makeEnvironment({...toolchain, env: {CCACHE_DIR: '/c'}}, {KCFLAGS: '-O0', MAKEFLAGS: 'k', PATH: '/bin'}),
    {
      LC_ALL: 'C',
      LANG: 'C',
      LC_CTYPE: 'C',
      LC_MESSAGES: 'C',
      MAKEFLAGS: '',
      KCFLAGS: '',
      CCACHE_DIR: '/c',
    },
  );
});

t.test('a compiler that is missing names its package', async (t) => {
  await using bench = openBench();
  const bin = join(bench.folder, 'bin');
  mkdirSync(bin);
  const path = process.env.PATH;
  t.teardown(() => {
    process.env.PATH = path;
  });
  process.env.PATH = bin;
  const arch = process.arch === 'arm64' ? 'x86_64' : 'arm64';
  await t.rejects(findToolchain(bench.ctx, arch, {}), {
    blame: 'infra',
    message: /^Cannot build for .*: `.*-linux-gnu-gcc` is not installed$/,
    hint: /^apt-get install gcc-.*-linux-gnu$/,
  });
  await t.rejects(findToolchain(bench.ctx, arch, {LLVM: '1'}), {
    message: /`clang` is not installed/,
    hint: 'apt-get install clang',
  });
  process.env.PATH = path;
});

t.test('a ccache that cannot work does not fail the build', async (t) => {
  for (const obstacle of ['cache/ccache', 'cache/ccache/tmp']) {
    await using bench = openBench();
    const path = join(bench.folder, obstacle);
    mkdirSync(dirname(path), {recursive: true});
    writeFileSync(path, 'a file where a folder should be');
    const toolchain = await findToolchain(bench.ctx, 'x86_64', {CC: 'cc', LD: 'ld'});
    matchExactly(t, toolchain, {ccache: false, words: {CC: 'cc'}, env: {}});
    // A host without ccache has nothing to warn of.
    const warned = bench.events.some(
      (event) => event.type === 'warning' && /^Building without ccache/.test(event.message),
    );
    if (hasCcache) t.ok(warned, obstacle);
  }
});

t.test('headers for the selftests of a tree', async (t) => {
  await using bench = openBench();
  const {sourceDir, variables} = bench.request('x');
  const include = await installHeaders(bench.ctx, {
    sourceDir,
    arch: 'x86_64',
    outDir: join(bench.folder, 'h'),
    variables,
  });
  t.match(readFileSync(join(include, 'linux/toy.h'), 'utf8'), /TOY_PAGES/);
  t.notOk(existsSync(join(sourceDir, 'usr')));
  bench.edit('Makefile', 'all:\n');
  await t.rejects(installHeaders(bench.ctx, {sourceDir, arch: 'arm64', outDir: join(bench.folder, 'i'), variables}), {
    blame: 'kernel',
    message: 'The tree cannot make its headers for arm64',
  });
});
