// SPDX-License-Identifier: MIT
/** A tree whose makefiles are out to get whoever reads what they leave. */
import {execFileSync} from 'node:child_process';
import {existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import t from 'tap';
import {buildKernel} from '../../kernel/build.js';
import {type BuildFacts, storeBuild} from '../../kernel/build-store.js';
import {listSources} from '../../kernel/compiled-in.js';
import {openObjectDir} from '../../kernel/object-dir.js';
import {listSymbols} from '../../kernel/symbols.js';
import {InfraError, KernelError} from '../../lib/errors.js';
import {type Bench, openBench} from './support.js';

const SECONDS = 20;
const MAP = '@nm $(obj-y) | awk \'$$2 ~ /[Tt]/; $$2 == "T" {print $$1, "r __ksymtab_" $$3}\' | sort -k3 > System.map\n';

/** The toy with a last command of vmlinux; `VICTIM` in it is a file of the user's. */
function hostile(bench: Bench, command: string): {victim: string} {
  const victim = join(bench.folder, 'victim');
  writeFileSync(victim, 'of the user\n');
  const Makefile = bench.source('Makefile');
  t.ok(Makefile.includes(MAP));
  bench.edit('Makefile', Makefile.replace(MAP, `${MAP}\t@${command.replaceAll('VICTIM', victim)}\n`));
  return {victim};
}

/** Any file of the store with these bytes. */
const inStore = (bench: Bench, text: string): boolean => {
  const store = join(bench.folder, 'cache/store');
  if (!existsSync(store)) return false;
  return readdirSync(store, {recursive: true, withFileTypes: true}).some(
    (entry) => entry.isFile() && readFileSync(join(entry.parentPath, entry.name)).includes(text),
  );
};

/** What the build is refused with; a build that hangs is a failure of its own. */
async function refusalOf(bench: Bench): Promise<Error | 'it was built'> {
  const late = setTimeout(() => bench.abort.abort(new Error('it hung')), SECONDS * 1000);
  try {
    await buildKernel(bench.ctx, bench.request('patched', {side: 'patched'}));
    return 'it was built';
  } catch (error) {
    return error as Error;
  } finally {
    clearTimeout(late);
  }
}

/** With a build each, as they come; what `storeBuild` and `listSymbols` refuse is below, without make. */
const BUILDS: readonly [name: string, command: string, message: RegExp][] = [
  [
    'a link for System.map',
    'ln -sf VICTIM System.map',
    /System\.map`, left by the build, .* got a link to `.*victim`$/,
  ],
  [
    'a release that acts on terminals and paths',
    "printf '../../\\033]0;title\\007' > include/config/kernel.release",
    /^The build calls its kernel `\.\.\/\.\.\/[ -~\u2400-\u243f]*`: that is no release of Linux$/,
  ],
];

for (const [name, command, message] of BUILDS) {
  t.test(`${name} is a fault of the tree, told by name`, async (t) => {
    await using bench = openBench();
    const {victim} = hostile(bench, command);
    const error = await refusalOf(bench);
    t.ok(error instanceof KernelError, String(error));
    t.match(error instanceof Error ? error.message : error, message);
    t.equal(readFileSync(victim, 'utf8'), 'of the user\n');
    t.notOk(inStore(bench, 'of the user'), 'and nothing of the user went into the store');
  });
}

const LEFT: readonly [name: string, command: string, message: string][] = [
  ['a FIFO', 'rm System.map; mkfifo System.map', 'System.map`, left by the build, to be a regular file, got a FIFO'],
  [
    'a link',
    'ln -sf ../victim vmlinux',
    'vmlinux`, the kernel that was built, to be a regular file, got a link to `../victim`',
  ],
  ['a folder', 'rm .config; mkdir .config', '.config`, left by the build, to be a regular file, got a directory'],
  [
    'a huge file',
    'truncate -s 1T System.map',
    'System.map`, left by the build, to have at most 67108864 bytes, got 1099511627776 or more',
  ],
  ['a FIFO', 'rm mm/a.o; mkfifo mm/a.o', 'mm/a.o`, an object of the build, to be a regular file, got a FIFO'],
  ['a link in the way', 'mv mm x; ln -s x mm', 'mm/a.o`, an object of the build, to be a regular file, got a link'],
];

t.test('what make left for the store: only plain files are taken, and at once', async (t) => {
  for (const [name, command, message] of LEFT) {
    await using bench = openBench();
    const objectDir = join(bench.folder, 'O');
    mkdirSync(join(objectDir, 'mm'), {recursive: true});
    bench.edit('mm/a.c', '');
    writeFileSync(join(bench.folder, 'victim'), 'of the user\n');
    for (const file of ['vmlinux', 'System.map', '.config', 'mm/a.o']) writeFileSync(join(objectDir, file), file);
    execFileSync('sh', ['-c', command], {cwd: objectDir});
    const facts = {key: 'k', arch: 'x86_64'} as BuildFacts;
    const {sourceDir} = bench.request('x');
    const store = () =>
      storeBuild(bench.ctx, facts, objectDir, {
        symbols: listSymbols(sourceDir, objectDir, ['mm/a.o']),
        sources: listSources(sourceDir, objectDir),
      });
    const error = await Promise.resolve()
      .then(store)
      .catch((thrown: unknown) => thrown);
    t.ok(error instanceof KernelError, `${name}: ${error}`);
    t.equal((error as Error).message, `Expected \`${objectDir}/${message}`);
    t.notOk(inStore(bench, 'of the user'));
  }
});

t.test('a link where kverdict itself writes in O= leads nowhere', async (t) => {
  await using bench = openBench();
  const links = ['.kverdict-state.json.new', '.kverdict-building', 'Module.symvers'];
  const {victim} = hostile(bench, links.map((name) => `ln -sf VICTIM ${name}`).join('; '));
  t.equal(await refusalOf(bench), 'it was built');
  t.equal(readFileSync(victim, 'utf8'), 'of the user\n');
});

t.test('a state of O= that a build wrote is not believed for its first line', async (t) => {
  const objectDir = t.testdir({});
  const warning = {kind: 'warning', file: 'a.c', line: 1, column: 1, text: 'x'};
  const words = (messages: unknown, config?: unknown): string => JSON.stringify({format: 1, messages, config});
  for (const [text, believed] of [
    [words({'a.o': [warning]}), true],
    [words({'a.o': [{...warning, text: 7}]}), false],
    [words({'a.o': [null]}), false],
    [words({'a.o': 'x'}), false],
    [words([[[]]]), false],
    [words({}, {inputs: 'x'}), false],
  ] as const) {
    writeFileSync(join(objectDir, '.kverdict-state.json'), text);
    t.equal(openObjectDir(objectDir).distrusted, !believed, text);
  }
});

t.test('make that does not end is ended, and nobody is called bad for it', async (t) => {
  await using bench = openBench();
  hostile(bench, 'echo waiting; sleep 1000');
  process.env.KVERDICT_BUILD_MINUTES = '0.05';
  t.teardown(() => delete process.env.KVERDICT_BUILD_MINUTES);
  const error = await refusalOf(bench);
  t.ok(error instanceof InfraError, String(error));
  t.match(
    String(error),
    /^InfraError: `make vmlinux` did not end within [3-6] s and was stopped: the tree may wait for something, or this host is slow$/,
  );
  t.match(
    (error as InfraError).hint,
    /^The last lines of .*log-1 say where it was\. KVERDICT_BUILD_MINUTES=N allows more\.$/,
  );
});
