// SPDX-License-Identifier: MIT
import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import t from 'tap';
import {BuildFailed} from '../../kernel/build-failed.js';
import {configure, lostSymbols, mergeConfig} from '../../kernel/kconfig.js';
import {fragmentText, linesOf, lineWords, loadFragments, parseFragment} from '../../kernel/kconfig-fragment.js';
import {findDefinitions} from '../../kernel/kconfig-why.js';
import {findToolchain} from '../../kernel/toolchain.js';
import {UserError} from '../../lib/errors.js';
import {fixture, openBench, project} from './support.js';

t.test('a fragment, and what is wrong in one', async (t) => {
  t.match(parseFragment('# c\n\nCONFIG_A=y\nCONFIG_B=12 # optional: 6.1 has none\nCONFIG_C="x y"\n', 'f'), [
    {symbol: 'CONFIG_A', value: 'y', line: 3, fragment: 'f'},
    {symbol: 'CONFIG_B', value: '12', optional: '6.1 has none'},
    {symbol: 'CONFIG_C', value: '"x y"'},
  ]);
  t.same(
    parseFragment(
      'CONFIG_A=y # was: CONFIG_B\nCONFIG_C=y # was: CONFIG_D, CONFIG_E; optional: new\nCONFIG_F=y # gone: 7.3 always has it\n',
      'f',
    ),
    [
      {symbol: 'CONFIG_A', value: 'y', fragment: 'f', line: 1, was: ['CONFIG_B']},
      {symbol: 'CONFIG_C', value: 'y', fragment: 'f', line: 2, was: ['CONFIG_D', 'CONFIG_E'], optional: 'new'},
      {symbol: 'CONFIG_F', value: 'y', fragment: 'f', line: 3, gone: '7.3 always has it'},
    ],
  );
  const wrong = [
    ...['CONFIG_A', 'CONFIG_B=y # why', 'CONFIG_C=y # optional:', 'FOO=y', 'CONFIG_D=y #', 'CONFIG_E=y # was: OLD'],
    ...['CONFIG_F=y # was: CONFIG_G;', 'CONFIG_H=y # was: CONFIG_I optional: why', 'CONFIG_J=y # gone:'],
  ];
  t.throws(() => parseFragment(wrong.join('\n'), 'f'), {
    message: [
      'Kconfig fragment with lines that are not understood:',
      ...wrong.map((line, index) => `  f.config:${index + 1}: \`${line}\``),
    ].join('\n'),
  });
});

t.test('named fragments override base, in no order, and must agree', async (t) => {
  await using bench = openBench();
  const folder = join(bench.folder, 'f');
  const write = (name: string, text: string): void => bench.edit(join('../../../../f', `${name}.config`), text);
  write('base', 'CONFIG_A=y\nCONFIG_B=n\n');
  write('x86_64', 'CONFIG_C=y\n');
  write('one', 'CONFIG_B=y # optional: nice to have\n');
  write('two', 'CONFIG_B=y\nCONFIG_A=y\n');
  write('three', 'CONFIG_B=n\n');
  const merged = loadFragments(folder, 'x86_64', ['one', 'two']);
  t.equal(fragmentText(merged), 'CONFIG_A=y\nCONFIG_B=y\nCONFIG_C=y\n', 'needed by one is needed');
  t.equal(fragmentText(loadFragments(folder, 'x86_64', ['two', 'one', 'one'])), fragmentText(merged));
  t.throws(() => loadFragments(folder, 'x86_64', ['two', 'three']), {
    message: 'Kconfig fragments disagree about CONFIG_B: three.config:1 wants n, two.config:1 wants y',
  });
});

t.test('every line that needs a symbol is known, so that each suite can be told why', async (t) => {
  await using bench = openBench();
  const folder = join(bench.folder, 'f');
  const write = (name: string, text: string): void => bench.edit(join('../../../../f', `${name}.config`), text);
  write('base', 'CONFIG_A=y\n');
  write('x86_64', 'CONFIG_C=y\n');
  write('one', 'CONFIG_B=y # was: CONFIG_OLD\nCONFIG_D=y # gone: folded\n');
  write('two', '\nCONFIG_B=y\nCONFIG_A=y\nCONFIG_D=y # optional: not everywhere\n');
  const merged = loadFragments(folder, 'x86_64', ['one', 'two']);
  t.same(
    merged.map((one) => [one.symbol, linesOf(one).map(lineWords).join(' ')]),
    [
      ['CONFIG_A', 'base.config:1 two.config:3'],
      ['CONFIG_B', 'one.config:1 two.config:2'],
      ['CONFIG_C', 'x86_64.config:1'],
      ['CONFIG_D', 'one.config:2'],
    ],
  );
  t.equal(
    fragmentText(merged),
    'CONFIG_A=y\nCONFIG_B=y CONFIG_OLD\nCONFIG_C=y\nCONFIG_D=y gone\n',
    'another name, and another strictness, is another kernel',
  );
});

