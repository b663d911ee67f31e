// SPDX-License-Identifier: MIT
import {execFileSync} from 'node:child_process';
import {appendFileSync, readFileSync, rmSync} from 'node:fs';
import {join} from 'node:path';
import t from 'tap';
import type {BisectReport} from '../../bisect/report.js';
import type {BisectLine} from '../../run/bisect-journal.js';
import {type Ended, finish, Stage} from './support.js';

const stage = await new Stage().seed();
t.teardown(() => stage.remove());
// Each test is many builds and guests.
t.setTimeout(600_000);

const common = (...more: string[]): string[] => [
  'bisect',
  ...stage.common().filter((word) => word !== '-t' && word !== 'toy'),
  ...more,
];
const history = (...more: string[]): string[] => common('--good', 'good', '-p', 'x86_64', '-j', '1', ...more);
const report = (): BisectReport => JSON.parse(readFileSync(join(stage.out, 'bisect.json'), 'utf8')) as BisectReport;
const journal = (): BisectLine[] =>
  readFileSync(join(stage.out, 'bisect.jsonl'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as BisectLine);

/** A branch of commits, each with what it changes; the commit below it is tagged `good`. */
function grow(branch: string, changes: readonly ((at: number) => void)[]): string[] {
  stage.git('checkout', '-q', '-f', '-B', branch, 'master');
  stage.git('tag', '-f', 'good');
  return changes.map((change, at) => {
    change(at);
    return stage.commit(`mm: change ${at}`);
  });
}

/** Another kernel that does the same: the toy's is the text of its scenario. */
const touch = (at: number): void => void stage.write('scenario/50-note.txt', `# ${at}\n`);
/** Only a file that no kernel is made from. */
const comment = (at: number): void => void stage.write('README', `note ${at}\n`);
const breakBuild = (): void =>
  void stage.write('kernel/broken.txt', 'x\n').write('Kbuild', `${kbuild}\n$(error broken)\n`);
const kbuild = stage.read('Kbuild');
const repair = (at: number): void => {
  stage.write('Kbuild', kbuild);
  touch(at);
};
const scenario =
  (line: string) =>
  (at: number): void => {
    stage.scenario(`${line}\n# ${at}`);
  };
const steps = (count: number, special: Record<number, (at: number) => void>): ((at: number) => void)[] =>
  Array.from({length: count}, (_, at) => special[at] ?? touch);

t.test('a clear failure among 16 commits: the culprit, few attempts, a report', async (t) => {
  const commits = grow('clear', steps(16, {5: comment, 9: scenario('test toy-steady fail')}));
  const {code, stdout} = await stage.run(
    history(
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
  const {culprits, confidence, cost, drafts, outcome, evidence, hunted} = report();
  t.equal(outcome, 'found');
  t.match(culprits, [
    {commit: commits[9], subject: 'mm: change 9', author: 'Toy <toy@localhost>', files: ['scenario/05-test.txt']},
  ]);
  t.match(hunted, {key: 'steady/toy-steady', how: 'fail'});
  t.ok(confidence.reached >= 0.99);
  t.ok(cost.builds + cost.cachedBuilds <= 2 + 6, 'builds are about log2');
  t.ok(cost.attempts <= 6 + 8, `${cost.attempts} attempts`);
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
    touch(at);
  };
  const commits = grow(
    'broken',
    steps(12, {4: breakBuild, 5: touch, 6: repair, 7: noBoot, 8: boots, 10: scenario('test toy-steady fail')}),
  );
  const {code, stdout} = await stage.run(history('-t', 'toy:steady', '--bad', 'broken'));
  t.equal(code, 0, stdout);
  t.equal(report().culprits[0]?.commit, commits[10]);
  for (const {reason} of report().skipped) t.match(reason, /does not (build|boot)/);
});

t.test('a culprit among commits that cannot be tested: one of several, 125', async (t) => {
  const commits = grow('hidden', [
    touch,
    touch,
    breakBuild,
    scenario('test toy-steady fail'),
    (at) => {
      repair(at);
    },
    touch,
  ]);
  const {code, stdout} = await stage.run(history('-t', 'toy:steady', '--bad', 'hidden'));
  t.equal(code, 125, stdout);
  t.match(stdout, /^bisect: ONE OF SEVERAL: one of 3 commits did it/);
  t.same(
    report().culprits.map(({commit}) => commit),
    commits.slice(2, 5),
  );
  t.equal(report().skipped.length, 2);
});

t.test('commits that change no kernel cost no guest', async (t) => {
  const commits = grow('docs', [
    comment,
    comment,
    comment,
    comment,
    comment,
    comment,
    scenario('test toy-steady fail'),
    comment,
  ]);
  const {code} = await stage.run(history('-t', 'toy:steady', '--bad', 'docs'));
  t.equal(code, 0);
  t.equal(report().culprits[0]?.commit, commits[6]);
  t.ok(report().sameKernel.length > 0);
  t.same(
    report()
      .tested.map(({commit}) => commit)
      .filter((commit) => commits.slice(0, 6).includes(commit)),
    [],
    'none of them had a guest',
  );
});

t.test('a race that shows in 40 of 100 attempts; another failure never counts', async (t) => {
  const commits = grow(
    'race',
    steps(8, {2: scenario('test toy-race panic 30%'), 5: scenario('test toy-race fail 40%')}),
  );
  const {code, stdout} = await stage.run(history('-t', 'toy:race', '--bad', 'race', '--confidence', '0.95'));
  t.equal(code, 0, stdout);
  t.match(report(), {racy: true, culprits: [{commit: commits[5]}], hunted: {key: 'race/toy-race', how: 'fail'}});
  const mute = report().tested.reduce((sum, one) => sum + one.mute, 0);
  t.ok(mute > 0, 'panics were seen, and say neither');
  t.equal(report().evidence?.without.failed, 0);
});

t.test('merges: a culprit on a side branch, and the merge with --first-parent', async (t) => {
  grow('main', steps(3, {}));
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
  t.equal((await stage.run(history('-t', 'toy:steady', '--bad', 'main'))).code, 0);
  t.match(report(), {culprits: [{commit: culprit}], merges: 1, candidates: 8});
  t.equal((await stage.run(history('-t', 'toy:steady', '--bad', 'main', '--first-parent'))).code, 0);
  t.match(report(), {culprits: [{commit: merge}], merges: 0, candidates: 5});
});

t.test('ends that do not differ, or cannot be tested: 125, and it says so', async (t) => {
  grow('calm', steps(4, {}));
  const calm = await stage.run(history('-t', 'toy:steady', '--bad', 'calm', '--end-attempts', '4'));
  t.equal(calm.code, 125);
  t.match(calm.stdout, /^bisect: NO DIFFERENCE: the bad end does not fail: no failure in 0 of 4 attempts/);

  grow('words', [comment, comment]);
  const words = await stage.run(history('-t', 'toy:steady', '--bad', 'words'));
  t.equal(words.code, 125);
  t.match(words.stdout, /both ends are the same kernel/);
  t.equal(report().cost.attempts, 0);

  stage.git('checkout', '-q', 'master');
  stage.scenario('test toy-steady fail');
  stage.git('checkout', '-q', '-B', 'ill');
  stage.commit('fails already');
  stage.git('tag', '-f', 'good');
  touch(1);
  stage.commit('still');
  const both = await stage.run(history('-t', 'toy:steady', '--bad', 'ill'));
  t.equal(both.code, 125);
  t.match(both.stdout, /the ends are not shown to differ/);

  grow('torn', [touch, breakBuild]);
  const torn = await stage.run(history('-t', 'toy:steady', '--bad', 'torn'));
  t.equal(torn.code, 125);
  t.match(torn.stdout, /^bisect: CANNOT TELL: the bad end .* cannot be tested: does not build/);
});

t.test('a series: the patch, with and without -t', async (t) => {
  grow('series', [touch, touch, touch, scenario('test toy-race fail'), touch, touch]);
  const mail = stage.git('format-patch', '--stdout', 'good..series');
  stage.git('checkout', '-q', '-f', 'master');
  stage.write('../series.mbox', `${mail}\n`);
  const series = join(stage.folder, 'series.mbox');
  const one = await stage.run(common(series, '-t', 'toy:race', '-p', 'x86_64'));
  t.equal(one.code, 0, one.stderr);
  t.match(one.stdout, /\(patch 4 of the series\)/);
  t.match(report(), {culprits: [{patch: 4, subject: 'mm: change 3'}]});
  t.notMatch(report().drafts.join('\n'), /Fixes:/, 'it has no public hash');
  const all = await stage.run(common(series, '-p', 'x86_64'));
  t.equal(all.code, 0, all.stderr);
  t.match(report(), {test: 'toy:race/toy-race', culprits: [{patch: 4}]});
});

t.test('128 and 129', async (t) => {
  grow('calls', [touch]);
  const rows: [string[], number, RegExp][] = [
    [['bisect'], 129, /wants a series, or --good/],
    [['bisect', '--good', 'x'], 129, /needs a test/],
    [['bisect', 'a.mbox', '--good', 'x'], 129, /has its own ends/],
    [['bisect', '--good', 'x', '-t', 'toy', '--confidence', '2'], 129, /0\.5 to/],
    [history('-t', 'toy:steady', '--bad', 'no-such'), 128, /no commit `no-such`/],
    [history('-t', 'toy:steady', '--bad', 'good~0'), 128, /nothing is between/],
    [['bisect', '--resume', stage.folder], 128, /no bisect in/],
  ];
  for (const [args, code, message] of rows) {
    const ended = await stage.run(args);
    t.equal(ended.code, code, args.join(' '));
    t.match(ended.stderr, message);
  }
});

t.test('git bisect run kverdict run: the exit codes are what git wants', async (t) => {
  const commits = grow('plain', steps(8, {2: breakBuild, 3: repair, 5: scenario('test toy-steady fail')}));
  stage.git('bisect', 'start', 'plain', 'good');
  const main = join(import.meta.dirname, '../../cli/main.js');
  const words = ['run', ...stage.common(), '-t', 'toy:steady', '-p', 'x86_64'].filter((word) => word !== 'toy');
  const line = words.filter((word, at) => !(word === '-t' && words[at + 1] === '--out'));
  const said = execFileSync('git', ['-C', stage.tree, 'bisect', 'run', process.execPath, main, ...line], {
    encoding: 'utf8',
    env: stage.env,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  stage.git('bisect', 'reset');
  t.match(said, `${commits[5]} is the first bad commit`);
});

/** Findings of attempts and builds; each is unique when nothing was done twice. */
const done = (): BisectLine[] => journal().filter(({type}) => type !== 'start' && type !== 'end');

async function killedAt(args: string[], lines: number): Promise<Ended> {
  const child = stage.start(...args);
  const ended = finish(child);
  while (child.exitCode === null) {
    let seen = 0;
    try {
      seen = done().length;
    } catch {
      // Not there yet, or a line is being written.
    }
    if (seen >= lines) child.kill('SIGKILL');
    await new Promise((resolve) => setTimeout(resolve, 5));
    if (child.signalCode !== null) break;
  }
  return ended;
}

t.test('SIGKILL at five points: the same culprit, and no judged step again', async (t) => {
  const commits = grow('killed', steps(12, {4: breakBuild, 5: repair, 8: scenario('test toy-steady fail')}));
  const args = history('-t', 'toy:steady', '--bad', 'killed');
  t.equal((await stage.run(args)).code, 0);
  const straight = done().length;
  t.equal(report().culprits[0]?.commit, commits[8]);
  stage.git('checkout', '-q', '-f', 'master');
  rmSync(stage.out, {recursive: true});
  let before: BisectLine[] = [];
  const points = [1, 3, 6, 8, straight - 3];
  t.ok(straight > 12, `${straight} findings`);
  for (const point of points) {
    const {code} = await killedAt(args, Math.max(point, before.length + 1));
    t.equal(code, null, 'it was killed');
    const after = done();
    t.same(after.slice(0, before.length), before, 'what was known stands');
    before = after;
  }
  const torn = join(stage.out, 'bisect.jsonl');
  appendFileSync(torn, '{"type":"attempt","at":');
  const resumed = await stage.run(['bisect', '--resume', stage.out]);
  t.equal(resumed.code, 0, resumed.stderr);
  t.match(resumed.stderr, /Going on after \d+ findings/);
  t.equal(report().culprits[0]?.commit, commits[8]);
  // What a step costs is measured, so the way may differ a little.
  t.ok(done().length <= straight + 4, `${done().length} findings, ${straight} without a kill`);
  t.match(report(), {resumed: true});
  const kernels = done().flatMap((line) => (line.type === 'kernel' || line.type === 'skip' ? [line.commit] : []));
  t.equal(new Set(kernels).size, kernels.length, 'no kernel twice');
});

t.test('Ctrl-C: 130, and how to go on', async (t) => {
  grow('stopped', steps(6, {3: scenario('test toy-steady fail')}));
  const args = history('-t', 'toy:steady', '--bad', 'stopped');
  const child = stage.start(...args);
  let seen = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    seen += chunk.toString();
  });
  const ended = finish(child);
  while (!/boot g\d/.test(seen) && child.exitCode === null) await new Promise((resolve) => setTimeout(resolve, 20));
  child.kill('SIGINT');
  const {code, stderr} = await ended;
  t.equal(code, 130);
  t.match(stderr, /To go on: kverdict bisect --resume /);
  t.equal((await stage.run(args)).code, 0, 'the same command goes on');
  t.equal(report().resumed, true);
});
