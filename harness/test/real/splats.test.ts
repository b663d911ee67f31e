// SPDX-License-Identifier: MIT
/**
 * Kernels that go wrong for real while their tests say ok, on both architectures: a module warns, oopses, stalls,
 * panics and spins on demand.
 */
import {spawnSync} from 'node:child_process';
import {readFileSync, statSync} from 'node:fs';
import {join} from 'node:path';
import t from 'tap';
import {resolvePaths} from '../../lib/paths.js';
import {kverdict, printed, rowOf} from './live.js';

const {project} = resolvePaths();
const here = join(project, 'harness/test/real');
t.setTimeout(3_600_000);

/** Test → how it ends as a whole, and what the kernel said: what calls last is not in the trace. Each of them says ok. */
const ENDS: Readonly<Record<string, {slot: 'fail' | 'crash'; identity: RegExp}>> = {
  warn: {slot: 'fail', identity: /^WARNING at splat\.c in warn_here <- splat_write/},
  'quiet-warn': {slot: 'fail', identity: /^WARNING at splat\.c in warn_there <- /},
  stall: {slot: 'fail', identity: /^RCU stall \(rcu_sched\) in stall_rcu$/},
  oops: {slot: 'crash', identity: /NULL pointer dereference in write_to_nothing <- /},
  bug: {slot: 'crash', identity: /^kernel BUG at splat\.c in bug_here <- /},
  panic: {slot: 'crash', identity: /^Kernel panic: splat: as asked in (?:panic_here <- )?splat_write/},
};

/** What a core file says of itself, by `readelf -h`; and the memory that the suite's guests have, in bytes. */
const MACHINE: Readonly<Record<string, RegExp>> = {
  x86_64: /Type: +CORE.*Machine: +Advanced Micro Devices X86-64/s,
  arm64: /Type: +CORE.*Machine: +AArch64/s,
};
const GUEST_BYTES = 256 * 1024 * 1024;

const stdoutOf = (program: string, ...args: string[]): string => spawnSync(program, args, {encoding: 'utf8'}).stdout;

for (const profile of ['x86_64', 'arm64']) {
  t.test(`${profile}: no test that says ok is a pass when its kernel is not`, async (t) => {
    const suites = ['--suites', join(here, 'suites'), '-t', 'splats', '-p', profile];
    const {code, out, results} = await kverdict(`run-${profile}`, 'run', ...suites, '--dump-guest');
    t.equal(code, 1);
    t.match(rowOf(results, profile, 'nothing/nothing'), {patched: {pass: 1}});
    t.match(rowOf(results, profile, 'version/read'), {patched: {pass: 1}});
    t.same(printed(results, profile, 'nothing'), []);
    for (const [test, {slot, identity}] of Object.entries(ENDS)) {
      t.equal(rowOf(results, profile, test)?.patched[slot], 1, `${test} is ${slot}`);
      t.match(printed(results, profile, test)[0], identity);
    }
    t.match(rowOf(results, profile, 'taint/kernel: tainted C'), {patched: {fail: 1}});
    t.notOk(
      results.comparisons.some(({test}) => test.includes('missing #')),
      'a plan of 40 that ended after one',
    );
    t.match(rowOf(results, profile, 'panic')?.reason, /39 planned results never came/);

    const reports = ['junit.xml', 'results.tap', 'report.html'].map((name) => readFileSync(join(out, name), 'utf8'));
    for (const test of ['spin', 'spin-everywhere']) {
      const row = rowOf(results, profile, test);
      t.match(row, {patched: {crash: 1}, evidence: {diagnosis: String, memoryDump: String}}, test);
      const {memoryDump = ''} = row?.evidence ?? {};
      for (const report of reports) t.match(report, memoryDump, 'each report names the core');
      const core = join(out, memoryDump);
      t.match(stdoutOf('readelf', '-h', core), MACHINE[profile]);
      t.equal(stdoutOf('readelf', '-n', core).match(/NT_PRSTATUS/g)?.length, 2, 'registers of each vCPU');
      t.equal(Math.round(statSync(core).size / GUEST_BYTES), 1, 'all of its memory');
      const banner = `Linux version ${results.builds[0]?.release} `;
      t.match(stdoutOf('grep', '-a', '-o', '-m', '1', '-F', banner, core), banner, 'which is that of this kernel');
      const told = readFileSync(join(out, row?.evidence?.diagnosis ?? ''), 'utf8');
      t.match(told, /== registers ==\nCPU#0/i);
      if (test === 'spin') {
        t.match(told, /Show backtrace of all active CPUs|Sending NMI from CPU/, 'the other CPU answers a BREAK');
      } else if (profile === 'x86_64') t.match(told, /== NMI ==.*spin_without_interrupts/s);
    }
  });
}

t.test('a warning of both kernels is not a regression, a new one is', async (t) => {
  const tests = ['nothing', 'warn', 'version'].flatMap((test) => ['-t', `splats:${test}`]);
  const common = ['--suites', join(here, 'suites'), ...tests, '-p', 'x86_64,arm64'];
  const series = join(here, 'series/warn-in-version.patch');
  const {code, results} = await kverdict('new', 'verify', series, ...common);
  t.equal(code, 1);
  for (const profile of ['x86_64', 'arm64']) {
    t.equal(rowOf(results, profile, 'warn')?.change, 'still-failing', profile);
    t.match(rowOf(results, profile, 'version'), {change: 'regressed', base: {pass: 5}, patched: {fail: 5}});
    t.match(rowOf(results, profile, 'version/read'), {change: 'unchanged', patched: {fail: 0}});
    const bad = results.findings.filter((one) => one.severity === 'bad' && one.profile === profile);
    t.equal(bad.length, 1, 'one finding');
    t.match(bad[0]?.detail, /the kernel printed: WARNING at fs\/proc\/version\.c in version_proc_show/);
  }
});
