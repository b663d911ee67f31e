// SPDX-License-Identifier: MIT
/** A sentinel that needs no guest, on Debian's kernel source: kernels are built when the user's cache lacks them. */
import {mkdtempSync, readFileSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import t from 'tap';
import type {SelfcheckReport} from '../../sentinel/report.js';
import {runProgram} from './live.js';

const out = mkdtempSync(join(tmpdir(), 'kverdict-real-'));
t.teardown(() => rmSync(out, {recursive: true, force: true}));
t.setTimeout(3_600_000);

t.test('the variable that one path never sets, on both architectures', async (t) => {
  const words = ['selfcheck', '--sentinels', 'uninitialised-variable', '--out', out];
  t.equal(await runProgram(words), 0);
  const report = JSON.parse(readFileSync(join(out, 'selfcheck.json'), 'utf8')) as SelfcheckReport;
  t.match(
    report.sentinels[0]?.rows,
    ['x86_64', 'arm64'].map((profile) => ({
      ...{profile, outcome: 'detected'},
      seen: /^mm\/memory\.c:\d+: 'tmp' may be used uninitialized \[-Wmaybe-uninitialized\]$/,
    })),
  );
});
