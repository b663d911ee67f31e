// SPDX-License-Identifier: MIT
/** Which of six patches brings the clear_refs race back: on Debian's kernel and QEMU, with one that does not build. */
import {mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import t from 'tap';
import type {BisectReport} from '../../bisect/report.js';
import {resolvePaths} from '../../lib/paths.js';
import {DEBIAN_SOURCE} from '../../tree/debian-source.js';
import {runProgram} from './live.js';

const {project} = resolvePaths();
const folder = mkdtempSync(join(tmpdir(), 'kverdict-real-'));
t.teardown(() => rmSync(folder, {recursive: true, force: true}));
t.setTimeout(3_600_000);

const read = (path: string): string[] =>
  readdirSync(join(project, path))
    .filter((name) => name.endsWith('.patch'))
    .sort()
    .map((name) => readFileSync(join(project, path, name), 'utf8'));

t.test('the patch that brings a race back', async (t) => {
  const [before, after] = [0, 3].map((at) =>
    read('harness/test/fixtures/real-series/race-in-the-fourth').slice(at, at + 3),
  );
  const fourth = read('selftests/sentinels/clear-refs-read-lock').join('').replace('[PATCH]', '[PATCH 4/6]');
  const series = join(folder, 'six.mbox');
  writeFileSync(series, [...(before ?? []), fourth, ...(after ?? [])].join(''));
  const out = join(folder, 'out');
  const words = ['bisect', series, '--tree', DEBIAN_SOURCE, '-t', 'clear_refs:race', '-p', 'x86_64', '--out', out];
  t.equal(await runProgram(words), 0);
  const report = JSON.parse(readFileSync(join(out, 'bisect.json'), 'utf8')) as BisectReport;
  t.match(report, {
    outcome: 'found',
    hunted: {key: 'race/no write is lost, pages pinned by vmsplice', how: 'fail'},
    culprits: [{patch: 4, subject: 'fs/proc: clear soft-dirty bits under mmap_lock for read'}],
    evidence: {without: {failed: 0}},
  });
  t.ok(report.confidence.reached >= 0.99, `${report.confidence.reached}`);
  t.match(
    report.skipped,
    report.skipped.map(() => ({reason: /^does not build: .*exceeds 64 characters/})),
  );
  t.ok(report.cost.builds + report.cost.cachedBuilds <= 6, 'not every commit');
});
