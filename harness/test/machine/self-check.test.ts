// SPDX-License-Identifier: MIT
import {mkdirSync, readdirSync, utimesSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import t from 'tap';
import type {Accelerator, Profile} from '../../machine/profile.js';
import {lastSelfCheck, recallSelfCheck, rememberSelfCheck, selfCheckFile} from '../../machine/self-check.js';
import {testContext} from '../fakes/test-context.js';

const ctx = testContext();
t.teardown(ctx.remove);
const selfCheckDirectory = join(ctx.folder, 'selfchecks');
mkdirSync(selfCheckDirectory);
writeFileSync(join(selfCheckDirectory, 'tags.c'), 'int one;\n');

const tcg: Accelerator = {kind: 'tcg', reason: 'no KVM'};
const profile = {
  ...{name: 'toy', summary: 'a machine', arch: 'arm64', machine: 'virt', cpu: 'max', memory: 512, vcpus: 2},
  ...{devices: [], cmdline: '', minQemu: '7.2', kconfig: [], reports: {hwcaps: [], paths: []}, selfChecks: ['tags']},
  selfCheckDirectory,
} as Profile;
const machine = {profile, qemu: {binary: 'qemu', version: '10.0.2'}, accelerator: tcg};
const answer = {trusted: false, reason: 'self-check `tags` failed', accelerator: tcg, kernel: '6.12'};
const [BASE, PATCHED] = ['a'.repeat(64), 'b'.repeat(64)];

t.test('an answer is for one machine and one kernel', async (t) => {
  t.equal(recallSelfCheck(ctx, machine, BASE), undefined);
  t.equal(lastSelfCheck(ctx, machine), undefined);
  rememberSelfCheck(ctx, machine, BASE, answer);
  t.same(recallSelfCheck(ctx, machine, BASE), answer);
  const others = {
    'another kernel': recallSelfCheck(ctx, machine, PATCHED),
    'another QEMU': recallSelfCheck(ctx, {...machine, qemu: {binary: 'qemu', version: '7.2.22'}}, BASE),
    'another accelerator': recallSelfCheck(ctx, {...machine, accelerator: {...tcg, kind: 'kvm'}}, BASE),
    'another machine': recallSelfCheck(ctx, {...machine, profile: {...profile, machine: 'virt,mte=on'}}, BASE),
    'other reports': recallSelfCheck(
      ctx,
      {...machine, profile: {...profile, reports: {hwcaps: ['mte'], paths: []}}},
      BASE,
    ),
  };
  for (const [what, found] of Object.entries(others)) t.equal(found, undefined, what);
  t.same(recallSelfCheck(ctx, {...machine, profile: {...profile, summary: 'in other words'}}, BASE), answer);
});

t.test('the newest answer is what people are told', async (t) => {
  const passed = {...answer, trusted: true, reason: '18 checks passed', kernel: '6.13'};
  rememberSelfCheck(ctx, machine, PATCHED, passed);
  const old = new Date(Date.now() - 60_000);
  utimesSync(selfCheckFile(ctx, machine, BASE), old, old);
  t.same(lastSelfCheck(ctx, machine), passed);
});

t.test('a torn answer is none', async (t) => {
  writeFileSync(selfCheckFile(ctx, machine, PATCHED), '{"trusted": tr');
  t.equal(recallSelfCheck(ctx, machine, PATCHED), undefined);
});

t.test('another text of the programs asks again', async (t) => {
  t.same(recallSelfCheck(ctx, machine, BASE), answer);
  writeFileSync(join(selfCheckDirectory, 'tags.c'), 'int two;\n');
  t.equal(recallSelfCheck(ctx, machine, BASE), undefined);
  t.ok(readdirSync(join(ctx.paths.state, 'self-checks')).every((name) => name.startsWith('toy-')));
});
