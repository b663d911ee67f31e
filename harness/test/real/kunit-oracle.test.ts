// SPDX-License-Identifier: MIT
/**
 * The kernel's own KTAP parser as an oracle: `kunit.py parse` of the tree against our reader, on the logs that the
 * tree has for testing it. Both are read from the tree's repository at the time of the test; nothing of them is kept.
 */
import {execFile} from 'node:child_process';
import {mkdirSync, readdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {promisify} from 'node:util';
import t from 'tap';
import {createLineFeeder} from '../../ktap/line-feeder.js';
import {createReader} from '../../ktap/reader.js';
import type {Status, SubtestResult} from '../../ktap/result.js';
import {resolvePaths} from '../../lib/paths.js';
import {DEBIAN_SOURCE} from '../../tree/debian-source.js';
import {createGit} from '../../tree/git.js';
import {openTree} from '../../tree/open-tree.js';
import {testContext} from '../fakes/test-context.js';

type Totals = Readonly<Partial<Record<'passed' | 'failed' | 'crashed' | 'skipped', number>>>;

/** A log on which the two differ, and why ours is right. */
interface Difference {
  log: string;
  ours: Totals;
  kunit: Totals;
  reason: string;
}

const KUNIT = 'tools/testing/kunit';
/** kunit.py's words. What a panic cut off is "crashed" there; it knows neither of the others. */
const WORDS: Readonly<Record<Status, keyof Totals>> = {
  pass: 'passed',
  xfail: 'passed',
  xpass: 'failed',
  fail: 'failed',
  error: 'failed',
  skip: 'skipped',
  missing: 'crashed',
  crash: 'crashed',
  timeout: 'crashed',
};
const file = join(resolvePaths().project, 'harness/test/fixtures/kunit-oracle/differences.json');
const differences = JSON.parse(readFileSync(file, 'utf8')) as Difference[];
const ctx = {...testContext(), paths: resolvePaths()};
t.teardown(() => ctx.remove());
t.setTimeout(600_000);

t.test('the same totals as kunit.py on every log of the tree, but for those that are argued', async (t) => {
  const source = await takeOut();
  const folder = join(source, KUNIT, 'test_data');
  const logs = readdirSync(folder).filter((name) => name.endsWith('.log'));
  t.ok(logs.length >= 20, `${logs.length} logs`);
  const differ: string[] = [];
  for (const log of logs) {
    const ours = readOurs(readFileSync(join(folder, log)));
    const kunit = await askKunit(source, join(folder, log));
    const argued = differences.find((one) => one.log === log);
    if (JSON.stringify(ours) !== JSON.stringify(kunit)) differ.push(log);
    t.same({ours, kunit}, {ours: argued?.ours ?? kunit, kunit: argued?.kunit ?? kunit}, log);
  }
  t.same(differences.map(({log}) => log).sort(), differ.sort(), 'what no longer differs is not in the list');
  t.ok(
    differences.every(({reason}) => reason.length > 40),
    'every difference is argued',
  );
});

/** The oracle and its logs as they are in the tree's repository: what is checked out may be a patched commit. */
async function takeOut(): Promise<string> {
  const tree = await openTree(ctx, {tree: DEBIAN_SOURCE});
  const folder = join(ctx.folder, 'source');
  mkdirSync(folder);
  const archive = join(ctx.folder, 'kunit.tar');
  await createGit(ctx, tree.gitDir).runOk(['archive', '--format=tar', `--output=${archive}`, tree.head, KUNIT]);
  await ctx.exec.runOk('tar', ['-x', '-f', archive, '-C', folder]);
  return folder;
}

/** Its last line counts what it calls tests: results without subtests. */
async function askKunit(source: string, log: string): Promise<Totals> {
  const env = {...process.env, PYTHONDONTWRITEBYTECODE: '1'};
  const run = promisify(execFile);
  const args = [join(source, KUNIT, 'kunit.py'), 'parse', log];
  // It exits 1 when a test failed; what it said is in the error then.
  const {stdout} = await run('python3', args, {env, cwd: source}).catch((error: {stdout?: string}) => ({
    stdout: error.stdout ?? '',
  }));
  const line = /Testing complete\. Ran (\d+) tests(?:: (.*))?/.exec(stdout);
  if (line === null) throw new Error(`kunit.py said no totals of ${log}: ${stdout.slice(-500)}`);
  const counted = [...(line[2] ?? '').matchAll(/(passed|failed|crashed|skipped): (\d+)/g)];
  return sorted(Object.fromEntries(counted.map(([, word, count]) => [word, Number(count)])));
}

function readOurs(bytes: Uint8Array): Totals {
  const reader = createReader('ktap');
  const feeder = createLineFeeder((text, end) => reader.line(text, end));
  feeder.write(bytes);
  feeder.end();
  // kunit.py knows no exit either.
  const {results} = reader.end({code: 0});
  const totals: Record<string, number> = {};
  for (const {status} of leaves(results)) totals[WORDS[status]] = (totals[WORDS[status]] ?? 0) + 1;
  return sorted(totals);
}

function leaves(results: readonly SubtestResult[]): SubtestResult[] {
  const parents = new Set(results.map(({path}) => path.slice(0, -1).join('\0')));
  return results.filter(({path}) => path.length > 0 && !parents.has(path.join('\0')));
}

function sorted(totals: Record<string, number>): Totals {
  return Object.fromEntries(Object.entries(totals).sort(([a], [b]) => a.localeCompare(b)));
}
