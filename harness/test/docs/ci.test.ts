// SPDX-License-Identifier: MIT
/** The ready-made units of docs/ci, as far as they can be tried without their servers. */
import {execFileSync, spawnSync} from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import {tmpdir} from 'node:os';
import {dirname, join} from 'node:path';
import t from 'tap';
import {parse} from 'yaml';
import {resolvePaths} from '../../lib/paths.js';
import {loadNightlyConfig} from '../../nightly/config.js';
import {makePlan} from '../../run/prepare.js';
import {testContext} from '../fakes/test-context.js';

const {project} = resolvePaths();
const folder = join(project, 'docs/ci');
const textOf = (name: string): string => readFileSync(join(folder, name), 'utf8');
const temp = mkdtempSync(join(tmpdir(), 'kv'));
t.teardown(() => rmSync(temp, {recursive: true, force: true}));

/** A night's files as they lie in the state folder, and one of an earlier night. */
function layNight(state: string): void {
  const write = (path: string, text: string): string => {
    const file = join(state, 'kverdict/runs/nightly-mm', path);
    mkdirSync(dirname(file), {recursive: true});
    writeFileSync(file, text);
    return file;
  };
  const old = write('20260101-010000/master-1/aaa/reports/github.md', 'of yesterday\n');
  utimesSync(old, 1, 1);
  writeFileSync(join(dirname(state), 'started'), '');
  utimesSync(join(dirname(state), 'started'), 1000, 1000);
  write('20260102-010000/master-1/bbb/reports/github.md', '## of tonight\n');
  write('20260102-010000/master-1/bbb/reports/junit-ci.xml', '<testsuites/>\n');
  write('20260102-010000/master-1/bbb/reports/github-annotations.txt', '::error::worse\n');
  write('20260102-010000/master-1/bbb/bisects/1/bisect.txt', 'bisect: FOUND\n');
}

const isShell = (script: string): string => spawnSync('bash', ['-n'], {input: script, encoding: 'utf8'}).stderr;

t.test('the README names every file, and no other', (t) => {
  const named = [...textOf('README.md').matchAll(/`([\w@][\w@.-]+\.(?:service|timer|cron|yml|yaml))`/g)].map(
    ([, name]) => name,
  );
  const there = readdirSync(folder).filter((name) => name !== 'README.md');
  t.same([...new Set(named)].sort(), there.sort());
  t.end();
});

t.test('mm.yaml is a configuration', (t) => {
  const ctx = testContext();
  t.teardown(() => ctx.remove());
  const {name, watched, request, bisect, formats} = loadNightlyConfig(join(folder, 'mm.yaml'));
  t.match({name, bisect}, {name: 'mm', bisect: {most: 5, confidence: 0.99}});
  t.ok(formats?.includes('junit-ci'), 'what the CI files gather');
  t.equal(watched.length, 2);
  for (const {tests, profiles} of watched) t.ok(makePlan(ctx, {...request, tests, profiles}).lanes.length > 0);
  t.end();
});

t.test('systemd: a service that runs it, a timer that starts the service', (t) => {
  const [service, timer] = ['kverdict-nightly@.service', 'kverdict-nightly@.timer'];
  t.match(textOf(service), /^ExecStart=.*kverdict nightly /m);
  t.match(textOf(timer), /^OnCalendar=.+$/m);
  const calendar = /^OnCalendar=(.+)$/m.exec(textOf(timer))?.[1] ?? '';
  if (spawnSync('systemd-analyze', ['--version']).error !== undefined) {
    t.pass('the units are legal', {skip: 'systemd-analyze is not installed here'});
    return t.end();
  }
  const env = {...process.env, XDG_RUNTIME_DIR: temp};
  const verify = spawnSync('systemd-analyze', ['--user', 'verify', join(folder, service), join(folder, timer)], {
    encoding: 'utf8',
    env,
  });
  t.equal(`${verify.stderr}${verify.status}`, '0');
  const next = execFileSync('systemd-analyze', ['calendar', calendar], {encoding: 'utf8'});
  t.match(next, /Next elapse: .*01:17:00/);
  t.end();
});

