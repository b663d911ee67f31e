// SPDX-License-Identifier: MIT
import {cpSync, existsSync, readdirSync, readFileSync, rmSync} from 'node:fs';
import {join} from 'node:path';
import t from 'tap';
import {FORMATS} from '../../../reports/format.js';
import {removeOwn} from '../../lib/remove-own.js';
import {RUN_FILES} from '../../run/run-files.js';
import {matchExactly} from '../match-exactly.js';
import {filesWithSecrets, SECRETS, Stage} from './support.js';

const stage = await new Stage().seed();
t.teardown(() => stage.remove());
// Each test is a few runs of the program.
t.setTimeout(300_000);
Object.assign(stage.env, SECRETS);
const before = stage.git('status', '--porcelain', '--ignored');

t.test('a series that breaks a racy test is bad, with k of n on each side', async (t) => {
  const series = stage.patch('mm: be quick', () => stage.scenario('test toy-race fail'));
  const {code, stdout} = await stage.verify(series);
  t.equal(code, 1);
  t.match(stdout, /^verdict: BAD/);
  const results = stage.results();
  t.equal(results.schema, 'kverdict/results/1');
  t.equal(results.verdict, 'bad');
  const race = results.comparisons.find(({profile, test}) => profile === 'x86_64' && test.startsWith('race'));
  t.match(race, {change: 'regressed', base: {pass: 5, fail: 0}, patched: {pass: 0, fail: 5}});
  const steady = results.comparisons.find(({test}) => test.startsWith('steady'));
  t.match(steady, {change: 'unchanged', base: {pass: 1}, patched: {pass: 1}}, 'a steady test that agrees runs once');
  t.match(results.findings[0]?.reproduce, /^kverdict verify .* --base [0-9a-f]{40} .*-t toy:race/);
  t.equal(results.builds.length, 4, 'two sides of two architectures');
  const copy = join(stage.folder, 'copy');
  cpSync(stage.out, copy, {recursive: true});
  t.same(removeOwn(copy, RUN_FILES), [], 'all that a run writes is in the table of what may be deleted');
  t.same(readdirSync(copy), []);
  for (const {file} of FORMATS) t.ok(existsSync(join(stage.out, file)), `${file} is written`);
  t.match(race?.outcomes, {base: 'ppppp', patched: 'fffff'});
  const tries = results.attempts?.filter(({profile, test}) => profile === 'x86_64' && test === 'race') ?? [];
  t.equal(tries.length, 10);
  t.ok(
    tries.every(({at = -1, seconds}) => at > 0 && at + seconds <= results.seconds),
    'each has its place in time',
  );
  for (const {log = ''} of tries) t.ok(existsSync(join(stage.out, log)), log);
  t.match(results.findings[0]?.excerpts?.log, {file: /race\/patched-1\.log$/, lines: [/KTAP|TAP/]});
  const {author, files} = results.series?.patches[0] ?? {};
  t.match({author, files}, {author: {name: 'Toy', email: 'toy@localhost'}, files: ['scenario/05-test.txt']});
  t.match(readFileSync(join(stage.out, 'report.html'), 'utf8'), /<h1><span class="unseen">Verdict: <\/span>Bad<\/h1>/);
});

