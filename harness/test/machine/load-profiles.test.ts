// SPDX-License-Identifier: MIT
import {join} from 'node:path';
import t from 'tap';
import {UserError} from '../../lib/errors.js';
import {resolvePaths} from '../../lib/paths.js';
import {loadProfile, loadProfiles} from '../../machine/load-profiles.js';

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
  t.match(profiles.get('q35'), {name: 'q35', devices: [], cmdline: '', memory: 512});
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

t.test('a file name that cannot be a name', async (t) => {
  t.throws(() => loadProfile(join(t.testdir({'My Profile.yaml': GOOD}), 'My Profile.yaml')), {
    message: /file name to match/,
  });
});
