// SPDX-License-Identifier: MIT
import {existsSync, readdirSync, readFileSync, statSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import t from 'tap';
import {buildKernel} from '../../kernel/build.js';
import {compileWithMore, extraOptions, touchedSources} from '../../kernel/extra-warnings.js';
import {KernelError} from '../../lib/errors.js';
import {type Bench, openBench} from './support.js';

const USED_UNSET = `
int kv_pick(int which);
int kv_pick(int which)
{
	int page;

	if (which > 3)
		page = which;
	return page;
}
`;

async function built(bench: Bench): Promise<{sourceDir: string; objectDir: string}> {
  const {objectDir} = await buildKernel(bench.ctx, bench.request('base'));
  return {objectDir, sourceDir: bench.request('base').sourceDir};
}

/** Every file of a folder with its size and time. */
function listing(folder: string): string[] {
  return readdirSync(folder, {recursive: true})
    .map(String)
    .sort()
    .map((name) => {
      const {size, mtimeMs} = statSync(join(folder, name));
      return `${name} ${size} ${mtimeMs}`;
    });
}

const settings = {
  ...{options: extraOptions('gcc (GCC) 12'), compiler: ['cc'], env: {LC_ALL: 'C'}, jobs: 2},
  onFile: () => {},
};

t.test('finds what the build is silent about, and O= stays as it was', async (t) => {
  await using bench = openBench();
  bench.edit('mm/memory.c', bench.source('mm/memory.c') + USED_UNSET);
  const place = await built(bench);
  const before = listing(place.objectDir);
  const messages = await compileWithMore(bench.ctx, {...place, ...settings, files: ['mm/memory.c']});
  t.match(
    messages.filter(({option}) => option === '-Wmaybe-uninitialized'),
    [{kind: 'warning', file: 'mm/memory.c', line: 21}],
  );
  t.strictSame(listing(place.objectDir), before);
  t.strictSame(readdirSync(join(bench.ctx.paths.cache, 'tmp')), [], 'its own objects are gone');
});

t.test('a file that is not there has no messages; one that does not compile is an error', async (t) => {
  await using bench = openBench();
  const place = await built(bench);
  t.strictSame(await compileWithMore(bench.ctx, {...place, ...settings, files: ['mm/none.c']}), []);
  bench.edit('mm/memory.c', 'int broken(\n');
  await t.rejects(
    compileWithMore(bench.ctx, {...place, ...settings, files: ['mm/memory.c']}),
    new KernelError(
      'mm/memory.c does not compile by itself: line 1: expected declaration specifiers or ‘...’ at end of input'.replaceAll(
        /[‘’]/g,
        "'",
      ),
    ),
  );
});

t.test(
  'what a build wrote into a command is not run: neither a program nor an option that loads or writes',
  async (t) => {
    await using bench = openBench();
    const place = await built(bench);
    const evil = join(bench.folder, 'evil');
    writeFileSync(evil, `#!/bin/sh\necho "$@" >${bench.folder}/PWNED\n`, {mode: 0o755});
    const cmd = join(place.objectDir, 'mm/.memory.o.cmd');
    const kept = readFileSync(cmd, 'utf8');
    const run = () => compileWithMore(bench.ctx, {...place, ...settings, files: ['mm/memory.c']});
    writeFileSync(cmd, kept.replace(/:= \S+/, `:= ${evil}`));
    const said = (await run()).map(({option}) => option);
    t.strictSame(said, ['-Wunused-variable'], "the build's own compiler is called instead");
    for (const word of [`-fplugin=${evil}`, `-B${bench.folder}`, `@${evil}`, '-wrapper', '-MF', `-Wp,-MF,${evil}`]) {
      writeFileSync(cmd, kept.replace(' -c ', ` ${word} ${evil} -c `));
      const why = `its command was saved with \`${word}\`, which is not run again`;
      await t.rejects(run(), new KernelError(`mm/memory.c is not compiled once more: ${why}`));
    }
    t.equal(existsSync(join(bench.folder, 'PWNED')), false);
  },
);

t.test('touched files are those that this O= compiles', async (t) => {
  await using bench = openBench();
  const {objectDir} = await built(bench);
  const touched = ['mm/memory.c', 'include/linux/toy.h', 'fs/absent.c', 'Kconfig'];
  t.strictSame(touchedSources(objectDir, touched), {compiled: ['mm/memory.c'], notCompiled: ['fs/absent.c']});
});
