// SPDX-License-Identifier: MIT
import {Command} from 'commander';
import fc from 'fast-check';
import t from 'tap';
import {splitMakeWords} from '../../cli/make-words.js';
import {addCompareOptions, addRunOptions, type RunFlags, toRequest} from '../../cli/options.js';
import {Ledger} from '../../run/ledger.js';
import {reproduceWith, selector} from '../../run/reproduce.js';
import {plainRequest, type Request} from '../../run/request.js';
import type {ReproduceTarget} from '../../verdict/findings.js';

const BASE = 'b'.repeat(40);
const TIP = 'c'.repeat(40);

/** What verify or run makes of a command line, its own word first. */
function parse(argv: readonly string[]): Request {
  const {rest, variables} = splitMakeWords(argv);
  const [verb, ...words] = rest;
  const command = addRunOptions(new Command(verb)).exitOverride();
  if (verb === 'verify') addCompareOptions(command).argument('<series...>');
  else addCompareOptions(command, {base: false}).option('--rev <rev>').option('--against <rev>');
  command.parse(words, {from: 'user'});
  return toRequest(command.args, command.opts<RunFlags>(), variables, [...argv]);
}

/** A shell's view of one line, as far as `shellLine` quotes. */
function words(line: string): string[] {
  return [...line.matchAll(/(?:'[^']*'|\\.|[^\s'\\])+/g)].map(([word]) =>
    word.replaceAll(/'([^']*)'|\\(.)/g, (_, quoted: string | undefined, escaped = '') => quoted ?? escaped),
  );
}

function ledgerWith(more: Partial<Ledger> = {}): Ledger {
  return Object.assign(new Ledger('kverdict'), more);
}

/** What a command is about; how fast it is, and where its reports go, is not. */
function question({commandLine: _, out: __, jobs: ___, buildJobs: ____, ...rest}: Request): Partial<Request> {
  return rest;
}

const base = {commit: BASE, name: 'v6.12', how: '--base', kernelVersion: '6.12', attempts: []};
const history = {commit: TIP, name: 'v6.13', commits: 3, title: ''} as unknown as Ledger['history'];

const OPTIONS = fc.record(
  {
    '--tree': fc.constantFrom('linux', "it's here"),
    '-t': fc.constantFrom('clear_refs', 'clear_refs:race/no write is lost', 'kselftest/mm:cow'),
    '--profiles': fc.constantFrom('x86_64', 'x86_64,arm64', 'all'),
    '--runs': fc.integer({min: 1, max: 60}),
    '--max-runs': fc.integer({min: 1, max: 90}),
    '--budget': fc.constantFrom('90s', '30m', '1.5h'),
    '--alpha': fc.constantFrom(0.01, 0.05, 0.2),
    '--power': fc.constantFrom(0.5, 0.9, 0.99),
    '--selftests-from': fc.constantFrom('base', 'patched'),
    '--override-timeout': fc.integer({min: 1, max: 600}),
    '--suites': fc.constant('more/suites'),
    '--profile-dir': fc.constant('more/machines'),
    '--lists': fc.constant('more lists'),
    '--qemu': fc.constant('/opt/qemu'),
    '--force': fc.constant(true),
    '--dump-guest': fc.constant(true),
    'LLVM=1': fc.constant(true),
    'KCFLAGS=-O1 -g': fc.constant(true),
  },
  {requiredKeys: []},
);
const argvOf = (options: Record<string, unknown>): string[] =>
  Object.entries(options).flatMap(([flag, value]) => (value === true ? [flag] : [flag, String(value)]));

const sorted = (one: object): [string, unknown][] => Object.entries(one).sort(([a], [b]) => (a < b ? -1 : 1));

/** Of a finding that is about no test: nothing is cut down. */
const WHOLE: ReproduceTarget = {kind: 'infra'};

