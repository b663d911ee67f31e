// SPDX-License-Identifier: MIT
import {spawnSync} from 'node:child_process';
import {join} from 'node:path';
import t from 'tap';
import {resolvePaths} from '../../lib/paths.js';

const script = (name: string, word: string) =>
  spawnSync('/bin/bash', [join(resolvePaths().project, 'scripts', name), word], {encoding: 'utf8'});

t.test('nothing is installed before the words are understood', async (t) => {
  for (const name of ['setup', 'demo', 'test']) {
    const wrong = script(name, '--no-such-word');
    t.equal(wrong.status, 129, name);
    t.match(wrong.stderr, new RegExp(`^usage: scripts/${name} \\[`));
    const help = script(name, '--help');
    t.equal(help.status, 0, name);
    t.match(help.stdout, new RegExp(`scripts/${name} `));
    t.equal(help.stderr, '', 'and nothing begins');
  }
});
