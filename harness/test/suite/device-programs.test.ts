// SPDX-License-Identifier: MIT
/** The programs of the suites for secondary TLBs and the SMMU, where there is neither module nor device. */
import {join} from 'node:path';
import t from 'tap';
import type {ArchName} from '../../kernel/kernel-build.js';
import {createKtapReader} from '../../ktap/parse.js';
import {ownCommand} from '../../suite/compile-own.js';
import {loadSuites} from '../../suite/manifest.js';
import type {Program, Suite} from '../../suite/suite.js';
import {PROJECT, SUITES, testContext} from './support.js';

const suites = loadSuites([SUITES]);
const host: ArchName = process.arch === 'arm64' ? 'arm64' : 'x86_64';

const CASES = [
  {name: 'mmu_notifier', args: [], results: 6, why: /secondary_tlb/},
  {name: 'smmu_dma', args: ['type1'], results: 10, why: /no PCI device edu/},
  {name: 'smmu_dma', args: ['iommufd'], results: 10, why: /no PCI device edu/},
];

for (const {name, args, results, why} of CASES) {
  t.test(`${name} ${args.join(' ')}: no warning, and a skip with its reason`, async (t) => {
    const folder = t.testdir();
    const ctx = testContext(folder);
    const suite = suites.get(name) as Suite;
    const program = suite.programs.find(({kind}) => kind === 'own') as Extract<Program, {kind: 'own'}>;
    const include = join(PROJECT, 'selftests/include');
    for (const arch of ['x86_64', 'arm64'] as const) {
      const [cc = '', ...words] = ownCommand({arch, variables: {}}, suite, program, include);
      await ctx.exec.runOk(cc, [...words, '-Werror', '-o', join(folder, arch)], {cwd: suite.directory});
    }
    const ran = await ctx.exec.run(join(folder, host), args);
    const reader = createKtapReader();
    for (const line of ran.stdout.trimEnd().split('\n')) reader.line(line);
    const report = reader.end({code: ran.exitCode});
    t.same(report.problems, [], ran.stdout);
    const tests = report.results.filter(({path}) => path.length > 0);
    t.equal(tests.length, results);
    for (const {status, reason} of tests) {
      t.equal(status, 'skip');
      t.match(reason, why);
    }
    t.equal(ran.exitCode, 4);
    if (name === 'smmu_dma') t.equal((await ctx.exec.run(join(folder, host), ['glue'])).exitCode, 2);
  });
}
