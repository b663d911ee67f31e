// SPDX-License-Identifier: MIT
import {chmodSync, existsSync, readdirSync, readFileSync, statSync, writeFileSync} from 'node:fs';
import {dirname, join} from 'node:path';
import t from 'tap';
import {BuildFailed, buildKernel} from '../../kernel/build.js';
import {newWarnings} from '../../kernel/new-warnings.js';
import {InfraError, UserError} from '../../lib/errors.js';
import {sleep} from '../../lib/sleep.js';
import {openBench} from './support.js';

const objectDirOf = (cacheDir: string): string =>
  join(cacheDir, readdirSync(cacheDir).find((name) => /^O-[^.]*$/.test(name)) ?? 'no O=');

t.test('base, then patched in the same O=, then base again from the store', async (t) => {
  await using bench = openBench();
  const first = bench.request('base');
  const locks = (): string[] => readdirSync(first.cacheDir).filter((name) => name.endsWith('.flock'));
  first.checkOut = async () => {
    await sleep(50);
    t.equal(locks().length, 1, 'nobody else may use O= meanwhile');
  };
  const base = await buildKernel(bench.ctx, first);
  t.strictSame(locks(), []);
  t.match(base, {arch: 'x86_64', cached: false, objects: 5, release: '6.12.7', commit: 'commit-of-base'});
  t.match(readFileSync(base.image, 'utf8'), /^fake-linux 6\.12\.7 x86_64\nboot ok\n/);
  t.match(readFileSync(base.config, 'utf8'), /^CONFIG_USERFAULTFD=y$|CONFIG_BINFMT_ELF=y/m);
  t.match(readFileSync(base.systemMap, 'utf8'), /do_wp_page/);
  t.match(readFileSync(base.symbols ?? '', 'utf8'), /^F mm\/memory\.c\nf [0-9a-f]{16} do_wp_page$/m);
  t.match(base.warnings, [{file: 'mm/memory.c', line: 7, option: '-Wunused-variable', kind: 'warning'}]);

  bench.edit('mm/userfaultfd.c', bench.source('mm/userfaultfd.c').replace('\treturn', '\tint forgotten;\n\n\treturn'));
  const patched = await buildKernel(bench.ctx, bench.request('patched', {side: 'patched'}));
  t.equal(patched.objects, 1, 'only what the series touched is compiled');
  t.equal(patched.warnings.length, 2, 'the warning of an object that was not compiled again is still known');
  t.match(newWarnings(base.warnings, patched.warnings, ['mm/userfaultfd.c']), [
    {file: 'mm/userfaultfd.c', line: 6, option: '-Wunused-variable'},
  ]);
  const before = bench.checkOuts;
  const again = await buildKernel(bench.ctx, bench.request('base', {commit: 'same tree, other commit'}));
  t.match(again, {cached: true, objects: 0, commit: 'same tree, other commit', key: base.key});
  t.strictSame([again.warnings, again.symbols], [base.warnings, base.symbols]);
  t.equal(bench.checkOuts, before, 'a hit does not touch the source');
  t.match(bench.events.at(-1), {type: 'step-end', status: 'cached'});

  const config = join(objectDirOf(first.cacheDir), '.config');
  const stamp = statSync(config).mtimeMs;
  const same = await buildKernel(bench.ctx, bench.request('the same source as another tree'));
  t.equal(same.objects, 0, 'make has nothing to do');
  t.equal(statSync(config).mtimeMs, stamp, '.config keeps its time stamp');
  t.equal(readFileSync(same.image, 'utf8'), readFileSync(patched.image, 'utf8'));

  const configured = (): number =>
    bench.events.filter((event) => event.type === 'command' && /olddefconfig$/.test(event.line)).length;
  t.equal(configured(), 1, 'conf runs once for the same Kconfig');
  bench.edit('Kconfig', `${bench.source('Kconfig')}\nconfig FRESH\n\tbool "New"\n\tdefault y\n`);
  const changed = await buildKernel(bench.ctx, bench.request('other Kconfig'));
  t.equal(configured(), 2);
  t.match(readFileSync(changed.config, 'utf8'), /^# CONFIG_FRESH is not set$/m);
});

t.test('arm64 takes Image and keeps vmlinux beside it', async (t) => {
  await using bench = openBench();
  const built = await buildKernel(bench.ctx, bench.request('base', {arch: 'arm64', fragments: []}));
  t.match(readFileSync(built.image, 'utf8'), /^fake-linux 6\.12\.7 arm64/);
  t.ok(existsSync(built.vmlinux ?? ''));
});

t.test('a tree that does not compile', async (t) => {
  await using bench = openBench();
  await buildKernel(bench.ctx, bench.request('base'));
  bench.edit('kernel/fork.c', bench.source('kernel/fork.c').replace('toy_pages', 'toy_pagez'));
  const request = bench.request('broken', {
    side: 'patched',
    variables: {CC: 'cc', LD: 'ld', KCFLAGS: '-Werror=implicit-function-declaration'},
  });
  const error = await t.rejects(buildKernel(bench.ctx, request), BuildFailed);
  const failed = (await buildKernel(bench.ctx, request).catch((caught: unknown) => caught)) as BuildFailed;
  t.ok(error);
  t.match(failed.message, /^The patched kernel does not build for x86_64:\n {2}kernel\/fork\.c:6:\d+: error: implicit/);
  t.match(failed, {arch: 'x86_64', side: 'patched', log: request.log, blame: 'kernel'});
  t.ok(failed.messages.some(({file, kind}) => file === 'kernel/fork.c' && kind === 'error'));

  bench.edit('kernel/fork.c', bench.source('kernel/fork.c').replace('toy_pagez', 'toy_pages'));
  const mended = await buildKernel(bench.ctx, {...request, treeHash: 'mended'});
  t.equal(mended.objects, 1, 'the failed build compiled the rest, and left an O= that is good to go on with');
  t.equal(mended.warnings.length, 1);
});

t.test('a build that was killed, and an image that was damaged, are not believed', async (t) => {
  await using bench = openBench();
  await buildKernel(bench.ctx, bench.request('base'));
  const objectDir = objectDirOf(bench.request('x').cacheDir);
  // What SIGKILL leaves: the marker, and an object that is newer than its source and half written.
  writeFileSync(join(objectDir, '.kverdict-building'), '');
  writeFileSync(join(objectDir, 'mm/memory.o'), 'half');
  const next = await buildKernel(bench.ctx, bench.request('next'));
  t.equal(next.objects, 5, 'everything is compiled again');
  t.match(readFileSync(next.systemMap, 'utf8'), /do_wp_page/);
  t.equal(next.warnings.length, 1);
  t.ok(bench.events.some((event) => event.type === 'note' && /cut short/.test(event.message)));
  const progress = bench.events.filter(({type}) => type === 'step-progress').at(-1);
  t.match(progress, {done: 5, total: 5}, 'the first cold build told how many objects there are');

  const text = readFileSync(next.image, 'utf8');
  writeFileSync(next.image, text.replace('boot ok', 'boot no'));
  const again = await buildKernel(bench.ctx, bench.request('next'));
  t.equal(again.cached, false);
  t.equal(readFileSync(again.image, 'utf8'), text);
});

t.test('an interrupted build is not believed either', async (t) => {
  await using bench = openBench();
  bench.edit('Kbuild', `${bench.source('Kbuild')}$(shell sleep 20)\n`);
  const request = bench.request('slow');
  const running = buildKernel(bench.ctx, request);
  const mark = () =>
    readdirSync(request.cacheDir).some((name) => existsSync(join(request.cacheDir, name, '.kverdict-building')));
  // make waits in there: the interrupt comes while it is at work, however slow the host is.
  while (!mark()) await sleep(20, bench.ctx.signal);
  bench.abort.abort(new Error('stop'));
  await t.rejects(running, {message: 'stop'});
  t.ok(mark(), 'the next build starts from nothing');
});

t.test('a compiler that is missing', async (t) => {
  await using bench = openBench();
  await t.rejects(buildKernel(bench.ctx, bench.request('base', {variables: {CC: 'gcc-nowhere'}})), {
    name: 'InfraError',
    message: 'Cannot build for x86_64: `gcc-nowhere` is not installed',
  });
});

t.test('a full disk', async (t) => {
  await using bench = openBench();
  // A compiler that says what gcc says when it cannot write.
  const cc = join(bench.folder, 'cc-full');
  writeFileSync(
    cc,
    '#!/bin/sh\n[ "$1" = --version ] && { echo cc-full 1.0; exit; }\n' +
      'case "$*" in *memory.c*) echo "fatal error: error writing to /tmp/ccX.s: No space left on device" >&2; exit 1;; esac\nexec cc "$@"\n',
  );
  chmodSync(cc, 0o755);
  const request = bench.request('base', {variables: {CC: cc, LD: 'ld'}});
  const error = (await buildKernel(bench.ctx, request).catch((caught: unknown) => caught)) as InfraError;
  t.type(error, InfraError);
  t.match(
    error.message,
    /^No space left for building a kernel: the file system of .* is full \(\d+ of \d+ MiB are free\); it takes about \d+ MiB$/,
  );
  t.match(error.hint, /kverdict clean.*XDG_CACHE_HOME/);
  t.strictSame(
    readdirSync(dirname(request.sourceDir)).filter((name) => /^O-[^.]*$/.test(name)),
    [],
    'its space is given back',
  );
});

t.test('a fragment that is not there', async (t) => {
  await using bench = openBench();
  await t.rejects(buildKernel(bench.ctx, bench.request('base', {fragments: ['nope']})), UserError);
});

t.test('a cache whose path kbuild refuses', async (t) => {
  await using bench = openBench();
  await t.rejects(buildKernel(bench.ctx, bench.request('base', {cacheDir: '/my cache/trees/toy'})), {
    blame: 'user',
    message: 'Linux cannot be built in `/my cache/trees/toy`: the path has a space or a colon in it',
  });
});

t.test('sources that changed under make: nothing is kept, and the next build begins anew', async (t) => {
  await using bench = openBench();
  const request = bench.request('base');
  const changed = new InfraError('The sources changed');
  await t.rejects(buildKernel(bench.ctx, {...request, confirm: () => Promise.reject(changed)}), changed);
  const {cached, objects} = await buildKernel(bench.ctx, request);
  t.match({cached, objects}, {cached: false, objects: 5});
  t.match(bench.events.filter(({type}) => type === 'note').at(-1), {message: /from the start/});
});
