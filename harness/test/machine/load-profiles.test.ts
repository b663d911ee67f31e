// SPDX-License-Identifier: MIT
import {join} from 'node:path';
import t from 'tap';
import {UserError} from '../../lib/errors.js';
import {resolvePaths} from '../../lib/paths.js';
import {loadProfile, loadProfiles} from '../../machine/load-profiles.js';
import {matchExactly} from '../match-exactly.js';

const GOOD = `summary: a machine
arch: x86_64
machine: q35
cpu: max
memory: 512
vcpus: 2
minQemu: "10.0"
`;

t.test('the profiles of the checkout', async (t) => {
  const profiles = loadProfiles({paths: resolvePaths()});
  t.ok(profiles.has('x86_64'));
  t.ok(profiles.has('arm64'));
});

t.test('a profile is added by adding a file; its name is the file name', async (t) => {
  const project = t.testdir({'vm-images': {profiles: {'q35.yaml': GOOD, README: 'not a profile'}}});
  const profiles = loadProfiles({paths: {...resolvePaths(), project}});
  t.same([...profiles.keys()], ['q35']);
  matchExactly(t, profiles.get('q35'), {name: 'q35', devices: [], cmdline: '', memory: 512});
});

t.test('every problem of every file at once', async (t) => {
  const bad = `${GOOD.replace('x86_64', 'riscv').replace('cpu: max\n', '').replace('"10.0"', '10.0')}colour: blue\n`;
  const project = t.testdir({'vm-images': {profiles: {'one.yaml': bad, 'two.yaml': GOOD.replace('512', '64')}}});
  const error = t.throws(() => loadProfiles({paths: {...resolvePaths(), project}}), UserError) as Error;
  const lines = error.message.split('\n').map((line) => line.replace(join(project, 'vm-images/profiles/'), ''));
  t.match(lines, [
    /^one\.yaml:1: cpu: is missing \(expected string\)$/,
    /^one\.yaml:2: arch: .*"x86_64".*, got `"riscv"`$/,
    /^one\.yaml:6: minQemu: .*expected string.*, got `10`$/,
    /^one\.yaml:7: colour: unknown key$/,
    /^two\.yaml:5: memory: .*>=128, got `64`$/,
  ]);
});

t.test('what a guest must report, and self-checks beside the folder of the profile', async (t) => {
  const checks = 'reports:\n  hwcaps: [mte]\n  paths: [/sys/class/iommu/smmu3.*, /dev/kvm]\nselfChecks: [tags]\n';
  const folder = t.testdir({machines: {'tags.yaml': GOOD + checks}, selfchecks: {'tags.c': ''}});
  t.match(loadProfile(join(folder, 'machines/tags.yaml')), {
    reports: {hwcaps: ['mte'], paths: ['/sys/class/iommu/smmu3.*', '/dev/kvm']},
    selfChecks: ['tags'],
    selfCheckDirectory: join(folder, 'selfchecks'),
  });
  t.throws(() => loadProfile(join(t.testdir({machines: {'tags.yaml': GOOD + checks}}), 'machines/tags.yaml')), {
    message: /selfChecks: there is no `tags\.c` in /,
  });
  const bad = checks.replace('/dev/kvm', '"/dev/kvm; reboot"').replace('[mte]', '["m te"]');
  t.throws(() => loadProfile(join(t.testdir({machines: {'tags.yaml': GOOD + bad}}), 'machines/tags.yaml')), {
    message: /hwcaps\.0: must be a word[\s\S]*paths\.1: must be an absolute path/,
  });
});

t.test("a folder of the user's own", async (t) => {
  const own = t.testdir({'mine.yaml': GOOD});
  const profiles = loadProfiles({paths: resolvePaths()}, [own]);
  t.ok(profiles.has('mine') && profiles.has('arm64'));
  const twice = t.testdir({'arm64.yaml': GOOD});
  t.throws(() => loadProfiles({paths: resolvePaths()}, [twice]), {message: /There is another profile `arm64`/});
  t.throws(() => loadProfiles({paths: resolvePaths()}, [join(own, 'nowhere')]), {message: /Cannot read the profiles/});
});

t.test('a file name that cannot be a name', async (t) => {
  t.throws(() => loadProfile(join(t.testdir({'My Profile.yaml': GOOD}), 'My Profile.yaml')), {
    message: /file name to match/,
  });
  t.throws(() => loadProfile(join(t.testdir({'all.yaml': GOOD}), 'all.yaml')), {message: /not to be `all`/});
});
