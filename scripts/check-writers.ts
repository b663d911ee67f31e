// SPDX-License-Identifier: MIT
/**
 * Holds the door to stdout and stderr: who writes to them cleans what is written (`harness/lib/writer.ts`), so nobody
 * else does. Prints every breach; exits 1 when there is one.
 *
 *   node dist/scripts/check-writers.js
 */
import {readdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {resolvePaths} from '../harness/lib/paths.js';

const WRITES = /\bconsole\.\w+\(|\bprocess\.std(?:out|err)\.write\(|\bwriteSync\(\s*[12]\b/;
/** `main.ts` says that the other door cannot be loaded. */
const DOORS = new Set(['harness/cli/say.ts', 'harness/cli/main.ts']);

const root = resolvePaths().project;
const breaches = ['harness', 'reports'].flatMap((top) =>
  readdirSync(join(root, top), {recursive: true, encoding: 'utf8'})
    .map((name) => join(top, name))
    .filter((file) => /\.tsx?$/.test(file) && !file.startsWith('harness/test/') && !DOORS.has(file))
    .filter((file) => WRITES.test(readFileSync(join(root, file), 'utf8')))
    .map((file) => `${file}: writes to stdout or stderr by itself: harness/cli/say.ts is the door`),
);
for (const breach of breaches) console.error(breach);
if (breaches.length === 0) console.log('writers: one door to stdout and stderr');
process.exitCode = breaches.length === 0 ? 0 : 1;
