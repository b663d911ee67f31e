// SPDX-License-Identifier: MIT
import {existsSync, readdirSync, readFileSync, statSync} from 'node:fs';
import {join} from 'node:path';
import t from 'tap';
import {listRuns, reportsOf} from '../../history/read.js';
import {lastChange, outcomesOverTime} from '../../history/read-tests.js';
import {matchExactly} from '../match-exactly.js';
import {crawl, get, serveHistory} from '../serve/fixture.js';
import {NightlyStage} from './nightly-stage.js';
import {filesWithSecrets, SECRETS} from './support.js';

const stage = new NightlyStage();
await stage.seed();
stage.configure();
Object.assign(stage.env, SECRETS);
t.teardown(() => stage.remove());
// A night is several builds and guests.
t.setTimeout(600_000);

const STEADY = {profile: 'x86_64', suite: 'toy', test: 'steady/toy-steady'};

t.test('a password in an address: refused before anything is written, and not repeated', async (t) => {
  const other = new NightlyStage();
  t.teardown(() => other.remove());
  other.configure(
    'trees:',
    '  - url: "http://bob:S3CRET@127.0.0.1:9/x.git"',
    '    branches: [master]',
    'variables: {MY_TOKEN: x}',
  );
  const {code, stdout, stderr} = await other.night();
  t.equal(code, 128, stderr);
  t.match(
    stderr,
    /trees\.0\.url: Expected an address without a password or token; git asks the program in GIT_ASKPASS/,
  );
  t.match(stderr, /variables\.MY_TOKEN: .*Expected no secret: export it, and make gets it from the environment/);
  t.notMatch(stdout + stderr, /S3CRET/);
  t.same(filesWithSecrets(other.folder), [other.config]);
});

t.test('three nights: good, regressed, fixed', async (t) => {
  stage.push();
  const good = stage.git('rev-parse', 'HEAD');
  const dry = await stage.night('--dry-run');
  t.equal(dry.code, 0, dry.stderr);
  t.match(dry.stdout, new RegExp(`judge ${good.slice(0, 12)}, compared with nothing\\n  suites: toy on x86_64`));
  t.notOk(existsSync(join(stage.env.XDG_STATE_HOME, 'kverdict/history.sqlite')), 'a dry run remembers nothing');
  const first = await stage.night();
  t.equal(first.code, 0, first.stderr);
  t.match(first.stdout, /^night: GOOD: toy, /);
  matchExactly(t, stage.report(), {
    exit: 0,
    branches: [{state: 'judged', runs: [{commit: good, base: null, changes: []}]}],
  });

  const again = await stage.night();
  t.equal(again.code, 0);
  t.match(again.stdout, `${good.slice(0, 12)} is judged already`);
  t.same(stage.report().branches[0]?.runs, []);

  stage.write('scenario/50-note.txt', '# one\n');
  stage.commit('mm: before');
  stage.scenario('test toy-steady fail');
  const culprit = stage.commit('mm: be careless');
  stage.write('scenario/50-note.txt', '# two\n');
  const bad = stage.commit('mm: after');
  stage.push();
  const second = await stage.night('--json');
  t.equal(second.code, 1, second.stderr);
  const [run] = stage.report().branches[0]?.runs ?? [];
  t.same(JSON.parse(second.stdout), stage.report());
  t.match(run, {
    ...{commit: bad, base: good, verdict: 'bad', subject: 'mm: after', author: 'Toy <toy@localhost>'},
    changes: [{test: 'steady/toy-steady', change: 'regressed'}],
    bisects: [{state: 'found', culprit, subject: 'mm: be careless', author: 'Toy <toy@localhost>'}],
  });
  const folder = run?.folder ?? '';
  for (const file of ['report.html', 'results.json', 'junit.xml', 'commands.log', 'bisects/1/bisect.json'])
    t.ok(existsSync(join(folder, file)), file);
  t.notOk(existsSync(join(folder, 'reports/reply.eml')));
  t.match(readFileSync(join(folder, 'bisects/1/bisect.txt'), 'utf8'), /^bisect: FOUND: .*"mm: be careless"/);
  const text = readFileSync(join(folder, '../../night.txt'), 'utf8');
  t.match(text, /^night: BAD/);
  t.match(text, new RegExp(`${culprit.slice(0, 12)} \\("mm: be careless", Toy <toy@localhost>\\)`));

  stage.scenario('test toy-steady pass');
  const fixed = stage.commit('mm: be careful');
  stage.push();
  const third = await stage.night();
  t.equal(third.code, 0, third.stderr);
  matchExactly(t, stage.report().branches[0]?.runs, [
    {commit: fixed, base: bad, verdict: 'good', changes: [{test: 'steady/toy-steady', change: 'fixed'}], bisects: []},
  ]);

  await using history = await stage.history();
  t.equal(statSync(history.file).mode & 0o777, 0o600);
  const runs = await listRuns(history);
  t.match(
    runs.map(({commit, verdict, comparable}) => ({commit, verdict, comparable})),
    [
      {commit: fixed, verdict: 'good', comparable: 1},
      {commit: bad, verdict: 'bad', comparable: 1},
      {commit: good, verdict: 'good', comparable: 1},
    ],
  );
  t.match(runs[0], {kernel_version: /^\d+\.\d+/, tree: stage.remote, branch: 'master', nightly: 'toy'});
  t.match(await outcomesOverTime(history, STEADY), [
    {commit: good, state: 'pass'},
    {commit: bad, change: 'regressed', state: 'fail', base_state: 'pass'},
    {commit: fixed, change: 'fixed', state: 'pass', base_state: 'fail'},
  ]);
  t.match(await lastChange(history, STEADY), {outcome: {commit: fixed, change: 'fixed'}, bisect: undefined});
  t.ok((await reportsOf(history, runs[1]?.id ?? 0)).some(({file}) => file === 'report.html'));
  t.same(filesWithSecrets(stage.folder), [], 'of two nights, three runs and a bisect');
});