t.test('every fragment that is shipped can be read', async (t) => {
  for (const arch of ['x86_64', 'arm64'] as const)
    t.ok(loadFragments(join(project, 'vm-images/kconfig'), arch, ['mm']).length > 50);
});

t.test('wishes take the place of what .config said', async (t) => {
  const asked = parseFragment('CONFIG_A=y\nCONFIG_AB=n\n', 'f');
  const merged = mergeConfig('# head\nCONFIG_A=n\n# CONFIG_A is not set\nCONFIG_AB=y\nCONFIG_ABC=y\n', asked);
  t.equal(merged, '# head\nCONFIG_ABC=y\nCONFIG_A=y\n# CONFIG_AB is not set\n');
  t.strictSame(lostSymbols(asked, merged), []);
  t.match(lostSymbols(asked, 'CONFIG_AB=y\n'), [{symbol: 'CONFIG_A'}, {symbol: 'CONFIG_AB'}]);
});

t.test('conditions of a symbol: its own, those of the menus and ifs around it; help texts say nothing', async (t) => {
  t.strictSame(findDefinitions(fixture('Kconfig.nested'), 'DEEP', 'x/Kconfig'), [
    {file: 'x/Kconfig', line: 19, conditions: ['NET', 'MENU_NEEDS', 'A && (B || C)  && D'], prompt: true},
    {file: 'x/Kconfig', line: 32, conditions: [], prompt: false},
  ]);
});

t.test('a symbol that does not survive', async (t) => {
  await using bench = openBench();
  const {sourceDir, cacheDir, arch, variables, jobs} = bench.request('x');
  const objectDir = join(cacheDir, 'O-test');
  bench.edit('../O-test/x', '');
  const make = {
    sourceDir,
    objectDir,
    arch,
    variables,
    jobs,
    toolchain: await findToolchain(bench.ctx, arch, variables),
  };
  const log = join(bench.folder, 'log');
  const asked = parseFragment(
    'CONFIG_USERFAULTFD=y\nCONFIG_GUP_TEST=y\nCONFIG_NO_SUCH_THING=y\nCONFIG_NO_SUCH_WISH=y # optional: new trees only\nCONFIG_TOY_LOGO=n\n',
    'mm',
  );
  const error = await configure(bench.ctx, make, asked, 'base', log).catch((caught: unknown) => caught);
  t.type(error, UserError);
  t.match(error, {
    message:
      'Kconfig symbols did not survive olddefconfig for x86_64:\n' +
      '  CONFIG_GUP_TEST=y (mm.config:2): it depends on DEBUG_FS, which is not so here (Kconfig:24)',
  });
  const taken = (await configure(bench.ctx, make, asked, 'patched', log).catch(
    (error: unknown) => error,
  )) as BuildFailed;
  t.type(taken, BuildFailed, 'the series took them away');
  t.match(taken.messages[0], {file: 'Kconfig', line: 24, kind: 'error'});

  const more = parseFragment(
    'CONFIG_DEBUG_FS=y\nCONFIG_NO_SUCH_FOLD=y # gone: 7.3\nCONFIG_NO_SUCH_NEW=y # was: CONFIG_USERFAULTFD\nCONFIG_NO_SUCH_OFF=n\n',
    'f',
  );
  const mended = [...asked.filter(({symbol}) => symbol !== 'CONFIG_USERFAULTFD'), ...more];
  t.strictSame(await configure(bench.ctx, make, mended, 'patched', log), {
    absentSymbols: ['CONFIG_NO_SUCH_FOLD', 'CONFIG_NO_SUCH_WISH'],
    missingSymbols: ['CONFIG_NO_SUCH_THING'],
    renamedSymbols: {CONFIG_NO_SUCH_NEW: 'CONFIG_USERFAULTFD'},
  });
  const config = readFileSync(join(objectDir, '.config'), 'utf8');
  t.match(config, /^CONFIG_GUP_TEST=y$/m);
  t.match(config, /^CONFIG_USERFAULTFD=y$/m, 'by its former name');
});

t.test('a symbol that is marked gone, and that the tree knows, must be there', async (t) => {
  await using bench = openBench();
  const {sourceDir, cacheDir, arch, variables, jobs} = bench.request('x');
  bench.edit('../O-test/x', '');
  const toolchain = await findToolchain(bench.ctx, arch, variables);
  const make = {sourceDir, objectDir: join(cacheDir, 'O-test'), arch, variables, jobs, toolchain};
  const asked = parseFragment('CONFIG_GUP_TEST=y # gone: 7.3\n', 'mm');
  await t.rejects(configure(bench.ctx, make, asked, 'base', join(bench.folder, 'log')), {
    message: /CONFIG_GUP_TEST=y \(mm\.config:1\): it depends on DEBUG_FS/,
  });
});
