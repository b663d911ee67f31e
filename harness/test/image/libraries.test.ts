// SPDX-License-Identifier: MIT
import {existsSync, mkdirSync, readFileSync, writeFileSync} from 'node:fs';
import {dirname, join} from 'node:path';
import t from 'tap';
import {hostCodename} from '../../image/apt-sources.js';
import {ensureLibraries, librariesDirectory, readLibrariesRecipe} from '../../image/libraries.js';
import type {Context} from '../../lib/context.js';
import type {RunOptions} from '../../lib/exec.js';
import {type TestContext, testContext} from '../fakes/test-context.js';

const TRIPLET = 'aarch64-linux-gnu';

/** Packages that hold these files. */
function withPackages(ctx: TestContext, files: readonly string[], mirror = true): Context {
  const sources = join(ctx.folder, 'debian.sources');
  writeFileSync(sources, 'Types: deb\nURIs: http://mirror.example/debian\nSuites: x\nComponents: main\n');
  const run = async (command: string, args: readonly string[], options: RunOptions = {}) => {
    const done = await ctx.exec.run('true', []);
    if (command === 'apt-get') return {...done, stdout: `${sources}:1|Debian|${hostCodename()}|${hostCodename()}\n`};
    if (command === 'mmdebstrap') {
      writeFileSync(options.log ?? '', 'E: no route to mirror.example\n');
      return mirror ? done : {...done, exitCode: 1};
    }
    if (command !== 'tar') return ctx.exec.run(command, args, options);
    const root = args[args.indexOf('-C') + 1] ?? '';
    for (const file of [...files, 'kverdict-packages']) {
      mkdirSync(dirname(join(root, file)), {recursive: true});
      writeFileSync(join(root, file), `${file}\t1\n`);
    }
    return done;
  };
  return {...ctx, exec: {...ctx.exec, run, runOk: run}};
}

function packaged(ctx: TestContext): string[] {
  const {files} = readLibrariesRecipe(join(ctx.paths.project, 'vm-images/libraries'));
  return files.map((file) => {
    if (!file.startsWith('usr/')) return `usr/lib/${TRIPLET}/${file}`;
    return file.endsWith('.h') ? file : `${file}/inner.h`;
  });
}

t.test('what the recipe names is kept, and nothing of libc; it is made once', async (t) => {
  const ctx = testContext();
  t.teardown(ctx.remove);
  const files = [...packaged(ctx), 'usr/include/stdio.h', `usr/lib/${TRIPLET}/libc.a`];
  const libraries = await ensureLibraries(withPackages(ctx, files), 'arm64');
  t.ok(existsSync(join(libraries?.include ?? '', 'sys/capability.h')));
  t.match(readFileSync(join(libraries?.include ?? '', 'liburing/inner.h'), 'utf8'), /liburing/);
  t.ok(existsSync(join(libraries?.lib ?? '', 'libnuma.a')));
  t.notOk(existsSync(join(libraries?.include ?? '', 'stdio.h')), "the compiler's own come from its place");
  t.notOk(existsSync(join(libraries?.lib ?? '', 'libc.a')));
  const before = ctx.events.length;
  t.same(await ensureLibraries(ctx, 'arm64'), libraries);
  t.equal(ctx.events.length, before, 'no program is run');
});

t.test('without a mirror, or with packages that changed, it is said and the rest goes on', async (t) => {
  const ctx = testContext();
  t.teardown(ctx.remove);
  t.equal(await ensureLibraries(withPackages(ctx, [], false), 'x86_64'), undefined);
  t.match(ctx.events.at(-1), {type: 'warning', message: /what this host has installed: Cannot get libcap-dev/});
  t.equal(await ensureLibraries(withPackages(ctx, []), 'x86_64'), undefined);
  t.match(ctx.events.at(-1), {type: 'warning', message: /hold no `usr\/include\/sys\/capability\.h` for x86_64/});
});

t.test('another recipe, architecture or release is another folder', async (t) => {
  const ctx = testContext();
  t.teardown(ctx.remove);
  const recipe = {packages: ['a'], files: ['b.a']};
  const all = [
    librariesDirectory(ctx, 'arm64', recipe, 'bookworm'),
    librariesDirectory(ctx, 'x86_64', recipe, 'bookworm'),
    librariesDirectory(ctx, 'arm64', recipe, 'trixie'),
    librariesDirectory(ctx, 'arm64', {...recipe, files: ['c.a']}, 'bookworm'),
  ];
  t.equal(new Set(all).size, all.length);
});
