// SPDX-License-Identifier: MIT
import t from 'tap';
import {GraphHistory} from '../../bisect/graph-history.js';
import {GOOD_END, type History} from '../../bisect/history.js';
import {LinearHistory} from '../../bisect/linear-history.js';
import {createRandom} from '../../bisect/random.js';
import {type Ending, type Entry, Search, type SearchOptions} from '../../bisect/search.js';
import {simulate} from '../../bisect/simulate.js';

const OPTIONS: SearchOptions = {
  confidence: 0.99,
  racy: false,
  costs: {build: 4, visit: 0.5, attempt: 1},
  endLimit: 50,
  limit: 5000,
};

interface World {
  fails(at: number): boolean;
  breaks?(at: number): boolean;
  kernel?(at: number): string;
  mute?(at: number): boolean;
}

/** Plays a search to its end; every entry it asked for. */
function play<M>(
  history: History<M>,
  world: World,
  options: Partial<SearchOptions> = {},
): {ending: Ending; entries: Entry[]; search: Search<M>} {
  const search = new Search(history, {...OPTIONS, ...options});
  const entries: Entry[] = [];
  for (;;) {
    const action = search.next();
    if (action.type === 'end') return {ending: action.ending, entries, search};
    const {at} = action;
    const entry: Entry =
      action.type === 'prepare'
        ? world.breaks?.(at)
          ? {type: 'skip', at, reason: 'does not build'}
          : {type: 'kernel', at, kernel: world.kernel?.(at) ?? String(at)}
        : attempt(world, at, action.attempts);
    entries.push(entry);
    search.apply(entry);
  }
}

function attempt(world: World, at: number, attempts: number): Entry {
  if (world.mute?.(at)) return {type: 'runs', at, bad: 0, good: 0, mute: attempts, why: 'another failure'};
  let bad = 0;
  for (let run = 0; run < attempts; run++) if (world.fails(at)) bad++;
  return {type: 'runs', at, bad, good: attempts - bad, mute: 0};
}

t.test('a clear failure: log2 steps, wherever it is', (t) => {
  for (let culprit = 0; culprit < 64; culprit++) {
    const {ending, search} = play(new LinearHistory(64), {fails: (at) => at >= culprit});
    t.match(ending, {how: 'found', culprits: [culprit]});
    t.ok(
      search.kernels.size - 2 <= 7 && search.attempts <= 6 + 12,
      `${search.kernels.size - 2} builds, ${search.attempts} attempts`,
    );
  }
  t.end();
});

t.test('broken commits are not tested twice, and gone around', (t) => {
  const broken = new Set([20, 21, 22, 23, 24, 31, 47]);
  for (const culprit of [3, 19, 26, 40, 60]) {
    const {ending, entries} = play(new LinearHistory(64), {
      fails: (at) => at >= culprit,
      breaks: (at) => broken.has(at),
    });
    t.match(ending, {how: 'found', culprits: [culprit]});
    const tried = entries.flatMap((entry) => (entry.type === 'skip' ? [entry.at] : []));
    t.equal(new Set(tried).size, tried.length);
  }
  const {ending} = play(new LinearHistory(64), {fails: (at) => at >= 22, breaks: (at) => broken.has(at)});
  t.match(ending, {how: 'found', culprits: [20, 21, 22, 23, 24, 25]}, 'one of those that cannot be told apart');
  t.end();
});

t.test('a kernel that is known costs no attempt', (t) => {
  const {ending, search} = play(new LinearHistory(64), {
    fails: (at) => at >= 40,
    kernel: (at) => String(Math.floor(at / 8)),
  });
  t.match(ending, {how: 'found', culprits: [40]});
  t.ok(search.sameAs.size > 0);
  for (const at of search.sameAs.keys()) t.notOk(search.tallies.has(at), `${at} had no guest`);
  const same = play(new LinearHistory(8), {fails: () => true, kernel: () => 'x'});
  t.match(same.ending, {how: 'no-difference', why: 'same-kernel'});
  t.equal(same.search.attempts, 0);
  t.end();
});

