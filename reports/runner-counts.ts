// SPDX-License-Identifier: MIT
/**
 * kverdict's counts beside those of the tree's own run_kselftest.sh, in Markdown. The runner's output is counted here line
 * by line, without the KTAP reader: two ways to the same numbers, so that a difference is somebody's fault.
 */
import type {Comparison, Results, Tally} from '../harness/verdict/results.js';

const KINDS = ['pass', 'fail', 'skip', 'timeout'] as const;
type Kind = (typeof KINDS)[number];
export type Counts = Record<Kind, number>;

/** One test as run_kselftest.sh told it. */
export interface RunnerTest {
  status: Kind;
  /** `exit=1`, `TIMEOUT 45 seconds`; empty when it said no more. */
  why: string;
  /** Result lines of the test's own output, at any depth. */
  nested: Counts;
}

/** A test's own line, at any depth; the program may not have ended the line before it (`Diff too high: 1..not ok 2`). */
const NESTED = /^(?:# )+(?:.*[^\s\w])?(not )?ok \d+\b(.*)$/;
/** The runner's own line; a test that ends without a newline has it glued to its last words. */
const TEST = /(not )?ok \d+ selftests: (\S+): (.*?)\s*(?:#\s*(.*))?$/;

/** What run_kselftest.sh printed: `collection` → `test` → how it ended. */
export function readRunner(text: string): Map<string, Map<string, RunnerTest>> {
  const collections = new Map<string, Map<string, RunnerTest>>();
  let nested = none();
  for (const line of text.split(/\r?\n/)) {
    const [, failed, collection, name, why = ''] = TEST.exec(line) ?? [];
    if (collection !== undefined && name !== undefined) {
      const tests = collections.get(collection) ?? new Map<string, RunnerTest>();
      const status = kindOf(failed !== undefined, `# ${why}`);
      collections.set(collection, tests.set(name, {status, why, nested}));
      nested = none();
      continue;
    }
    const found = NESTED.exec(line);
    if (found !== null) nested[kindOf(found[1] !== undefined, found[2] ?? '')]++;
  }
  return collections;
}

function kindOf(not: boolean, rest: string): Kind {
  if (/#\s*SKIP\b/i.test(rest)) return 'skip';
  if (/#\s*TIMEOUT\b/.test(rest)) return 'timeout';
  return not && !/#\s*XFAIL\b/.test(rest) ? 'fail' : 'pass';
}

/**
 * A table of sums, and one of the tests that differ, for every `kselftest/TARGET` of a run that the runner's output
 * knows.
 */
export function compareWithRunner(results: Pick<Results, 'comparisons'>, runner: string): string {
  const stock = readRunner(runner);
  const pairs = [...new Set(results.comparisons.map(({profile, suite}) => `${profile} ${suite}`))];
  const sums: string[] = [];
  const differences: string[] = [];
  for (const pair of pairs) {
    const [profile = '', suite = ''] = pair.split(' ');
    const tests = stock.get(suite.replace(/^kselftest\//, ''));
    if (tests === undefined) continue;
    const ours = ownTests(results.comparisons.filter((one) => one.profile === profile && one.suite === suite));
    const shared = [...tests.keys()].filter((name) => ours.has(name));
    const extra = [...ours.values()].filter(({name}) => !tests.has(name)).length;
    const row = (who: string, status: Counts, nested: Counts, more: string): string =>
      `| ${suite} | ${profile} | ${who} | ${shown(status)} | ${shown(nested)} | ${more} |`;
    const stockTests = shared.flatMap((name) => tests.get(name) ?? []);
    const ownShared = shared.flatMap((name) => ours.get(name) ?? []);
    sums.push(
      row('run_kselftest.sh', countKinds(stockTests), total(stockTests), ''),
      row('kverdict', countKinds(ownShared), total(ownShared), extra === 0 ? '' : `${extra} more rows`),
    );
    for (const [name, theirs] of tests) {
      const own = ours.get(name);
      const why = difference(theirs, own);
      if (why === undefined) continue;
      const [left, right] = [
        `${theirs.status} (${shown(theirs.nested)})`,
        own && `${own.status} (${shown(own.nested)})`,
      ];
      differences.push(`| ${suite}:${name} | ${profile} | ${left} | ${right ?? 'absent'} | ${why} |`);
    }
  }
  return `${[
    ...[
      '| suite | profile | who | tests: pass/fail/skip/timeout | results in them | |',
      '|---|---|---|---|---|---|',
      ...sums,
    ],
    '',
    ...['| test | profile | run_kselftest.sh | kverdict | why |', '|---|---|---|---|---|', ...differences],
  ].join('\n')}\n`;
}

interface OwnTest {
  name: string;
  status: Kind;
  nested: Counts;
}

function ownTests(comparisons: readonly Comparison[]): Map<string, OwnTest> {
  const tests = new Map<string, OwnTest>();
  for (const {test, patched} of comparisons) {
    const [name = '', ...path] = test.split('/');
    const one = tests.get(name) ?? {name, status: 'skip', nested: none()};
    const kind = kindOfTally(patched);
    if (path.length > 0) one.nested[kind]++;
    if (SEVERITY[kind] > SEVERITY[one.status]) one.status = kind;
    tests.set(name, one);
  }
  return tests;
}

/** Of one test, the worst of its rows counts. */
const SEVERITY: Readonly<Record<Kind, number>> = {skip: 0, pass: 1, fail: 2, timeout: 3};

function kindOfTally({pass, skip, timeout}: Tally): Kind {
  if (timeout > 0) return 'timeout';
  if (pass > 0) return 'pass';
  return skip > 0 ? 'skip' : 'fail';
}

/** Why two views of one test are not the same; undefined: they are. */
function difference({status, nested}: RunnerTest, own: OwnTest | undefined): string | undefined {
  if (own === undefined) return 'not run by kverdict';
  const sameCounts = KINDS.every((kind) => nested[kind] === own.nested[kind]);
  if (status === own.status && sameCounts) return undefined;
  if (!sameCounts) return status === 'timeout' || own.status === 'timeout' ? 'cut by the time limit' : 'other results';
  if (status === 'pass' && own.status === 'fail') return 'a result in it failed, and the program exited 0';
  return 'ended otherwise';
}

const none = (): Counts => ({pass: 0, fail: 0, skip: 0, timeout: 0});
const shown = (counts: Counts): string => KINDS.map((kind) => counts[kind]).join('/');

function countKinds(tests: readonly {status: Kind}[]): Counts {
  const counts = none();
  for (const {status} of tests) counts[status]++;
  return counts;
}

function total(tests: readonly {nested: Counts}[]): Counts {
  const counts = none();
  for (const {nested} of tests) for (const kind of KINDS) counts[kind] += nested[kind];
  return counts;
}
