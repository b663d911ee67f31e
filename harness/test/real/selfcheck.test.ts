// SPDX-License-Identifier: MIT
/** A sentinel that needs no guest, on Debian's kernel source: kernels are built when the user's cache lacks them. */
import {spawn} from 'node:child_process';
import {mkdtempSync, readFileSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import t from 'tap';
import {resolvePaths} from '../../lib/paths.js';
import type {SelfcheckReport} from '../../sentinel/report.js';

const {project} = resolvePaths();
const out = mkdtempSync(join(tmpdir(), 'kverdict-real-'));
t.teardown(() => rmSync(out, {recursive: true, force: true}));
t.setTimeout(3_600_000);

t.test('the variable that one path never sets, on both architectures', async (t) => {
  const words = ['selfcheck', '--sentinels', 'uninitialised-variable', '--out', out];
  const child = spawn(join(project, 'scripts/kverdict'), words, {stdio: ['ignore', 'ignore', 'inherit']});
  t.equal(await new Promise<number | null>((resolve) => child.on('close', resolve)), 0);
  const report = JSON.parse(readFileSync(join(out, 'selfcheck.json'), 'utf8')) as SelfcheckReport;
  t.match(
    report.sentinels[0]?.rows,
    ['x86_64', 'arm64'].map((profile) => ({
      ...{profile, outcome: 'detected'},
      seen: /^mm\/memory\.c:\d+: 'tmp' may be used uninitialized \[-Wmaybe-uninitialized\]$/,
    })),
  );
});