t.test('ends: never fails, both alike, cannot be tested', (t) => {
  t.match(play(new LinearHistory(8), {fails: () => false}).ending, {how: 'no-difference', why: 'never-fails'});
  t.match(play(new LinearHistory(8), {fails: () => true}).ending, {how: 'no-difference', why: 'both-alike'});
  const random = createRandom(3);
  const half = play(new LinearHistory(8), {fails: () => random() < 0.5}, {racy: true});
  t.match(half.ending, {how: 'no-difference', why: 'both-alike'});
  const broken = play(new LinearHistory(8), {fails: () => true, breaks: (at) => at === GOOD_END});
  t.match(broken.ending, {how: 'end-untestable', end: 'good', reason: 'does not build'});
  const mute = play(new LinearHistory(8), {fails: () => true, mute: (at) => at === 7});
  t.match(mute.ending, {how: 'end-untestable', end: 'bad', reason: 'another failure'});
  t.end();
});

t.test('a commit that only shows other failures is skipped, not bad', (t) => {
  const {ending, search} = play(new LinearHistory(16), {fails: (at) => at >= 12, mute: (at) => at === 7 || at === 8});
  t.match(ending, {how: 'found', culprits: [12]});
  for (const at of search.skipped.keys()) t.ok(at === 7 || at === 8);
  t.end();
});

t.test('a test that was taken as clear and is not: searched as a race', (t) => {
  const random = createRandom(11);
  const {ending, search} = play(new LinearHistory(32), {fails: (at) => at >= 13 && random() < 0.4});
  t.equal(search.isRacy, true);
  t.match(ending, {how: 'found', culprits: [13]});
  t.end();
});

t.test('attempts used up: the likeliest, and not found', (t) => {
  const random = createRandom(5);
  const {ending, search} = play(
    new LinearHistory(4096),
    {fails: (at) => at >= 100 && random() < 0.2},
    {racy: true, limit: 150, endLimit: 200},
  );
  t.equal(ending.how, 'out-of-attempts');
  t.equal(search.attempts, 150);
  t.end();
});

t.test('resumed after any entry, it goes the same way to the same end', (t) => {
  const world = (): World => {
    const random = createRandom(2);
    return {fails: (at) => random() < (at >= 77 ? 0.3 : 0.01), breaks: (at) => at % 10 === 3};
  };
  const straight = play(new LinearHistory(128), world(), {racy: true});
  t.match(straight.ending, {how: 'found', culprits: [77]});
  for (let cut = 0; cut <= straight.entries.length; cut += 3) {
    const again = new Search(new LinearHistory(128), {...OPTIONS, racy: true});
    for (const entry of straight.entries.slice(0, cut)) again.apply(entry);
    const next = straight.entries[cut];
    const action = again.next();
    if (next === undefined) t.equal(action.type, 'end');
    else t.match(action, {type: next.type === 'runs' ? 'attempt' : 'prepare', at: next.at}, `after ${cut}`);
  }
  t.end();
});

t.test('merges: the culprit on a side branch', (t) => {
  // Ten commits, then two branches of ten from the fifth, merged, and five more.
  const parents: number[][] = [];
  for (let at = 0; at < 10; at++) parents.push(at === 0 ? [] : [at - 1]);
  for (let at = 10; at < 20; at++) parents.push([at === 10 ? 4 : at - 1]);
  parents.push([9, 19]);
  for (let at = 21; at < 26; at++) parents.push([at - 1]);
  const holds = (at: number, culprit: number): boolean =>
    at === culprit || (parents[at] ?? []).some((above) => holds(above, culprit));
  for (const culprit of [2, 7, 14, 20, 23]) {
    const {ending} = play(new GraphHistory(parents), {fails: (at) => at !== GOOD_END && holds(at, culprit)});
    t.match(ending, {how: 'found', culprits: [culprit]});
  }
  t.end();
});

t.test('right as often as it says, with fewer attempts than plain repetition', (t) => {
  const row = simulate(
    {size: 256, bad: 0.2, falseFailures: 0.01},
    {confidence: 0.99, histories: 1000, seed: 3, buildCost: 4},
  );
  t.ok(row.right >= 0.985, `${row.right} of 1000 right`);
  t.ok(row.attempts < row.plainAttempts / 1.5, `${row.attempts} attempts, plain ${row.plainAttempts}`);
  t.ok(row.attempts > row.bound, 'nobody beats the bound');
  t.same(
    row,
    simulate({size: 256, bad: 0.2, falseFailures: 0.01}, {confidence: 0.99, histories: 1000, seed: 3, buildCost: 4}),
  );
  t.end();
});
