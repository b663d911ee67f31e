// SPDX-License-Identifier: MIT
import {accessSync, constants, mkdirSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import t from 'tap';
import type {ArchName} from '../../kernel/kernel-build.js';
import {probeAccelerator, recallAccelerator} from '../../machine/accelerator.js';
import {loadProfiles} from '../../machine/load-profiles.js';
import type {Profile} from '../../machine/profile.js';
import {hostKey} from '../../machine/remembered.js';
import {installFakeQemu} from '../fakes/fake-qemu-install.js';
import {starving} from '../fakes/starve.js';
import {testContext} from '../fakes/test-context.js';

const ctx = testContext();
t.teardown(ctx.remove);
const folder = installFakeQemu(join(ctx.folder, 'bin'));
const native: ArchName = process.arch === 'arm64' ? 'arm64' : 'x86_64';
const foreign: ArchName = native === 'arm64' ? 'x86_64' : 'arm64';
const kernelImage = join(ctx.folder, 'kernel');
writeFileSync(kernelImage, 'boot ok\n');
const started = (): number => ctx.events.filter((one) => one.type === 'command' && / -accel kvm/.test(one.line)).length;

const options = (arch: ArchName, profile: string) => ({
  arch,
  qemu: {binary: join(folder, arch === 'arm64' ? 'qemu-system-aarch64' : 'qemu-system-x86_64'), version: '10.0.2'},
  kernelImage,
  initrd: kernelImage,
  profile: loadProfiles(ctx).get(profile) as Profile,
});

function canOpen(device: string): boolean {
  try {
    accessSync(device, constants.R_OK | constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

t.test('another architecture needs no probe', async (t) => {
  t.match(recallAccelerator(ctx, options(foreign, foreign)), {kind: 'tcg', reason: /^the host is .*, the guest is /});
  t.match(await probeAccelerator(ctx, options(foreign, foreign)), {kind: 'tcg', reason: /^the host is /});
  t.equal(started(), 0);
});

t.test('one probe a host and QEMU, whichever machine asks first; its reason is kept', async (t) => {
  const probe = canOpen('/dev/kvm');
  if (probe) t.equal(recallAccelerator(ctx, options(native, native)), undefined, 'nobody has asked');
  // The fake one says that it has no KVM, and ends.
  const first = await probeAccelerator(ctx, options(native, native));
  t.match(first, {kind: 'tcg', reason: probe ? /^KVM: .*failed to initialize kvm/s : /\/dev\/kvm/});
  const other = native === 'arm64' ? 'arm64-mte' : 'x86_64';
  t.same(await probeAccelerator(ctx, options(native, other)), first);
  t.same(recallAccelerator(ctx, options(native, other)), first);
  t.equal(started(), probe ? 1 : 0);
});

const SECONDS = {quietSeconds: 1};
t.setTimeout(180_000);

/** A host of its own, on which nothing is known; its guests do what `scenario` says. */
function host(scenario: string) {
  const own = testContext();
  t.teardown(own.remove);
  const image = join(own.folder, 'kernel');
  writeFileSync(image, scenario);
  const asked = {...options(native, native), kernelImage: image, initrd: image};
  const boots = (kind: string): number =>
    own.events.filter((one) => one.type === 'command' && one.line.includes(` -accel ${kind}`)).length;
  return {
    boots,
    probe: (changes: object = SECONDS) => probeAccelerator(own, {...asked, ...changes}),
    recall: () => recallAccelerator(own, asked),
    become: (text: string) => writeFileSync(image, text),
    file: () => join(own.paths.state, 'accelerator', `${hostKey(native, asked.qemu)}.json`),
  };
}

const NO_DEVICE = {skip: canOpen('/dev/kvm') ? false : 'no /dev/kvm here'};

t.test('a guest that boots slowly with KVM is waited for while it gets on, and says how slow', NO_DEVICE, async (t) => {
  const {probe, recall, boots} = host('kvm crawl 10 200\nboot ok\n');
  const answer = await probe();
  t.match(answer, {kind: 'kvm', reason: 'KVM: a guest booted with it'});
  t.ok((answer.probeSeconds ?? 0) > 1.5, `${answer.probeSeconds} s`);
  t.same(recall(), answer);
  t.same([boots('kvm'), boots('tcg')], [1, 0]);
});

t.test('KVM that opens and hangs is refused for good, as the same kernel boots without it', NO_DEVICE, async (t) => {
  const {probe, recall, boots} = host('kvm mute\nboot ok\n');
  const answer = await probe({quietSeconds: 3});
  t.equal(answer.kind, 'tcg');
  t.match(answer.reason, /^KVM: a guest printed nothing in 3 s with it; without it the same kernel boots in \d\.\d s$/);
  t.same(await probe({quietSeconds: 3}), answer);
  t.same(recall(), answer, 'nothing says that it will be asked again');
  t.same([boots('kvm'), boots('tcg')], [1, 1]);
});

t.test('a late one is asked again, with more time', NO_DEVICE, async (t) => {
  const {probe, recall, boots, become, file} = host('kvm crawl 100 200\nboot ok\n');
  t.match(await probe({quietSeconds: 0.5}), {
    kind: 'tcg',
    reason: /^KVM: a guest was still booting with it after 3 s$/,
  });
  const known = recall();
  const minutes = ((known?.again ?? 0) - Date.now()) / 60_000;
  t.ok(minutes > 28 && minutes <= 30, `${minutes} minutes`);
  become('kvm ok\nboot ok\n');
  t.match(await probe(), {kind: 'tcg'}, 'not at once');
  t.equal(boots('kvm'), 1);
  const kept = JSON.parse(readFileSync(file(), 'utf8'));
  t.equal(kept.quietSeconds, 1);
  writeFileSync(file(), JSON.stringify({...kept, again: Date.now() - 1}));
  t.match(await probe(), {kind: 'kvm'});
  t.same([recall()?.kind, recall()?.again], ['kvm', undefined]);
});

t.test('a silent guest is late, not refused, where one without KVM takes nearly as long', NO_DEVICE, async (t) => {
  const {probe, recall} = host('kvm mute\nboot crawl 20 80\n');
  t.match(await probe(), {
    kind: 'tcg',
    reason: /^KVM: a guest printed nothing in 1 s with it; without it the same kernel boots in [12]\.\d s$/,
  });
  t.ok(recall()?.again, 'asked again');
});

t.test('a kernel that boots nowhere says nothing about KVM', NO_DEVICE, async (t) => {
  for (const how of ['mute', 'panic']) {
    const {probe, recall, boots, become} = host(`kvm ${how}\nboot ${how}\n`);
    t.match(await probe({quietSeconds: 0.4}), {
      kind: 'tcg',
      reason: /none boots without it either: this kernel says nothing about KVM$/,
    });
    t.equal(recall(), undefined);
    become('kvm ok\n');
    t.match(await probe(), {kind: 'kvm'}, 'the next one is asked');
    t.equal(boots('kvm'), 2);
  }
});

t.test('a host that is too slow to try is asked again', NO_DEVICE, async (t) => {
  const {probe, recall} = host('kvm mute\nboot ok\n');
  const answer = await probe({quietSeconds: 0.2, hostTimes: starving(0.01)});
  t.match(answer, {kind: 'tcg', reason: 'KVM: this host was too slow to try it: it gave a guest only 0 s'});
  t.ok(recall()?.again);
});

t.test('an answer of an older kverdict, which kept late ones for good, is not believed', NO_DEVICE, async (t) => {
  const {probe, recall, file} = host('kvm ok\nboot ok\n');
  mkdirSync(join(file(), '..'), {recursive: true});
  const reason = 'KVM: /dev/kvm opens, but a guest did not boot with it within 20 s';
  writeFileSync(file(), JSON.stringify({kind: 'tcg', reason}));
  t.equal(recall(), undefined);
  t.match(await probe(), {kind: 'kvm'});
});