t.test('each option of verify and run is in the command, and means the same again', async () => {
  const verbs = [
    {first: ['verify', 'v2.mbox', 'more.patch'], commits: {rev: BASE}, ledger: ledgerWith({base})},
    {first: ['run', '--rev', 'v6.12'], commits: {rev: BASE}, ledger: ledgerWith({base})},
    {
      first: ['run', '--rev', 'v6.13', '--against', 'v6.12'],
      commits: {rev: TIP, against: BASE},
      ledger: ledgerWith({base, history}),
    },
  ];
  fc.assert(
    fc.property(fc.constantFrom(...verbs), OPTIONS, ({first, commits, ledger}, options) => {
      const asked = parse([...first, ...argvOf(options)]);
      const line = reproduceWith(asked, ledger)(WHOLE);
      const again = parse(words(line).slice(1));
      const [then, now] = [{...question(asked), ...commits}, question(again)];
      if (JSON.stringify(sorted(then)) !== JSON.stringify(sorted(now))) {
        throw new Error(`${line}\n${JSON.stringify(sorted(then))}\n${JSON.stringify(sorted(now))}`);
      }
    }),
    {numRuns: 500},
  );
});

const request: Request = {...plainRequest('linux', [], ''), series: ['a.mbox'], maxRuns: 20};
const {runs: _, ...usual} = request;
const reproduce = (target: ReproduceTarget, ledger = ledgerWith({base}), asked: Request = usual): string =>
  reproduceWith(asked, ledger)(target);

t.test('every kind of row is asked for by what shows it', async (t) => {
  const ROWS: [{test: string; selects?: string}, string][] = [
    [{test: 'race/no write is lost'}, ':race/no write is lost'],
    [{test: 'race'}, ':race'],
    [{test: 'race/group/missing #4', selects: 'race/group'}, ':race/group'],
    [{test: 'unit:name/missing #1', selects: 'unit:name'}, ':unit:name'],
    [{test: 'race/missing #4'}, ':race/missing #4'],
    [{test: 'race/kernel: WARNING at mm/memory.c in do_wp_page'}, ':race'],
    [{test: 'race/kernel: tainted W'}, ':race'],
    [{test: 'race/own result'}, ':race'],
    [{test: '[boot]'}, ''],
    [{test: '[boot]/kernel: WARNING at mm/memory.c in do_wp_page'}, ''],
  ];
  for (const [row, wanted] of ROWS) t.equal(selector(row), wanted, row.test);
});

t.test('the command under a finding', async (t) => {
  const about = {profile: 'x86_64', suite: 'clear_refs'};
  t.equal(
    reproduce({kind: 'gone', ...about, test: 'race/missing #4', selects: 'race'}),
    `kverdict verify a.mbox --tree linux --base ${BASE} --profiles x86_64 -t clear_refs:race`,
  );
  t.equal(
    reproduce({kind: 'skip-regressed', ...about, test: 'race/write-protect'}),
    `kverdict verify a.mbox --tree linux --base ${BASE} --profiles x86_64 -t clear_refs:race`,
    'the skip may have another name',
  );
  t.equal(
    reproduce({kind: 'inconclusive', ...about, test: 'race/a', advice: {runs: 14, maxRuns: 56, chance: 0.9}}),
    `kverdict verify a.mbox --tree linux --base ${BASE} --profiles x86_64 -t clear_refs:race/a --runs 14 --max-runs 56`,
    'as many attempts as were advised',
  );
});

t.test('a budget that cut the repeats short does not do so again', async (t) => {
  const about = {kind: 'inconclusive', profile: 'x86_64', suite: 's', test: 't'} as const;
  const hurried: Request = {...usual, budget: 90};
  t.match(reproduce({...about, advice: {maxRuns: 5, chance: 0.9}}, ledgerWith({base}), hurried), / -t s:t$/);
  t.match(reproduce(about, ledgerWith({base}), hurried), / -t s:t --budget 90s$/);
});

t.test('what the user gave stays, where the series applies to nothing', async (t) => {
  const asked: Request = {...usual, rev: 'v6.12', profiles: ['x86_64', 'arm64']};
  t.equal(
    reproduce({kind: 'series-conflict'}, ledgerWith(), asked),
    'kverdict verify a.mbox --tree linux --base v6.12 --profiles x86_64,arm64',
  );
  const compared: Request = {...usual, series: [], rev: 'v6.13', against: 'v6.12'};
  t.equal(reproduce({kind: 'infra'}, ledgerWith(), compared), 'kverdict run --tree linux --rev v6.13 --against v6.12');
});
