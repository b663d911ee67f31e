// SPDX-License-Identifier: MIT
import t from 'tap';
import {parseFragment} from '../../kernel/kconfig-fragment.js';
import type {RunEvent} from '../../lib/events.js';
import {Ledger} from '../../run/ledger.js';
import type {Plan} from '../../run/prepare.js';
import type {Lane} from '../../run/schedule.js';
import {skipOn, symbolRecords, withoutUntestable} from '../../run/untestable.js';
import {targetSuite} from '../../suite/target-suite.js';
import type {BuildRecord} from '../../verdict/results.js';
import {testContext} from '../fakes/test-context.js';

const lane = (profile: string, name: string, kconfig: string[]): Lane =>
  ({
    profile,
    suite: {
      ...{name, kconfig},
      tests: [
        {name: 'one', arches: ['arm64', 'x86_64']},
        {name: 'two', arches: ['x86_64']},
      ],
    },
  }) as unknown as Lane;
const LANES = [
  lane('arm64', 'plain', ['mm']),
  lane('arm64', 'tags', ['mm', 'mte']),
  lane('arm64-mte', 'also', ['mm']),
  lane('x86_64', 'tags', ['mm', 'mte']),
  {profile: 'arm64-mte', suite: targetSuite('arm64')},
];
const plan = {
  lanes: LANES,
  profiles: new Map(
    [
      ['arm64', 'arm64', []],
      ['arm64-mte', 'arm64', ['mte']],
      ['x86_64', 'x86_64', []],
    ].map(([name, arch, kconfig]) => [name, {name, arch, kconfig}]),
  ),
} as unknown as Plan;
const MTE = {symbol: 'CONFIG_MTE', askedBy: ['mte.config:6']};
const build = (arch: string, side: BuildRecord['side'], missing = true): BuildRecord =>
  ({arch, side, status: 'ok', ...(missing ? {missingSymbols: [MTE]} : {})}) as BuildRecord;
const BOTH = [
  {side: 'base', name: 'base', commit: 'a'},
  {side: 'patched', name: 'patched', commit: 'b'},
] as const;

function left(builds: readonly BuildRecord[]): {plan: Plan; ledger: Ledger; notes: string[]} {
  const ctx = testContext();
  t.teardown(() => ctx.remove());
  const ledger = new Ledger('kverdict verify');
  ledger.builds.push(...builds);
  const rest = withoutUntestable(ctx, plan, BOTH, ledger);
  const notes = ctx.events.flatMap((event: RunEvent) => (event.type === 'note' ? [event.message] : []));
  return {plan: rest, ledger, notes};
}
const pairs = (lanes: readonly Lane[]): string[] => lanes.map(({profile, suite}) => `${suite.name} ${profile}`);

t.test('what the tree lacks takes out the suites that need it, and those on a machine that needs it', (t) => {
  const {
    plan: rest,
    ledger,
    notes,
  } = left([
    build('arm64', 'base'),
    build('arm64', 'patched'),
    build('x86_64', 'base', false),
    build('x86_64', 'patched', false),
  ]);
  t.same(pairs(rest.lanes), ['plain arm64', 'tags x86_64']);
  t.same([...rest.profiles.keys()], ['arm64', 'x86_64']);
  t.same(
    ledger.attempts.map(({profile, suite, test, side, notRun}) => [
      `${suite}:${test} ${profile}`,
      side,
      notRun?.reason,
    ]),
    ['tags:one arm64', 'also:one arm64-mte', 'kselftest/arm64:[suite] arm64-mte'].flatMap((name) =>
      ['base', 'patched'].map((side) => [name, side, 'not testable on this tree: it has no CONFIG_MTE (mte.config:6)']),
    ),
    'a skip a test and side, of those that the architecture has',
  );
  t.same(
    ledger.profiles.map(({name, untestable}) => [name, untestable]),
    [['arm64-mte', true]],
  );
  t.same(notes, [
    'not testable on this tree: tags on arm64, also on arm64-mte, kselftest/arm64 on arm64-mte: it has no CONFIG_MTE (mte.config:6)',
  ]);
  t.end();
});

t.test('where base alone lacks it, the lane stays, and base is a skip', (t) => {
  const {plan: rest, ledger} = left([build('arm64', 'base'), build('arm64', 'patched', false)]);
  t.equal(rest, plan);
  t.same(ledger.attempts, []);
  const tags = {profile: 'arm64', suite: {name: 'tags'}};
  const reason = 'not testable on base: it has no CONFIG_MTE (mte.config:6)';
  t.same(skipOn(ledger.untestable, {...tags, side: 'base'}), {status: 'skip', reason, blame: 'kernel'});
  t.equal(skipOn(ledger.untestable, {...tags, side: 'patched'}), undefined);
  t.equal(skipOn(ledger.untestable, {profile: 'arm64', suite: {name: 'plain'}, side: 'base'}), undefined);
  t.end();
});

t.test('a kernel that was not built says nothing', (t) => {
  const {plan: rest, ledger} = left([{...build('arm64', 'base'), status: 'failed'}]);
  t.equal(rest, plan);
  t.same(ledger.untestable, []);
  t.end();
});

t.test('what a kernel lacks, with the lines that ask for it', (t) => {
  const asked = parseFragment('CONFIG_A=y # was: CONFIG_B\nCONFIG_C=y # was: CONFIG_D\n', 'mm');
  t.same(symbolRecords({missingSymbols: ['CONFIG_A'], renamedSymbols: {CONFIG_C: 'CONFIG_D'}}, asked), {
    missingSymbols: [{symbol: 'CONFIG_A', was: ['CONFIG_B'], askedBy: ['mm.config:1']}],
    renamedSymbols: [{symbol: 'CONFIG_C', as: 'CONFIG_D', askedBy: ['mm.config:2']}],
  });
  t.same(symbolRecords({missingSymbols: [], renamedSymbols: {}}, asked), {});
  t.end();
});
