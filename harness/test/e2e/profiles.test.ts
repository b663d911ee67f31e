// SPDX-License-Identifier: MIT
/** A profile of the user's own with a self-check, on fake machines. */
import {mkdirSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import t from 'tap';
import {type Ended, Stage} from './support.js';

const stage = await new Stage().seed();
t.teardown(() => stage.remove());
t.setTimeout(300_000);

const PROFILE = `summary: a toy with tags
arch: x86_64
machine: microvm,acpi=off
cpu: max
memory: 256
vcpus: 1
devices: [virtio-serial-device]
reports:
  hwcaps: [tags]
selfChecks: [toytags]
`;
const SUITE = `summary: needs tags
profiles: [toy-tags]
guest: {vcpus: 1, memory: 128}
tests:
  - {name: steady, run: toy-steady, timeout: 0.1}
`;

function place(path: string, text: string): string {
  const file = join(stage.folder, path);
  mkdirSync(join(file, '..'), {recursive: true});
  writeFileSync(file, text);
  return file;
}

place('machines/toy-tags.yaml', `${PROFILE}minQemu: "7.2"\n`);
place('selfchecks/toytags.c', 'int main(void)\n{\n\treturn 0;\n}\n');
place('suites/tagged/suite.yaml', SUITE);
stage.write('scenario/80-tags.txt', 'test cpuinfo pass\ntest toytags pass\n');
stage.commit('tags');

const options = [
  ...['--tree', stage.tree, '--qemu', stage.qemu, '--out', stage.out],
  ...['--suites', join(stage.folder, 'suites'), '--profile-dir', join(stage.folder, 'machines')],
];
const run = (...more: string[]): Promise<Ended> => stage.run(['run', ...options, '-t', 'tagged', ...more]);
const list = (): Promise<Ended> =>
  stage.run(['list', 'profiles', '--qemu', stage.qemu, '--profile-dir', join(stage.folder, 'machines')]);
const stateOf = (said: Ended): string => said.stdout.split('\n').find((line) => line.startsWith('toy-tags')) ?? '';

t.test('a self-check that passes: the suites run, and an earlier answer is enough', async (t) => {
  t.match(stateOf(await list()), /not tried yet: QEMU 10\.0\.2; the first run on it asks/);
  t.equal((await run('--profiles', 'all')).code, 0);
  t.match(stage.results().profiles, [
    {name: 'toy-tags', qemu: '10.0.2', supported: true, reason: '2 checks passed', selfCheck: {remembered: false}},
  ]);
  t.equal((await run()).code, 0);
  t.match(stage.results().profiles, [{supported: true, selfCheck: {remembered: true}}]);
  t.match(stateOf(await list()), /works: QEMU 10\.0\.2; 2 checks passed with Linux .*; tcg: /);
});

t.test('a feature that the series takes away is never green', async (t) => {
  const series = stage.patch('mm: lose the tags', () =>
    stage.scenario('test cpuinfo fail\ntest toytags fail\ntest toy-steady skip'),
  );
  const {code} = await stage.run(['verify', series, ...options, '-t', 'tagged']);
  t.equal(code, 1);
  t.match(stage.results().findings[0], {kind: 'skip-regressed', severity: 'bad'});
  t.match(stage.results().profiles, [{supported: true}]);
});

t.test('a self-check that fails: unsupported, with the check, in every report, and nothing is red', async (t) => {
  stage.scenario('test toytags fail');
  stage.commit('an emulator that is wrong about tags');
  const words = /toy-tags: unsupported here: self-check `toytags` failed: toytags/;
  const {code, stdout} = await run();
  t.equal(code, 125);
  t.match(stdout, /^verdict: INCONCLUSIVE/);
  t.match(stdout.replaceAll(/\s+/g, ' '), words);
  const results = stage.results();
  t.same(results.comparisons, []);
  t.match(results.findings, [{kind: 'unsupported', severity: 'warning', title: words, profile: 'toy-tags'}]);
  t.match(results.profiles, [{supported: false, accelerator: {kind: 'tcg'}}]);
  const tap = readFileSync(join(stage.out, 'results.tap'), 'utf8');
  t.match(tap, /^ok 2 - unsupported: toy-tags: .* # SKIP toy-tags: unsupported here: self-check/m);
  t.match(readFileSync(join(stage.out, 'junit.xml'), 'utf8'), /<skipped type="unsupported" message="toy-tags: unsup/);
  t.match(stateOf(await list()), /unsupported here: self-check `toytags` failed/);
  const doctor = await stage.run(['doctor', '--qemu', stage.qemu]);
  t.match(doctor.stdout, /profile arm64-mte: not tried yet/);

  const beside = await stage.run([
    'run',
    ...stage.common(),
    ...options.slice(-4),
    '-t',
    'tagged',
    '-p',
    'toy-tags,x86_64',
  ]);
  t.equal(beside.code, 0, 'the other suites are judged as ever');
  t.match(stage.results().because, /; not tested, as unsupported here: toy-tags$/);
});

t.test('a kernel that does not boot is the finding, not the machine', async (t) => {
  stage.scenario('boot panic');
  stage.commit('does not boot');
  const {code} = await run();
  t.equal(code, 125);
  t.match(stage.results().findings[0], {kind: 'boot-failed', title: /toy-tags: the kernel does not boot/});
  t.match(stage.results().profiles, [{supported: true}]);
});

t.test('a QEMU that is too old is the host, for every kernel', async (t) => {
  place('machines/toy-tags.yaml', `${PROFILE}minQemu: "99.0"\n`);
  const {code} = await run();
  t.equal(code, 128);
  t.match(stage.results().profiles, [{supported: false, accelerator: null, reason: /needs QEMU 99\.0 or newer/}]);
  t.match(stateOf(await list()), /unsupported here: Profile toy-tags needs QEMU 99\.0/);
});
