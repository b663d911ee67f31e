// SPDX-License-Identifier: MIT
import t from 'tap';
import {BetaPrior, entropy} from '../../bisect/beta.js';
import {GraphHistory} from '../../bisect/graph-history.js';
import {GOOD_END, type History} from '../../bisect/history.js';
import {LinearHistory} from '../../bisect/linear-history.js';
import {CLEAR, Posterior, RACY} from '../../bisect/posterior.js';
import {createRandom} from '../../bisect/random.js';

const near = (t: {ok(value: boolean, message: string): unknown}, got: number, want: number, what: string): void =>
  void t.ok(Math.abs(got - want) < 1e-9, `${what}: ${got}, ${want}`);

/** Probability of each candidate. */
function perCandidate<M>(posterior: Posterior<M>): number[] {
  const all = new Array<number>(posterior.history.size).fill(0);
  for (const {members, density} of posterior.judge()) {
    for (const member of posterior.history.membersOf(members)) all[member] = density.each;
  }
  return all;
}

t.test('a Beta prior: evidence is the product of its own predictions', (t) => {
  const prior = new BetaPrior(0.5, 50);
  let [log, failed] = [0, 0];
  for (const [run, fails] of [false, true, false, false, true].entries()) {
    const p = prior.mean(failed, run);
    log += Math.log(fails ? p : 1 - p);
    if (fails) failed++;
  }
  near(t, prior.logEvidence(2, 5), log, 'ln P(2 of 5)');
  near(t, new BetaPrior(1, 1).logEvidence(0, 3), Math.log(1 / 4), 'uniform');
  near(t, entropy(0.25), 0.8112781244591328, 'entropy');
  t.equal(entropy(0), 0);
  t.end();
});

t.test('the posterior is Bayes, candidate by candidate', (t) => {
  const tests = [
    {at: 5, failed: 2, runs: 3},
    {at: 2, failed: 0, runs: 4},
    {at: GOOD_END, failed: 1, runs: 20},
    {at: 4, failed: 1, runs: 9},
    {at: 7, failed: 3, runs: 4},
  ];
  const posterior = new Posterior(new LinearHistory(8), RACY);
  for (const {at, failed, runs} of tests) posterior.add(at, failed, runs);
  const weights = Array.from({length: 8}, (_, culprit) => {
    const held = tests.filter(({at}) => at >= culprit);
    const other = tests.filter(({at}) => at < culprit);
    const sum = (key: 'failed' | 'runs', of: typeof tests): number => of.reduce((all, one) => all + one[key], 0);
    return Math.exp(
      RACY.held.logEvidence(sum('failed', held), sum('runs', held)) +
        RACY.notHeld.logEvidence(sum('failed', other), sum('runs', other)),
    );
  });
  const total = weights.reduce((a, b) => a + b, 0);
  for (const [culprit, got] of perCandidate(posterior).entries()) {
    near(t, got, (weights[culprit] ?? 0) / total, `candidate ${culprit}`);
  }
  t.end();
});

t.test('the same kernel: what only one of the two holds is out', (t) => {
  for (const history of [new LinearHistory(6), line(6)] as History<unknown>[]) {
    const posterior = new Posterior(history, CLEAR);
    posterior.same(1, 3);
    posterior.same(GOOD_END, 0);
    t.same(
      perCandidate(posterior).map((p) => p > 0),
      [false, true, false, false, true, true],
    );
  }
  t.end();
});

t.test('a graph without merges says what a line says', (t) => {
  const random = createRandom(7);
  const [one, other] = [new Posterior(new LinearHistory(40), RACY), new Posterior(line(40), RACY)];
  for (let round = 0; round < 30; round++) {
    const at = Math.floor(random() * 41) - 1;
    const runs = 1 + Math.floor(random() * 5);
    const failed = Math.floor(random() * (runs + 1));
    one.add(at, failed, runs);
    other.add(at, failed, runs);
  }
  const [a, b] = [perCandidate(one), perCandidate(other)];
  for (const [at, p] of a.entries()) near(t, p, b[at] ?? -1, `candidate ${at}`);
  const sums = (posterior: Posterior<unknown>): Map<number, string> => {
    const seen = new Map<number, string>();
    posterior.history.scan(
      posterior.judge(),
      () => true,
      (at, ...more) => seen.set(at, more.map((value) => value.toFixed(4)).join(' ')),
    );
    return seen;
  };
  const graph = sums(other as Posterior<unknown>);
  for (const [at, text] of sums(one as Posterior<unknown>)) t.equal(text, graph.get(at), `sums at ${at}`);
  t.end();
});

t.test('a graph: a side branch is not held by the other', (t) => {
  //     0 - 1 - 4 (merge)
  //      \- 2 - 3 /
  const history = new GraphHistory([[], [0], [0], [2], [1, 3]]);
  const posterior = new Posterior(history, CLEAR);
  posterior.add(1, 0, 3);
  posterior.add(4, 3, 3);
  const [a, b, c, d, e] = perCandidate(posterior);
  t.ok((a ?? 1) < 0.01 && (b ?? 1) < 0.01, '0 and 1 are good');
  t.ok(
    [c, d, e].every((p) => (p ?? 0) > 0.3),
    'the branch and the merge are left',
  );
  t.ok(history.isSplittable([2, 3], () => true));
  t.notOk(
    history.isSplittable([2, 3], (at) => at !== 2),
    '2 alone tells them apart',
  );
  t.end();
});

function line(size: number): GraphHistory {
  return new GraphHistory(Array.from({length: size}, (_, at) => (at === 0 ? [] : [at - 1])));
}