t.test('a branch that does not build is compared with from before; a rebased one is followed', async (t) => {
  stage.configure('bisect: false', 'formats: [tap]');
  const base = stage.git('rev-parse', 'HEAD');
  const kbuild = stage.read('Kbuild');
  stage.write('Kbuild', `${kbuild}\n$(error broken)\n`);
  stage.commit('mm: does not build');
  stage.push();
  const broken = await stage.night();
  t.equal(broken.code, 1, broken.stdout);
  t.match(broken.stdout, /does not build/);
  stage.git('reset', '-q', '--hard', base);
  stage.scenario('test toy-steady fail');
  const rebased = stage.commit('mm: rebased');
  stage.push();
  const ended = await stage.night();
  t.equal(ended.code, 1, ended.stdout);
  const [run] = stage.report().branches[0]?.runs ?? [];
  matchExactly(t, run, {commit: rebased, base, changes: [{change: 'regressed'}], bisects: []});
  t.ok(existsSync(join(run?.folder ?? '', 'results.tap')), 'the format that was asked for');
  t.ok(existsSync(join(run?.folder ?? '', 'results.json')), 'and what all are made from');
  t.notOk(existsSync(join(run?.folder ?? '', 'junit.xml')));
});

t.test('a branch that cannot be had leaves the others theirs: 128; bad words: 128 with line and path', async (t) => {
  stage.git('checkout', '-q', 'master');
  stage.git('push', '-q', stage.remote, 'HEAD:refs/heads/other');
  stage.configure('trees:', '  - url: remote.git', '    branches: [none, other]');
  const {code, stdout} = await stage.night();
  t.match(stdout, /none of .*\n {2}failed: .* has no branch `none`/);
  t.match(stage.report().branches, [
    {branch: 'none', state: 'failed'},
    {branch: 'other', state: 'judged'},
  ]);
  t.equal(code, 1, 'the other one fails a test, and that is what must be looked at');
  t.equal((await stage.night()).code, 128, 'nothing new there, and still no branch');

  stage.configure('trees:', '  - url: remote.git', '    branches: [a..b]', 'colour: red', 'alpha: 2');
  const bad = await stage.night();
  t.equal(bad.code, 128);
  for (const said of [
    /toy\.yaml:\d+: colour: unknown key/,
    /toy\.yaml:\d+: alpha: .*got `2`/,
    /trees\.0\.branches\.0: Exp/,
  ])
    t.match(bad.stderr, said);
  stage.configure('trees:', '  - url: remote.git', '    branches: [other]', '    profiles: [vax]');
  t.match((await stage.night()).stderr, /There is no profile `vax`/);
  t.equal((await stage.run(['nightly'])).code, 129);
});

t.test('no page and no file that is served of all this holds a secret', async (t) => {
  stage.configure('trees:', '  - url: "http://127.0.0.1:9/x.git"', '    branches: [far]');
  t.equal((await stage.night()).code, 128, 'a server that cannot be reached, by a proxy with a password');
  await using history = await stage.history();
  const served = await serveHistory(history);
  t.teardown(served.stop);
  const pages = await crawl(served.address, '/', true);
  // Those that no page links to as well.
  const runs = await listRuns(history);
  for (const {id, folder} of runs) {
    for (const name of readdirSync(folder, {recursive: true, encoding: 'utf8'})) {
      const path = `/runs/${id}/files/${name.split('/').map(encodeURIComponent).join('/')}`;
      if (!pages.has(path)) pages.set(path, await get(served.address, path));
    }
  }
  const paths = [...pages.keys()];
  for (const kind of [
    /^\/runs\/\d+$/,
    /^\/bisects\/\d+$/,
    /\/files\/bisects\/1\/bisect\.jsonl$/,
    /\/files\/.*commands\.log$/,
  ]) {
    t.ok(
      paths.some((path) => kind.test(path)),
      `${kind} of ${paths.length}`,
    );
  }
  t.match(pages.get('/')?.body, /Cannot fetch far of http:\/\/127\.0\.0\.1:9\/x\.git/);
  t.same(
    [...pages].filter(([, {body}]) => body.includes('S3CRET')).map(([path]) => path),
    [],
  );
  t.same(filesWithSecrets(stage.folder), [], 'nor a file of the cache, the state or the runs');
  t.same(served.troubles, []);
});
