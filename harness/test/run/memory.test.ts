// SPDX-License-Identifier: MIT
/** Whatever a build, a console, a mail or a guest gives, kverdict stays below 300 MiB: each in a process of its own. */
import {spawnSync} from 'node:child_process';
import {join} from 'node:path';
import t from 'tap';
import {resolvePaths} from '../../lib/paths.js';

const LIMIT_MIB = 300;
const program = join(resolvePaths().project, 'dist/harness/test/fakes/read-large.js');

/** Just below each limit, where the most is held, or as large as a fast test allows. */
const CASES: readonly [what: string, megabytes: number, said: RegExp][] = [
  ['log', 7, /^The build printed more than 100000 messages/],
  ['log', 80, /^The build printed \d+ bytes; kverdict reads at most 67108864 bytes of one$/],
  ['console', 8, /^$/],
  ['mail', 15, /^$/],
  ['push', 200, /^Cannot copy/],
];

for (const [what, megabytes, said] of CASES) {
  t.test(`${what} of ${megabytes} MB`, async (t) => {
    const {stdout, stderr} = spawnSync(process.execPath, [program, what, `${megabytes}`], {encoding: 'utf8'});
    const ended = JSON.parse(stdout || JSON.stringify({said: stderr, peakMiB: Number.NaN}));
    t.match(ended.said, said);
    t.ok(ended.peakMiB < LIMIT_MIB, `${Math.round(ended.peakMiB)} MiB`);
  });
}
