// SPDX-License-Identifier: MIT
import t from 'tap';
import {shellShape} from '../../cli/open-shell.js';

t.test("the profile's machine, or one in which the selected suites behave as in a run", async (t) => {
  const profile = {vcpus: 4, memory: 1024};
  t.same(shellShape(profile, []), {vcpus: 4, memory: 1024, cmdline: ''});
  const suites = [
    {vcpus: 2, memory: 2048, cmdline: ''},
    {vcpus: 1, memory: 256, cmdline: 'hugepages=16'},
    {vcpus: 1, memory: 256, cmdline: 'hugepages=16'},
  ];
  t.same(shellShape(profile, suites), {vcpus: 2, memory: 2048, cmdline: 'hugepages=16'});
});