t.test('cron: five fields in their ranges, and a command for sh', (t) => {
  const ranges = [59, 23, 31, 12, 7];
  const lines = textOf('nightly.cron')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'));
  const jobs = lines.filter((line) => !/^[A-Z]+=/.test(line));
  t.equal(jobs.length, 1);
  const words = (jobs[0] ?? '').split(' ');
  for (const [at, most] of ranges.entries()) {
    const field = words[at] ?? '';
    t.ok(field === '*' || (/^\d+$/.test(field) && Number(field) <= most), `field ${at + 1}: ${field}`);
  }
  const command = words.slice(5).join(' ');
  t.equal(isShell(command), '');
  t.notMatch(command, '%', 'to cron that is the end of the line');
  t.match(command, /^kverdict nightly /);
  t.end();
});

interface Step {
  name?: string;
  uses?: string;
  run?: string;
  if?: string;
}

t.test('GitHub: a schedule, steps whose shell is right, a summary of this night alone', (t) => {
  const flow = parse(textOf('github.yml')) as {on: {schedule: {cron: string}[]}; jobs: {nightly: {steps: Step[]}}};
  t.match(flow.on.schedule[0]?.cron, /^\d+ \d+ \* \* \*$/);
  const {steps} = flow.jobs.nightly;
  for (const step of steps) {
    t.ok((step.uses === undefined) !== (step.run === undefined), step.name ?? step.uses ?? 'a step');
    if (step.uses !== undefined) t.match(step.uses, /^actions\/[a-z-]+@v\d+$/);
    if (step.run !== undefined) t.equal(isShell(step.run), '', step.name ?? step.run);
  }
  t.ok(steps.some(({run}) => /kverdict\/scripts\/kverdict nightly mm\.yaml/.test(run ?? '')));
  const summary = steps.find(({name}) => name === 'summary');
  t.equal(summary?.if, 'always()', 'also of a bad night');
  const state = join(temp, 'github/.kverdict/state');
  mkdirSync(state, {recursive: true});
  layNight(state);
  const file = join(temp, 'summary.md');
  const env = {...process.env, XDG_STATE_HOME: state, GITHUB_STEP_SUMMARY: file};
  const said = execFileSync('bash', ['-ec', summary?.run ?? ''], {cwd: join(temp, 'github'), env, encoding: 'utf8'});
  t.equal(said, '::error::worse\n');
  t.equal(readFileSync(file, 'utf8'), '## of tonight\n    bisect: FOUND\n');
  t.end();
});

t.test('GitLab: scheduled pipelines only, shell that is right, reports of this night alone', (t) => {
  const {nightly} = parse(textOf('gitlab-ci.yml')) as {
    nightly: Record<'before_script' | 'script' | 'after_script', string[]> & {
      rules: {if: string}[];
      artifacts: {when: string; reports: {junit: string}};
    };
  };
  t.same(nightly.rules, [{if: '$CI_PIPELINE_SOURCE == "schedule"'}]);
  for (const line of [...nightly.before_script, ...nightly.script, ...nightly.after_script])
    t.equal(isShell(line), '', line);
  t.match(nightly.artifacts, {when: 'always', reports: {junit: 'night/**/junit-ci.xml'}});
  const state = join(temp, 'gitlab/.kverdict/state');
  mkdirSync(state, {recursive: true});
  mkdirSync(join(temp, 'gitlab/night'));
  layNight(state);
  const env = {...process.env, XDG_STATE_HOME: state, CI_PROJECT_DIR: join(temp, 'gitlab')};
  execFileSync('bash', ['-ec', nightly.after_script.join('\n')], {cwd: join(temp, 'gitlab'), env});
  const night = join(temp, 'gitlab/night/kverdict/runs/nightly-mm');
  t.same(readdirSync(night), ['20260102-010000']);
  t.ok(existsSync(join(night, '20260102-010000/master-1/bbb/reports/junit-ci.xml')));
  t.end();
});
