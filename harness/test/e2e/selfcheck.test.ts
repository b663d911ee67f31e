// SPDX-License-Identifier: MIT
import {copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import t from 'tap';
import {TABLE_BEGIN, TABLE_END} from '../../../reports/sentinel-table.js';
import {ownedProcesses} from '../../lib/process-owner.js';
import type {SelfcheckReport, SentinelReport} from '../../sentinel/report.js';
import {matchExactly} from '../match-exactly.js';
import {type Ended, finish, Stage} from './support.js';

const stage = await new Stage().seed();
t.teardown(() => stage.remove());
// Each test is a few runs of the program.
t.setTimeout(300_000);

const sentinels = join(stage.folder, 'sentinels');
const RACE = '{suite: toy, test: race, profiles: [x86_64]}';

/** A folder as in selftests/sentinels/. */
function write(name: string, change: () => void, expect: string, more = 'applies: ["6.12"]\n'): void {
  const mail = stage.patch(`mm: ${name}`, change);
  mkdirSync(join(sentinels, name), {recursive: true});
  copyFileSync(mail, join(sentinels, name, '0001.patch'));
  writeFileSync(
    join(sentinels, name, 'sentinel.yaml'),
    `thread: a thread about ${name}\nsummary: a toy\n${more}expect: [${expect}]\n`,
  );
}

const loses = (): void => stage.scenario('test toy-race fail');
const comment = (): void => void stage.write('mm/memory.c', `${stage.read('mm/memory.c')}\n/* more */\n`);
const unset = (): void =>
  void stage.write(
    'mm/userfaultfd.c',
    `${stage.read('mm/userfaultfd.c')}\nint kv(int);\nint kv(int n)\n{\n\tint x;\n\n\tif (n)\n\t\tx = n;\n\treturn x;\n}\n`,
  );

const words = (...more: string[]): string[] => [
  ...['selfcheck', ...more, '--runs', '5', '--sentinel-dir', sentinels, '--tree', stage.tree, '--qemu', stage.qemu],
  ...['--suites', join(import.meta.dirname, '../../../../harness/test/fixtures/e2e/suites'), '--out', stage.out],
];
const selfcheck = (names: string[], ...more: string[]): Promise<Ended> =>
  stage.run(words('--sentinels', ...names, ...more));
const report = (): SelfcheckReport =>
  JSON.parse(readFileSync(join(stage.out, 'selfcheck.json'), 'utf8')) as SelfcheckReport;
const of = (name: string): SentinelReport | undefined => report().sentinels.find((one) => one.name === name);

t.test('detected, and a good control: exit 0, a table, a run of each', async (t) => {
  write('loses', loses, RACE);
  write('calm', comment, '', 'applies: ["6.12"]\nrun: [{suite: toy, profiles: [x86_64]}]\n');
  const {code, stdout} = await selfcheck(['loses', 'calm']);
  t.equal(code, 0);
  t.match(stdout, /^selfcheck: passed: 1 good, 1 detected: Linux 6\.12\.7/);
  t.match(stdout, /^loses +a thread about loses +x86_64 +detected +0 of 5 +5 of 5 +\d+$/m);
  t.match(of('loses')?.rows, [{what: 'toy:race/toy-race', expected: 'regressed', seen: 'regressed'}]);
  t.match(of('calm'), {control: true, outcome: 'good', machine: 'QEMU 10.0.2, tcg'});
  t.equal(report().complete, true);
  const verified = JSON.parse(readFileSync(join(stage.out, 'sentinels/loses/results.json'), 'utf8'));
  t.match(verified, {verdict: 'bad', builds: [{arch: 'x86_64'}, {arch: 'x86_64'}]});
  t.notOk(
    verified.comparisons.some(({test}: {test: string}) => test.startsWith('steady')),
    'only what it names is run',
  );
  t.match(readFileSync(join(stage.out, 'sentinels/loses/commands.log'), 'utf8'), /qemu-system-x86_64/);
});

t.test('missed: exit 1, and what was seen instead', async (t) => {
  write('blind', comment, RACE);
  const {code, stdout} = await selfcheck(['blind']);
  t.equal(code, 1);
  t.match(stdout, /^selfcheck: FAILED: 1 MISSED: /);
  t.match(stdout, 'blind: x86_64: toy:race/toy-race: expected regressed, saw unchanged');
});

t.test(
  'marked unseen: missed, and fails nothing; seen, and that is said; not for this kernel, and that is said',
  async (t) => {
    const mark = 'applies: ["6.12"]\nunseen: it is too quick\n';
    write('quick', comment, RACE, mark);
    write('not-so-quick', loses, RACE, mark);
    write('old', loses, RACE, 'applies: ["5.10"]\n');
    const {code, stdout} = await selfcheck(['quick', 'not-so-quick', 'old']);
    t.equal(code, 0);
    t.match(stdout, /^selfcheck: passed: 1 detected, 1 does not apply, 1 MISSED \(known\)/);
    t.match(stdout, 'quick: known to be missed: it is too quick');
    t.match(stdout, /not-so-quick: it is detected, though it is marked `unseen`/);
    t.match(stdout, 'old: it applies to 5.10, and this is 6.12.7');
    t.equal((await selfcheck(['old'])).code, 125, 'alone it proves nothing');
  },
);

t.test('one that says it applies and does not is missed', async (t) => {
  write('torn', comment, RACE);
  const mail = join(sentinels, 'torn/0001.patch');
  writeFileSync(mail, readFileSync(mail, 'utf8').replace(/^ (\t?return 0;)$/m, ' $1 /* another */'));
  const {code, stdout} = await selfcheck(['torn']);
  t.equal(code, 1, stdout);
  t.match(stdout, /torn: x86_64: toy:race: expected regressed, saw .*does not apply/s);
});

t.test('one that cannot be tried is no proof, and the next one still has its turn', async (t) => {
  write('astray', loses, '{suite: nonesuch, profiles: [x86_64]}');
  const {code, stdout} = await selfcheck(['astray', 'calm']);
  t.equal(code, 125);
  t.match(stdout, /^selfcheck: CANNOT TELL: 1 not tried, 1 good/);
  t.match(stdout, /astray: There is no suite called `nonesuch`/);
});

t.test('--profiles leaves out what names none of them', async (t) => {
  const {code, stdout} = await selfcheck(['loses'], '--profiles', 'arm64');
  t.equal(code, 125);
  t.match(stdout, 'loses: it names none of the chosen profiles: x86_64');
});

t.test('a variable that one path never sets: a new warning, and no guest is needed', async (t) => {
  write(
    'unset',
    unset,
    '{finding: new-warning, file: mm/userfaultfd.c, option: -Wmaybe-uninitialized, profiles: [x86_64]}',
  );
  const {code, stdout} = await selfcheck(['unset']);
  t.equal(code, 0, stdout);
  t.match(of('unset')?.rows[0]?.seen, /^mm\/userfaultfd\.c:\d+: .*uninitialized \[-Wmaybe-uninitialized\]$/);
  t.notOk(existsSync(join(stage.out, 'sentinels/unset/guests')));
  const results = JSON.parse(readFileSync(join(stage.out, 'sentinels/unset/results.json'), 'utf8'));
  matchExactly(t, results.builds[1], {extraWarnings: {compiled: ['mm/userfaultfd.c'], notCompiled: []}});
  t.match(results.findings, [{kind: 'new-warning', severity: 'warning', title: /\[-Wmaybe-uninitialized\]$/}]);
  const again = await selfcheck(['unset']);
  t.equal(again.code, 0);
  t.match(again.stderr, /^cached +x86_64: touched C files once more/m, 'the answer is kept');
});

t.test('--write-docs writes the table between the markers; --json is one document', async (t) => {
  const file = join(stage.folder, 'page.md');
  writeFileSync(file, 'no place\n');
  const refused = await selfcheck(['loses'], '--write-docs', file);
  t.equal(refused.code, 128);
  t.match(refused.stderr, /has no place for the table/);
  writeFileSync(file, `# Page\n${TABLE_BEGIN}\n${TABLE_END}\nend\n`);
  const {code, stdout} = await selfcheck(['calm'], '--write-docs', file, '--json');
  t.equal(code, 0);
  t.match(JSON.parse(stdout), {schema: 'kverdict/selfcheck/1', sentinels: [{name: 'calm'}]});
  t.match(readFileSync(file, 'utf8'), /^\| `calm` \| a thread about calm \| x86_64 \| verdict \| good \|/m);
});

t.test('129 and 128: what to check is not said, or is not there', async (t) => {
  t.equal((await stage.run(['selfcheck'])).code, 129);
  const {code, stderr} = await selfcheck(['nonesuch']);
  t.equal(code, 128);
  t.match(stderr, /your input: There is no sentinel `nonesuch`[\s\S]*hint: .*loses/);
  t.equal((await selfcheck(['loses'], '--profiles', 'sparc')).code, 128);
});

t.test('Ctrl-C: 130, nothing left behind, and what was won stays', async (t) => {
  write('zz-slow', () => stage.scenario('test toy-race pass after 60000'), RACE);
  const child = stage.start(...words('--sentinels', 'calm', 'zz-slow'));
  let seen = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    seen += chunk.toString();
  });
  while (!/sentinel 1 of 2: calm[\s\S]*boot g\d/.test(seen)) {
    if (child.exitCode !== null) throw new Error(`ended early: ${seen}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  child.kill('SIGINT');
  const {code} = await finish(child);
  t.equal(code, 130);
  t.strictSame(
    ownedProcesses().filter(({owner}) => owner.startsWith(`${child.pid}-`)),
    [],
  );
  t.match(report(), {complete: false, sentinels: [{name: 'calm', outcome: 'good'}]});
});
