// SPDX-License-Identifier: MIT
/**
 * Holds the gate: a file that a build, a tarball, a mail or a guest left is read by `lib/intake` alone. Whoever opens a
 * file without it is in the table below, with what it reads. Prints every breach; exits 1 when there is one.
 *
 *   node dist/scripts/check-readers.js
 */
import {readdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {resolvePaths} from '../harness/lib/paths.js';

/** What opens a file for reading, or copies one. A listing or a stat waits for nothing and gives no bytes. */
const READS = /\b(?:readFileSync|readFile|copyFileSync|copyFile|cpSync|createReadStream|openSync|openAsBlob)\(/g;

const PROJECT = 'files of kverdict itself';
const STORE = 'an entry of the store: taken in by the gate, and hashed since';
const OWN = 'written by kverdict, where nothing of a tree runs';
const HOST = 'a file of the host';
const WRITES = 'opens it to write';

/** File: how many calls, and what they read. */
const ALLOWED: Readonly<Record<string, readonly [calls: number, reason: string]>> = {
  'harness/lib/intake.ts': [2, 'the gate'],
  'harness/lib/beneath.ts': [4, 'the gate'],
  'harness/lib/exec.ts': [2, WRITES],
  'harness/lib/journal.ts': [2, OWN],
  'harness/lib/list-file.ts': [1, PROJECT],
  'harness/lib/lock.ts': [2, OWN],
  'harness/lib/process-owner.ts': [2, `${HOST}: /proc`],
  'harness/lib/store.ts': [2, STORE],
  'harness/lib/temp-dir.ts': [1, `${HOST}: /proc`],
  'harness/lib/version.ts': [1, PROJECT],
  'harness/lib/write-whole.ts': [1, WRITES],
  'harness/series/sources.ts': [1, 'a pipe that the user named, without waiting'],
  'harness/kernel/build-module.ts': [3, `${PROJECT}; System.map is ${STORE}`],
  'harness/kernel/build-store.ts': [1, STORE],
  'harness/kernel/build.ts': [1, `${OWN}: how many objects there were`],
  'harness/kernel/kconfig-fragment.ts': [1, PROJECT],
  'harness/kernel/kernel-identity.ts': [1, STORE],
  'harness/kernel/make.ts': [1, `a log in the run's folder: ${OWN}, in pieces`],
  'harness/kernel/read-log.ts': [2, `a log in the run's folder: ${OWN}, in pieces`],
  'harness/kernel/symbolise.ts': [1, STORE],
  'harness/image/access.ts': [1, OWN],
  'harness/image/apt-sources.ts': [1, HOST],
  'harness/image/guest-programs.ts': [3, 'built from signed Debian sources'],
  'harness/image/image.ts': [3, `${PROJECT}; ${OWN}`],
  'harness/image/initramfs.ts': [1, 'of signed Debian packages'],
  'harness/image/libraries.ts': [1, 'of signed Debian packages'],
  'harness/image/tools.ts': [1, OWN],
  'harness/image/userland.ts': [2, 'of signed Debian packages'],
  'harness/machine/console.ts': [1, "QEMU's own file, in pieces"],
  'harness/machine/host-clock.ts': [1, `${HOST}: /proc`],
  'harness/machine/qemu.ts': [1, "QEMU's own messages"],
  'harness/machine/remembered.ts': [2, `${HOST}; ${OWN}`],
  'harness/machine/self-check.ts': [1, PROJECT],
  'harness/guest/ssh-guest.ts': [1, `${OWN}: the archive that is pushed`],
  'harness/suite/compile-own.ts': [1, PROJECT],
  'harness/suite/mirror.ts': [1, 'a check-out: links stay links, and what is no file is an error of cp'],
  'harness/suite/raw-log.ts': [1, WRITES],
  'harness/history/database.ts': [1, WRITES],
  'reports/page/render.ts': [1, PROJECT],
  'harness/run/itself.ts': [2, OWN],
  'harness/run/touched-files.ts': [1, STORE],
  'harness/run/touched-warnings.ts': [1, STORE],
  'harness/run/unit.ts': [1, STORE],
  'harness/run/what-changed.ts': [4, STORE],
  'harness/serve/pages/bisect.ts': [1, OWN],
  'harness/serve/run-files.ts': [1, 'what the gate has opened, in pieces'],
  'harness/nightly/hunt.ts': [1, OWN],
  'harness/cli/document.ts': [2, 'what the user named'],
  'harness/cli/dry-paths.ts': [3, `${OWN}: a copy for a dry run`],
  'harness/cli/examine-folders.ts': [1, `${HOST}: /proc`],
};

const root = resolvePaths().project;

/** @param readers calls by file */
function breachesOf(readers: ReadonlyMap<string, number>): string[] {
  const files = [...new Set([...readers.keys(), ...Object.keys(ALLOWED)])].sort();
  return files.flatMap((file) => {
    const [allowed, found] = [ALLOWED[file]?.[0] ?? 0, readers.get(file) ?? 0];
    if (found === allowed) return [];
    if (found < allowed) return [`${file}: reads ${found} files by itself, and the table allows ${allowed}: lower it`];
    return [`${file}: reads ${found} files by itself, allowed are ${allowed}: take them by harness/lib/intake.ts`];
  });
}

/** Calls that read a file, by source; tests read what they wrote. */
function readersIn(text: string): number {
  return [...text.matchAll(READS)].length;
}

function allReaders(): Map<string, number> {
  const sources = ['harness', 'reports'].flatMap((top) =>
    readdirSync(join(root, top), {recursive: true, encoding: 'utf8'}).map((name) => join(top, name)),
  );
  const wanted = sources.filter((file) => /\.tsx?$/.test(file) && !file.startsWith('harness/test/'));
  const counts = wanted.map((file): [string, number] => [file, readersIn(readFileSync(join(root, file), 'utf8'))]);
  return new Map(counts.filter(([, count]) => count > 0));
}

const readers = allReaders();
const breaches = breachesOf(readers);
for (const breach of breaches) console.error(breach);
const total = [...readers.values()].reduce((sum, count) => sum + count, 0);
if (breaches.length === 0) console.log(`readers: ${total} calls in ${readers.size} files, each with its reason`);
process.exitCode = breaches.length === 0 ? 0 : 1;