t.test('report: the same run in other formats, to stdout, into its folder or elsewhere', async (t) => {
  const report = (...args: string[]): Promise<{code: number | null; stdout: string; stderr: string}> =>
    stage.run(['report', stage.out, ...args]);
  const screen = await report();
  t.equal(screen.code, 0, 'the exit code is about the report, not about the run');
  t.match(screen.stdout, /^verdict: BAD/);
  const github = await report('--format', 'github');
  t.match(github.stdout, /^## ❌ kverdict: bad/);
  rmSync(join(stage.out, 'report.html'));
  const both = await report('--format', 'html,b4');
  t.same(both.stdout.trim().split('\n'), [join(stage.out, 'report.html'), join(stage.out, 'reports/b4.json')]);
  t.ok(existsSync(join(stage.out, 'report.html')));
  const elsewhere = await report('-f', 'html', '-f', 'junit-ci', '--out', join(stage.folder, 'public'));
  t.equal(elsewhere.code, 0);
  t.match(
    readFileSync(join(stage.folder, 'public/report.html'), 'utf8'),
    'href="../out/attempts/x86_64/toy/race/base-1.log"',
  );
  t.match(readFileSync(join(stage.folder, 'public/junit-ci.xml'), 'utf8'), '[[ATTACHMENT|../out/attempts/');
});

t.test('report: what cannot be told is said, with what can', async (t) => {
  const unknown = await stage.run(['report', stage.out, '-f', 'pdf']);
  t.equal(unknown.code, 129);
  t.match(unknown.stderr, /There is no format `pdf`\n {2}hint: Formats: json, html,/);
  const nowhere = await stage.run(['report', stage.folder]);
  t.equal(nowhere.code, 128);
  t.match(nowhere.stderr, /holds no results of a run.*\n {2}hint: Give a run's folder/);
  const address = await stage.run(['report', stage.out, '-f', 'b4', '--url', 'javascript:alert(1)']);
  t.equal(address.code, 129);
});

t.test('a harmless series is good; the base is not built again', async (t) => {
  const series = stage.patch('mm: a comment', () =>
    stage.write('mm/memory.c', `${stage.read('mm/memory.c')}\n/* more */\n`),
  );
  const {code, stdout} = await stage.verify(series);
  t.equal(code, 0);
  t.match(stdout, /^verdict: GOOD/);
  t.same(
    stage.results().builds.map(({side, cached}) => [side, cached]),
    [
      ['base', true],
      ['base', true],
      ['patched', false],
      ['patched', false],
    ],
  );
});

t.test('a steady test that differs is repeated until that is clear', async (t) => {
  const series = stage.patch('mm: break steady', () => stage.scenario('test toy-steady fail'));
  const {code} = await stage.verify(series, '--profiles', 'x86_64');
  t.equal(code, 1);
  const steady = stage.results().comparisons.find(({test}) => test.startsWith('steady'));
  t.match(steady, {change: 'regressed', base: {pass: 5, fail: 0}, patched: {pass: 0, fail: 5}});
});

t.test('a budget that is used up: no repeat, and what more would be needed', async (t) => {
  const series = stage.patch('mm: break steady, in a hurry', () => stage.scenario('test toy-steady fail'));
  const {code, stderr} = await stage.verify(series, '--profiles', 'x86_64', '--budget', '0.1s');
  t.equal(code, 125);
  t.match(stderr, /The budget of 0\.1 s is used up: nothing more is repeated/);
  const {because, comparisons, design} = stage.results();
  t.match(because, /; a new run with --max-runs 5 would find a difference of this size with a chance of 90 %/);
  t.match(
    comparisons.find(({test}) => test.startsWith('steady')),
    {change: 'inconclusive', open: true, advice: {maxRuns: 5, chance: 0.9}, base: {pass: 1}, patched: {fail: 1}},
  );
  t.match(design, {alpha: 0.05, power: 0.9, maxRuns: 20, maxRepeats: 19});
});

t.test('a pass that becomes a skip is never green', async (t) => {
  const series = stage.patch('mm: skip steady', () => stage.scenario('test toy-steady skip'));
  const {code} = await stage.verify(series, '--profiles', 'x86_64');
  t.equal(code, 1);
  t.match(stage.results().findings[0], {kind: 'skip-regressed'});
});

t.test('a test that falls silent is never green', async (t) => {
  const series = stage.patch('mm: silence', () => stage.scenario('test toy-steady silent'));
  const {code} = await stage.verify(series, '--profiles', 'x86_64');
  t.equal(code, 1);
});

t.test('a kernel that panics under one test costs that test alone', async (t) => {
  const series = stage.patch('mm: panic', () => stage.scenario('test toy-steady panic'));
  const {code} = await stage.verify(series, '--profiles', 'x86_64', '--runs', '5');
  t.equal(code, 1);
  const {comparisons, guests} = stage.results();
  t.match(
    comparisons.find(({test}) => test.startsWith('steady')),
    {patched: {crash: 5}},
  );
  t.match(
    comparisons.find(({test}) => test.startsWith('race')),
    {change: 'unchanged', patched: {pass: 5}},
  );
  t.ok(
    guests.some(({ended, detail}) => ended === 'lost' && /panic/i.test(detail ?? '')),
    'the guest that was lost says why',
  );
});

t.test('a test that hangs is a timeout, on the patched side alone', async (t) => {
  const series = stage.patch('mm: hang', () => stage.scenario('test toy-race hang'));
  const {code} = await stage.verify(series, '--profiles', 'x86_64', '--runs', '5');
  t.equal(code, 1);
  t.match(
    stage.results().comparisons.find(({test}) => test.startsWith('race')),
    {change: 'regressed', patched: {timeout: 5}},
  );
});

t.test('a patched kernel that does not boot is bad; the message holds the console', async (t) => {
  const series = stage.patch('init: panic', () => stage.write('scenario/00-boot.txt', 'boot panic\n'));
  const {code} = await stage.verify(series, '--profiles', 'x86_64');
  t.equal(code, 1);
  t.match(stage.results().findings[0], {kind: 'boot-failed', detail: /Kernel panic - not syncing/});
});

t.test('a series that does not build is bad, with file and line', async (t) => {
  const series = stage.patch('mm: typo', () =>
    stage.write('mm/memory.c', `${stage.read('mm/memory.c')}\nint broken(\n`),
  );
  const {code} = await stage.verify(series, '--profiles', 'x86_64');
  t.equal(code, 1);
  t.match(stage.results().findings[0], {kind: 'build-failed', title: /mm\/memory\.c:\d+/});
});

t.test('a new compiler warning in a touched file is a finding, and no verdict', async (t) => {
  const series = stage.patch('mm: unused', () =>
    stage.write(
      'mm/memory.c',
      `${stage.read('mm/memory.c')}\nint kv_warn(void);\nint kv_warn(void)\n{\n\tint unused;\n\treturn 0;\n}\n`,
    ),
  );
  const {code} = await stage.verify(series, '--profiles', 'x86_64');
  t.equal(code, 0);
  t.match(stage.results().findings[0], {kind: 'new-warning', severity: 'warning', title: /mm\/memory\.c:\d+.*unused/});
});

t.test('a touched file is looked at with further warnings; of headers alone that is said', async (t) => {
  const twice = `int kv(int n);\nint kv(int n)\n{\n\tif (n == 1)\n\t\treturn 2;\n\telse if (n == 1)\n\t\treturn 3;\n\treturn 0;\n}\n`;
  const series = stage.patch('mm: twice', () =>
    stage.write('kernel/fork.c', `${stage.read('kernel/fork.c')}\n${twice}`),
  );
  const {code} = await stage.verify(series, '--profiles', 'x86_64');
  t.equal(code, 0);
  const [, patched] = stage.results().builds;
  t.match(patched?.newWarnings, [{file: 'kernel/fork.c', option: '-Wduplicated-cond'}]);
  matchExactly(t, patched?.extraWarnings, {compiled: ['kernel/fork.c'], notCompiled: []});

  const header = stage.patch('include: a comment', () =>
    stage.write('include/linux/toy.h', `${stage.read('include/linux/toy.h')}\n/* more */\n`),
  );
  const {stderr} = await stage.verify(header, '--profiles', 'x86_64');
  t.match(stderr, /^skip .*further warnings: this kernel compiles no C file that the series touches/m);
  matchExactly(t, stage.results().builds[1], {newWarnings: [], extraWarnings: {compiled: [], notCompiled: []}});
});

t.test('a series that applies nowhere is bad, and says which patch, files and bases', async (t) => {
  const series = stage.patch('mm: change', () =>
    stage.write('mm/memory.c', stage.read('mm/memory.c').replaceAll('int', 'long')),
  );
  stage.write('mm/memory.c', 'int something_else;\n');
  stage.commit('moved on');
  const {code, stdout} = await stage.verify(series);
  stage.git('reset', '-q', '--hard', 'HEAD~1');
  t.equal(code, 1);
  t.match(stdout, /does not apply/);
  t.match(stage.results().findings[0], {
    kind: 'series-conflict',
    title: /mm\/memory\.c/,
    detail: /Bases tried:\n {2}HEAD [\s\S]*patch does not apply/,
  });
});

t.test("the user's tree was only read", (t) => {
  t.equal(stage.git('status', '--porcelain', '--ignored'), before);
  t.notOk(existsSync(join(stage.tree, '.git/worktrees')), 'no work tree was added to it');
  t.end();
});

t.test('--json is one document, --jsonl is one event a line, progress goes to stderr', async (t) => {
  const series = stage.patch('mm: another comment', () =>
    stage.write('mm/memory.c', `${stage.read('mm/memory.c')}\n/* x */\n`),
  );
  const json = await stage.verify(series, '--profiles', 'x86_64', '--json');
  t.equal((JSON.parse(json.stdout) as {verdict: string}).verdict, 'good');
  t.match(json.stderr, /^ok {6}.*kernel, patched/m);
  const jsonl = await stage.verify(series, '--profiles', 'x86_64', '--jsonl');
  const events = jsonl.stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as {type: string});
  t.equal(events.at(-1)?.type, 'results');
  t.ok(events.some(({type}) => type === 'command'));
});

t.test('--dry-run prints commands and builds nothing', async (t) => {
  const series = stage.patch('mm: dry', () => stage.scenario('test toy-race fail'));
  const {code, stdout} = await stage.verify(series, '--dry-run', 'KCFLAGS=-g');
  t.equal(code, 0);
  t.match(stdout, /^make .*ARCH=arm64.*KCFLAGS=-g.* Image$/m);
  t.match(stdout, /^.*qemu-system-x86_64 .*-nodefaults/m);
  t.match(
    readFileSync(join(stage.folder, 'out/results.json'), 'utf8'),
    /another comment/,
    'the run before is still there',
  );
});

t.test('what is not committed is not built, and that is said', async (t) => {
  const series = stage.patch('mm: one more comment', () =>
    stage.write('mm/memory.c', `${stage.read('mm/memory.c')}\n/* y */\n`),
  );
  stage.write('mm/userfaultfd.c', `${stage.read('mm/userfaultfd.c')}\n#error not committed\n`);
  const {code, stderr} = await stage.verify(series, '--profiles', 'x86_64');
  stage.git('checkout', '-q', '--', 'mm/userfaultfd.c');
  t.equal(code, 0);
  t.match(stderr, /warning 1 file differs from HEAD in .*: what is not committed is not built/);
});

t.test('no file of all these runs, of the cache or of the reports holds a secret', async (t) => {
  const word = await stage.verify('x.mbox', 'GITHUB_TOKEN=S3CRET-of-a-word');
  t.equal(word.code, 129);
  t.match(word.stderr, /`GITHUB_TOKEN=\*\*\*` is not a word of make/);
  const {code, stdout} = await stage.run(['report', stage.out, '-f', 'json,html,tap,junit,terminal,kcidb,github']);
  t.equal(code, 0);
  t.same(filesWithSecrets(stage.folder), []);
  t.notMatch(stdout, 'S3CRET');
});
