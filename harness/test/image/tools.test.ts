// SPDX-License-Identifier: MIT
import {existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync} from 'node:fs';
import {dirname, join} from 'node:path';
import t from 'tap';
import {hostCodename} from '../../image/apt-sources.js';
import {ensureImage} from '../../image/image.js';
import {ensureTools, readToolsRecipe, toolsFile} from '../../image/tools.js';
import type {Context} from '../../lib/context.js';
import type {RunOptions} from '../../lib/exec.js';
import {seedFakeImage} from '../fakes/fake-qemu-install.js';
import {type TestContext, testContext} from '../fakes/test-context.js';

/** Packages whose programs are this host's own `true`; tar is what is asked to unpack them. */
function withPackages(ctx: TestContext): Context {
  const sources = join(ctx.folder, 'debian.sources');
  writeFileSync(sources, 'Types: deb\nURIs: http://mirror.example/debian\nSuites: x\nComponents: main\n');
  const recipe = readToolsRecipe(join(ctx.paths.project, 'vm-images/userland/tools'));
  const paths = recipe.programs.map(({path}) => path);
  const run = async (command: string, args: readonly string[], options: RunOptions = {}) => {
    if (command === 'apt-get') {
      const stdout = `${sources}:1|Debian|${hostCodename()}|${hostCodename()}\n`;
      return {...(await ctx.exec.run('true', [])), stdout};
    }
    if (command === 'mmdebstrap') return ctx.exec.run('true', []);
    if (command !== 'tar') return ctx.exec.run(command, args, options);
    const root = args[args.indexOf('-C') + 1] ?? '';
    writeFileSync(join(root, 'true.c'), 'int main(void) { return 0; }\n');
    writeFileSync(join(root, 'kverdict-packages'), 'tools\t1\n');
    await ctx.exec.runOk('gcc', ['-static', '-o', join(root, 'true'), join(root, 'true.c')]);
    for (const path of paths) await ctx.exec.runOk('install', ['-D', join(root, 'true'), join(root, path)]);
    return ctx.exec.run('true', []);
  };
  return {...ctx, exec: {...ctx.exec, run, runOk: run}};
}

t.test('the tools come behind the archive of the image, for their owner only, and are made once', async (t) => {
  const ctx = testContext();
  t.teardown(ctx.remove);
  const {initrd} = await seedFakeImage(ctx, 'x86_64');
  const recipe = readToolsRecipe(join(ctx.paths.project, 'vm-images/userland/tools'));
  const seeded = toolsFile(initrd, recipe, hostCodename());
  rmSync(seeded);

  t.equal((await ensureImage(ctx, 'x86_64')).initrdWithTools, undefined);
  t.notOk(existsSync(seeded), 'nobody asked for them');
  const {initrdWithTools} = await ensureImage(withPackages(ctx), 'x86_64', {tools: true});
  t.equal(initrdWithTools, seeded);
  t.equal(statSync(seeded).mode & 0o777, 0o600);
  const [base, both] = [readFileSync(initrd), readFileSync(seeded)];
  t.ok(both.subarray(0, base.length).equals(base), 'the image first');
  t.equal(both.subarray(base.length, base.length + 6).toString(), '070701', 'then an archive, where one may begin');
  t.match(both.subarray(base.length).toString('latin1'), /usr\/bin\/timeout\0/);
  t.same(
    readdirSync(dirname(initrd)).sort(),
    ['initrd.cpio', seeded.slice(dirname(initrd).length + 1), 'packages.json'].sort(),
  );

  const before = ctx.events.length;
  t.equal(await ensureTools(ctx, 'x86_64', initrd), seeded);
  t.equal(ctx.events.length, before, 'no program is run');
});

t.test('another recipe or release is another archive', async (t) => {
  const recipe = {packages: ['a'], programs: [{path: 'bin/a', links: []}]};
  const file = toolsFile('/i/initrd.cpio', recipe, 'bookworm');
  t.not(toolsFile('/i/initrd.cpio', recipe, 'trixie'), file);
  t.not(toolsFile('/i/initrd.cpio', {...recipe, programs: [{path: 'bin/a', links: ['bin/b']}]}, 'bookworm'), file);
});

t.test('the recipe: a path, and links behind it', async (t) => {
  const folder = t.testdir({
    packages: '# why\nbash-static\n',
    programs: 'bin/bash-static bin/bash usr/bin/bash\nusr/bin/env\n',
  });
  t.same(readToolsRecipe(folder), {
    packages: ['bash-static'],
    programs: [
      {path: 'bin/bash-static', links: ['bin/bash', 'usr/bin/bash']},
      {path: 'usr/bin/env', links: []},
    ],
  });
});
