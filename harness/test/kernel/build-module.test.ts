// SPDX-License-Identifier: MIT
import {existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import t from 'tap';
import {buildKernel} from '../../kernel/build.js';
import {buildModule, type ModuleSource} from '../../kernel/build-module.js';
import {type Bench, openBench} from './support.js';

/** A module of the toy's kind. */
function moduleOf(bench: Bench, text: string, kbuild = 'obj-m := toy.o\n'): ModuleSource {
  const directory = join(bench.folder, 'suite');
  mkdirSync(directory, {recursive: true});
  writeFileSync(join(directory, 'Kbuild'), kbuild);
  writeFileSync(join(directory, 'toy.c'), text);
  return {name: 'toy', directory, files: ['Kbuild', 'toy.c']};
}

const GOOD = 'extern int do_wp_page(int);\nint toy(void)\n{\n\treturn do_wp_page(1);\n}\n';

t.test('a module belongs to one kernel, and is built once for it', async (t) => {
  await using bench = openBench();
  const request = bench.request('base');
  const kernel = await buildKernel(bench.ctx, request);
  const module = moduleOf(bench, GOOD);
  const built = (await buildModule(bench.ctx, request, kernel, module)) as {file: string};
  t.match(readFileSync(built.file, 'latin1'), /^vermagic 6\.12\.7\n.ELF/);
  t.match(built.file, /\/toy\.ko$/);
  t.strictSame(readdirSync(module.directory).sort(), ['Kbuild', 'toy.c'], 'nothing is made beside the sources');

  const before = bench.checkOuts;
  t.strictSame(await buildModule(bench.ctx, request, kernel, module), built);
  t.equal(bench.checkOuts, before, 'a hit does not touch the tree');

  const other = bench.request('patched', {side: 'patched'});
  const patched = (await buildModule(bench.ctx, other, await buildKernel(bench.ctx, other), module)) as {file: string};
  t.not(patched.file, built.file, 'the other kernel has its own');

  const changed = moduleOf(bench, `${GOOD}int more;\n`);
  t.notSame(await buildModule(bench.ctx, request, kernel, changed), built, 'and so have other sources');
});

t.test('a kernel from the store whose objects are gone', async (t) => {
  await using bench = openBench();
  const request = bench.request('base');
  const kernel = await buildKernel(bench.ctx, request);
  const isObjectDir = (name: string): boolean => /^O-[^.]*$/.test(name);
  for (const name of readdirSync(request.cacheDir).filter(isObjectDir)) {
    rmSync(join(request.cacheDir, name), {recursive: true});
  }
  t.match(await buildModule(bench.ctx, request, kernel, moduleOf(bench, GOOD)), {file: /toy\.ko$/});
  const [objectDir = ''] = readdirSync(request.cacheDir).filter(isObjectDir);
  t.notOk(existsSync(join(request.cacheDir, objectDir, '.kverdict-building')), 'and its O= can be believed');
  t.equal((await buildKernel(bench.ctx, bench.request('next'))).objects, 5);
});

t.test('what does not build is told in the words of who refused it', async (t) => {
  await using bench = openBench();
  const request = bench.request('base');
  const kernel = await buildKernel(bench.ctx, request);
  const failed = async (module: ModuleSource): Promise<string> =>
    ((await buildModule(bench.ctx, request, kernel, module)) as {failed: string}).failed;
  t.match(
    await failed(moduleOf(bench, 'int toy(void)\n{\n\treturn gone;\n}\n')),
    /^toy\.c:3:\d+: error: .gone. undeclared/,
  );
  t.match(
    await failed(moduleOf(bench, GOOD.replaceAll('do_wp_page', 'never_exported'))),
    /^error: modpost: "never_exported" \[toy\.ko\] undefined!$/,
  );
  t.equal(await failed(moduleOf(bench, GOOD, 'obj-m := \n')), 'its Kbuild does not make toy.ko');
  t.match(await buildModule(bench.ctx, request, kernel, moduleOf(bench, GOOD)), {file: /toy\.ko$/}, 'and then it does');
});
