// SPDX-License-Identifier: MIT
import {join} from 'node:path';
import t from 'tap';
import {BisectStage} from './bisect-stage.js';
import {filesWithSecrets, SECRETS} from './support.js';

const stage = await new BisectStage().seed();
Object.assign(stage.env, SECRETS);
t.teardown(() => stage.remove());
// Each test is many builds and guests.
t.setTimeout(600_000);

t.test('a clear failure among 16 commits: the culprit, few attempts, a report', async (t) => {
  const commits = stage.grow('clear', stage.steps(16, {5: stage.comment, 9: stage.does('test toy-steady fail')}));
  const {code, stdout} = await stage.run(
    stage.history(
      '-t',
      'toy:steady',
      '--bad',
      'clear',
      '--reporter',
      'A B <a@b.example>',
      '--link',
      'https://lore.example/x',
    ),
  );
  t.equal(code, 0, stdout);
  t.match(stdout, /^bisect: FOUND: [0-9a-f]{12} \("mm: change 9"\) did it: steady\/toy-steady: fail in /);
  const {culprits, confidence, cost, drafts, outcome, evidence, hunted} = stage.report();
  t.equal(outcome, 'found');
  t.match(culprits, [
    {commit: commits[9], subject: 'mm: change 9', author: 'Toy <toy@localhost>', files: ['scenario/05-test.txt']},
  ]);
  t.match(hunted, {key: 'steady/toy-steady', how: 'fail'});
  t.ok(confidence.reached >= 0.99);
  t.ok(cost.builds + cost.cachedBuilds <= 2 + 6, 'builds are about log2');
  // How many a step gets depends on what an attempt costs beside a build, on this host and at this load.
  t.ok(cost.attempts <= 6 + 14, `${cost.attempts} attempts`);
  t.ok(evidence !== null && evidence.with.failed === evidence.with.of && evidence.without.failed === 0);
  const short = commits[9]?.slice(0, 12);
  t.same(drafts, [
    `Fixes: ${short} ("mm: change 9")`,
    'Reported-by: A B <a@b.example>',
    'Closes: https://lore.example/x',
    `#regzbot introduced: ${short}`,
  ]);
});

t.test('commits that do not build or boot are skipped', async (t) => {
  const noBoot = (): void => void stage.write('scenario/00-boot.txt', 'boot panic\n');
  const boots = (at: number): void => {
    stage.write('scenario/00-boot.txt', 'boot ok\n');
    stage.touch(at);
  };
  const commits = stage.grow(
    'broken',
    stage.steps(12, {
      4: stage.breakBuild,
      5: stage.touch,
      6: stage.repair,
      7: noBoot,
      8: boots,
      10: stage.does('test toy-steady fail'),
    }),
  );
  const {code, stdout} = await stage.run(stage.history('-t', 'toy:steady', '--bad', 'broken'));
  t.equal(code, 0, stdout);
  t.equal(stage.report().culprits[0]?.commit, commits[10]);
  for (const {reason} of stage.report().skipped) t.match(reason, /does not (build|boot)/);
});

t.test('a culprit among commits that cannot be tested: one of several, 125', async (t) => {
  const commits = stage.grow('hidden', [
    stage.touch,
    stage.touch,
    stage.breakBuild,
    stage.does('test toy-steady fail'),
    (at) => {
      stage.repair(at);
    },
    stage.touch,
  ]);
  const {code, stdout} = await stage.run(stage.history('-t', 'toy:steady', '--bad', 'hidden'));
  t.equal(code, 125, stdout);
  t.match(stdout, /^bisect: ONE OF SEVERAL: one of 3 commits did it/);
  t.same(
    stage.report().culprits.map(({commit}) => commit),
    commits.slice(2, 5),
  );
  t.equal(stage.report().skipped.length, 2);
});

t.test('commits that change no kernel cost no guest', async (t) => {
  const commits = stage.grow('docs', [
    stage.comment,
    stage.comment,
    stage.comment,
    stage.comment,
    stage.comment,
    stage.comment,
    stage.does('test toy-steady fail'),
    stage.comment,
  ]);
  const {code} = await stage.run(stage.history('-t', 'toy:steady', '--bad', 'docs'));
  t.equal(code, 0);
  t.equal(stage.report().culprits[0]?.commit, commits[6]);
  t.ok(stage.report().sameKernel.length > 0);
  t.same(
    stage
      .report()
      .tested.map(({commit}) => commit)
      .filter((commit) => commits.slice(0, 6).includes(commit)),
    [],
    'none of them had a guest',
  );
});

t.test('a race that shows in 40 of 100 attempts; another failure never counts', async (t) => {
  const commits = stage.grow(
    'race',
    stage.steps(8, {2: stage.does('test toy-race panic 30%'), 5: stage.does('test toy-race fail 40%')}),
  );
  const {code, stdout} = await stage.run(stage.history('-t', 'toy:race', '--bad', 'race', '--confidence', '0.95'));
  t.equal(code, 0, stdout);
  t.match(stage.report(), {racy: true, culprits: [{commit: commits[5]}], hunted: {key: 'race/toy-race', how: 'fail'}});
  const mute = stage.report().tested.reduce((sum, one) => sum + one.mute, 0);
  t.ok(mute > 0, 'panics were seen, and say neither');
  t.equal(stage.report().evidence?.without.failed, 0);
});

