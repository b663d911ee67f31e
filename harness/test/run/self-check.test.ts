// SPDX-License-Identifier: MIT
import {existsSync, mkdirSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import t from 'tap';
import type {KernelBuild} from '../../kernel/kernel-build.js';
import {HostPace} from '../../machine/host-pace.js';
import {loadProfile} from '../../machine/load-profiles.js';
import type {Accelerator} from '../../machine/profile.js';
import type {Work} from '../../run/build-everything.js';
import type {Bench} from '../../run/lab.js';
import {RunDir} from '../../run/run-dir.js';
import {trustProfile} from '../../run/self-check.js';
import {installFakeQemu, seedFakeImage} from '../fakes/fake-qemu-install.js';
import {testContext} from '../fakes/test-context.js';

const TCG: Accelerator = {kind: 'tcg', reason: 'the host has no /dev/kvm'};
const PROFILE = `summary: a machine with tags
arch: x86_64
machine: microvm
cpu: max
memory: 256
vcpus: 2
minQemu: "7.2"
`;
const CHECKED = `${PROFILE}reports:\n  hwcaps: [tags]\n  paths: [/dev/tags*]\nselfChecks: [toytags]\n`;
const PASSES = 'test cpuinfo pass\ntest toytags pass\n';

// What is found out about a host is kept for it: each test has a state of its own.
async function setUp(t: {teardown(after: () => void): unknown}, profile = CHECKED) {
  const ctx = testContext();
  t.teardown(ctx.remove);
  for (const folder of ['profiles', 'selfchecks']) mkdirSync(join(ctx.folder, folder));
  writeFileSync(join(ctx.folder, 'selfchecks/toytags.c'), 'int main(void)\n{\n\treturn 0;\n}\n');
  writeFileSync(join(ctx.folder, 'profiles/toy.yaml'), profile);
  const run = RunDir.open(ctx.paths, join(ctx.folder, 'out'), new Date());
  const binary = join(installFakeQemu(join(ctx.folder, 'bin')), 'qemu-system-x86_64');
  const bench: Bench = {
    profile: loadProfile(join(ctx.folder, 'profiles/toy.yaml')),
    qemu: {binary, version: '10.0.2'},
    accelerator: TCG,
    pace: new HostPace(),
    image: await seedFakeImage(ctx, 'x86_64'),
    programs: new Map(),
    own: new Map(),
  };
  const work = {run, tree: {sourceDir: ctx.folder}, request: {variables: {}}} as unknown as Work;
  const kernel = (name: string, scenario: string): KernelBuild => {
    const image = join(ctx.folder, name);
    writeFileSync(image, scenario);
    return {key: name.padEnd(64, '0'), image, release: `6.12-${name}`} as KernelBuild;
  };
  const consoles = (): number =>
    ctx.events.filter((one) => one.type === 'command' && / -kernel /.test(one.line)).length;
  return {ctx, bench, work, kernel, consoles};
}

t.test('a profile that asks for nothing is believed, and nothing is booted', async (t) => {
  const {ctx, bench, work, kernel, consoles} = await setUp(t, PROFILE);
  t.same(await trustProfile(ctx, work, bench, [kernel('base', 'boot panic\n')]), {accelerator: TCG});
  t.equal(consoles(), 0);
});

t.test('every check passes: trusted, and asked once', async (t) => {
  const {ctx, bench, work, kernel, consoles} = await setUp(t);
  const base = kernel('base', PASSES);
  const first = await trustProfile(ctx, work, bench, [base]);
  t.match(first, {accelerator: TCG, unsupported: undefined, remembered: false});
  t.match(first.answer, {trusted: true, reason: '2 checks passed', kernel: '6.12-base'});
  t.equal(consoles(), 1);
  t.ok(existsSync(join(work.run.path, 'selfchecks/toy-tcg-base0000/toytags.log')));
  t.match(await trustProfile(ctx, work, bench, [base]), {remembered: true, answer: {trusted: true}});
  t.equal(consoles(), 1);
  const other = await trustProfile(ctx, work, {...bench, qemu: {...bench.qemu, version: '7.2.22'}}, [base]);
  t.match(other, {remembered: false}, 'another QEMU is asked for itself');
});

for (const [act, words] of [
  ['fail', /^self-check `toytags` failed: toytags \(QEMU 10\.0\.2, tcg\)$/],
  ['skip', /^self-check `toytags` was skipped: toytags: not on this machine/],
  ['crash', /^self-check `toytags` ended as /],
  ['silent', /^self-check `toytags` ended as missing/],
  ['panic', /^self-check `toytags` ended as crash: kernel panic/],
] as const) {
  t.test(`a check that ends as ${act}: unsupported, with the check, and remembered`, async (t) => {
    const {ctx, bench, work, kernel, consoles} = await setUp(t);
    const base = kernel('base', `test cpuinfo pass\ntest toytags ${act}\n`);
    const {unsupported} = await trustProfile(ctx, work, bench, [base]);
    t.match(unsupported, words);
    t.equal((await trustProfile(ctx, work, bench, [base])).unsupported, unsupported);
    t.equal(consoles(), 1);
  });
}

t.test('a machine that dies under a check may have been our doing: asked again', async (t) => {
  const {ctx, bench, work, kernel, consoles} = await setUp(t);
  const base = kernel('base', 'test cpuinfo pass\ntest toytags exit\n');
  t.match((await trustProfile(ctx, work, bench, [base])).unsupported, /^self-check `toytags` ended as crash/);
  await trustProfile(ctx, work, bench, [base]);
  t.equal(consoles(), 2);
});

t.test('what a guest must report and does not', async (t) => {
  const {ctx, bench, work, kernel} = await setUp(t);
  const {unsupported} = await trustProfile(ctx, work, bench, [
    kernel('base', 'test cpuinfo fail\ntest toytags fail\n'),
  ]);
  t.match(unsupported, /^the guest does not report what it must: .* \(QEMU/);
});

t.test('a base without the feature does not turn a series away that brings it', async (t) => {
  const {ctx, bench, work, kernel, consoles} = await setUp(t);
  const base = kernel('base', 'test cpuinfo pass\ntest toytags fail\n');
  const trust = await trustProfile(ctx, work, bench, [base, kernel('patched', PASSES)]);
  t.match(trust, {unsupported: undefined, answer: {trusted: true, kernel: '6.12-patched'}});
  t.equal(consoles(), 2);
});

t.test('a patched kernel that has lost it is not asked: base proves the machine', async (t) => {
  const {ctx, bench, work, kernel, consoles} = await setUp(t);
  const patched = kernel('patched', 'test cpuinfo fail\ntest toytags fail\n');
  const trust = await trustProfile(ctx, work, bench, [kernel('base', PASSES), patched]);
  t.match(trust, {unsupported: undefined, answer: {trusted: true, kernel: '6.12-base'}});
  t.equal(consoles(), 1);
});

t.test('a kernel that panics at boot says nothing about the machine, and nothing is kept', async (t) => {
  const {ctx, bench, work, kernel, consoles} = await setUp(t);
  const base = kernel('base', 'boot panic\n');
  t.same(await trustProfile(ctx, work, bench, [base]), {accelerator: TCG});
  await trustProfile(ctx, work, bench, [base]);
  t.equal(consoles(), 2);
});

t.test('QEMU refuses the machine: its words', async (t) => {
  const {ctx, bench, work, kernel} = await setUp(t);
  const {unsupported} = await trustProfile(ctx, work, bench, [kernel('base', 'boot exit\n')]);
  t.match(unsupported, /^QEMU 10\.0\.2 refuses the machine: qemu-system-fake: could not load kernel/);
});

t.test('a machine that KVM does not have is emulated, and that is said', async (t) => {
  const {ctx, bench, work, kernel} = await setUp(t);
  const kvm: Accelerator = {kind: 'kvm', reason: 'KVM: a guest booted with it'};
  const trust = await trustProfile(ctx, work, {...bench, accelerator: kvm}, [kernel('base', PASSES)]);
  t.match(trust, {unsupported: undefined, answer: {trusted: true}});
  t.match(trust.accelerator, {
    kind: 'tcg',
    reason: /^KVM: works here, but not for toy: QEMU 10\.0\.2 refuses the machine: .*failed to initialize kvm/,
  });
});

t.test('a self-check that does not build is said with the compiler, and asked again', async (t) => {
  const {ctx, bench, work, kernel} = await setUp(t);
  const source = join(ctx.folder, 'selfchecks/toytags.c');
  const good = readFileSync(source);
  writeFileSync(source, 'int main(void) { return nothing; }\n');
  const base = kernel('base', PASSES);
  const {unsupported} = await trustProfile(ctx, work, bench, [base]);
  t.match(unsupported, /^self-check `toytags` was not built: [\s\S]*nothing/);
  writeFileSync(source, good);
  t.equal((await trustProfile(ctx, work, bench, [base])).unsupported, undefined);
});
