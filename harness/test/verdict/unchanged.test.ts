// SPDX-License-Identifier: MIT
import t from 'tap';
import type {KernelChange} from '../../verdict/kernel-change.js';
import type {Finding, ProfileRecord} from '../../verdict/results.js';
import {unchangedFindings} from '../../verdict/unchanged.js';
import {decideVerdict, type VerdictInput} from '../../verdict/verdict.js';

const change = (arch: string, more: Partial<KernelChange> = {}): KernelChange => ({
  ...{arch, same: true, lines: 0, notHeld: [], symbols: []},
  ...more,
});
const profile = (name: string, more: Partial<ProfileRecord> = {}): ProfileRecord => ({
  ...{name, arch: name.split('-')[0] ?? '', qemu: '', accelerator: null, supported: true},
  ...more,
});
const skipped = (name: string): ProfileRecord => profile(name, {skipped: 'nothing that runs changed'});
const decide = (input: Partial<VerdictInput>) => decideVerdict({comparisons: [], findings: [], builds: [], ...input});

t.test('all guests left out is good, with the reason', (t) => {
  const decision = decide({
    changes: [change('arm64'), change('x86_64')],
    profiles: [skipped('arm64'), skipped('x86_64')],
  });
  t.match(decision, {
    verdict: 'good',
    because: 'nothing that runs changed on arm64 and x86_64, so no test had to be run',
  });
  t.end();
});

t.test('it is never green by accident', (t) => {
  const same = change('x86_64');
  const none = {verdict: 'inconclusive', because: /^not one test ran/};
  t.match(decide({}), none, 'nothing is known');
  t.match(decide({changes: [same]}), none, 'no profile was left out');
  t.match(decide({profiles: [skipped('x86_64')]}), none, 'no kernels were compared');
  t.match(
    decide({changes: [same], profiles: [skipped('x86_64'), profile('arm64')]}),
    none,
    'another profile gave nothing',
  );
  t.match(
    decide({changes: [same, change('arm64', {same: false, because: 'it changed'})], profiles: [skipped('x86_64')]}),
    none,
    'another kernel changed',
  );
  const unsupported: Finding = {
    severity: 'warning',
    kind: 'unsupported',
    title: 'old QEMU',
    reproduce: '',
    profile: 'arm64',
  };
  t.match(
    decide({
      changes: [same],
      profiles: [skipped('x86_64'), profile('arm64', {supported: false})],
      findings: [unsupported],
    }),
    none,
  );
  const broken: Finding = {severity: 'bad', kind: 'build-failed', title: 'arm64 does not build', reproduce: ''};
  t.match(decide({changes: [same], profiles: [skipped('x86_64')], findings: [broken]}), {verdict: 'bad'});
  t.end();
});

t.test('the finding of each architecture names what was left out, and counts moved lines', (t) => {
  const reproduce = ({kind, arch}: {kind: string; arch?: string}): string => `${kind} ${arch}`;
  const found = unchangedFindings(
    [change('arm64', {lines: 57}), change('x86_64', {because: '--force'})],
    [skipped('arm64'), skipped('arm64-mte'), profile('x86_64')],
    reproduce,
  );
  t.match(found, [
    {
      severity: 'info',
      kind: 'unchanged',
      title:
        'arm64: nothing that runs changed, but for the line numbers of 57 WARN() or BUG(); no guest was booted on arm64, arm64-mte',
      reproduce: 'unchanged arm64',
    },
  ]);
  t.equal(found.length, 1);
  t.end();
});