t.test('merges: a culprit on a side branch, and the merge with --first-parent', async (t) => {
  stage.grow('main', stage.steps(3, {}));
  stage.git('checkout', '-q', '-b', 'side', 'main~2');
  stage.write('mm/userfaultfd.c', `${stage.read('mm/userfaultfd.c')}\nint side_1;\n`);
  stage.commit('side 1');
  stage.scenario('test toy-steady fail');
  const culprit = stage.commit('side 2');
  stage.write('mm/userfaultfd.c', `${stage.read('mm/userfaultfd.c')}\nint side_3;\n`);
  stage.commit('side 3');
  stage.git('checkout', '-q', 'main');
  stage.git('merge', '-q', '--no-ff', '-m', 'Merge side', 'side');
  const merge = stage.git('rev-parse', 'HEAD');
  stage.write('kernel/fork.c', `${stage.read('kernel/fork.c')}\nint after;\n`);
  stage.commit('after');
  t.equal((await stage.run(stage.history('-t', 'toy:steady', '--bad', 'main'))).code, 0);
  t.match(stage.report(), {culprits: [{commit: culprit}], merges: 1, candidates: 8});
  t.equal((await stage.run(stage.history('-t', 'toy:steady', '--bad', 'main', '--first-parent'))).code, 0);
  t.match(stage.report(), {culprits: [{commit: merge}], merges: 0, candidates: 5});
});

t.test('ends that do not differ, or cannot be tested: 125, and it says so', async (t) => {
  stage.grow('calm', stage.steps(4, {}));
  const calm = await stage.run(stage.history('-t', 'toy:steady', '--bad', 'calm', '--end-attempts', '4'));
  t.equal(calm.code, 125);
  t.match(calm.stdout, /^bisect: NO DIFFERENCE: the bad end does not fail: no failure in 0 of 4 attempts/);

  stage.grow('words', [stage.comment, stage.comment]);
  const words = await stage.run(stage.history('-t', 'toy:steady', '--bad', 'words'));
  t.equal(words.code, 125);
  t.match(words.stdout, /both ends are the same kernel/);
  t.equal(stage.report().cost.attempts, 0);

  stage.git('checkout', '-q', 'master');
  stage.scenario('test toy-steady fail');
  stage.git('checkout', '-q', '-B', 'ill');
  stage.commit('fails already');
  stage.git('tag', '-f', 'good');
  stage.touch(1);
  stage.commit('still');
  const both = await stage.run(stage.history('-t', 'toy:steady', '--bad', 'ill'));
  t.equal(both.code, 125);
  t.match(both.stdout, /the ends are not shown to differ/);

  stage.grow('torn', [stage.touch, stage.breakBuild]);
  const torn = await stage.run(stage.history('-t', 'toy:steady', '--bad', 'torn'));
  t.equal(torn.code, 125);
  t.match(torn.stdout, /^bisect: CANNOT TELL: the bad end .* cannot be tested: does not build/);
});

t.test('a series: the patch, with and without -t', async (t) => {
  stage.grow('series', [
    stage.touch,
    stage.touch,
    stage.touch,
    stage.does('test toy-race fail'),
    stage.touch,
    stage.touch,
  ]);
  const mail = stage.git('format-patch', '--stdout', 'good..series');
  stage.git('checkout', '-q', '-f', 'master');
  stage.write('../series.mbox', `${mail}\n`);
  const series = join(stage.folder, 'series.mbox');
  const one = await stage.run(stage.words(series, '-t', 'toy:race', '-p', 'x86_64'));
  t.equal(one.code, 0, one.stderr);
  t.match(one.stdout, /\(patch 4 of the series\)/);
  t.match(stage.report(), {culprits: [{patch: 4, subject: 'mm: change 3'}]});
  t.notMatch(stage.report().drafts.join('\n'), /Fixes:/, 'it has no public hash');
  const all = await stage.run(stage.words(series, '-p', 'x86_64'));
  t.equal(all.code, 0, all.stderr);
  t.match(stage.report(), {test: 'toy:race/toy-race', culprits: [{patch: 4}]});
});

t.test('128 and 129', async (t) => {
  stage.grow('calls', [stage.touch]);
  const rows: [string[], number, RegExp][] = [
    [['bisect'], 129, /wants a series, or --good/],
    [['bisect', '--good', 'x'], 129, /needs a test/],
    [['bisect', 'a.mbox', '--good', 'x'], 129, /has its own ends/],
    [
      ['bisect', 'a.mbox', '--link', 'https://bob:S3CRET@h/'],
      129,
      /^kverdict: your input: Expected --link to have no password: /m,
    ],
    [['bisect', '--good', 'x', '-t', 'toy', '--confidence', '2'], 129, /0\.5 to/],
    [stage.history('-t', 'toy:steady', '--bad', 'no-such'), 128, /no commit `no-such`/],
    [stage.history('-t', 'toy:steady', '--bad', 'good~0'), 128, /nothing is between/],
    [['bisect', '--resume', stage.folder], 128, /no bisect in/],
  ];
  for (const [args, code, message] of rows) {
    const ended = await stage.run(args);
    t.equal(ended.code, code, args.join(' '));
    t.match(ended.stderr, message);
  }
});

t.test('no file of all these bisects holds a secret', async (t) => {
  t.same(filesWithSecrets(stage.folder), []);
});
