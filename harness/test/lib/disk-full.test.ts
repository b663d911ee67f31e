// SPDX-License-Identifier: MIT
import {tmpdir} from 'node:os';
import t from 'tap';
import {diskFull, isDiskFull} from '../../lib/disk-full.js';

t.test('a full disk, named with its figures', async (t) => {
  const error = diskFull(tmpdir(), 200, 'building a kernel', new Error('why'));
  t.match(error, {blame: 'infra', facts: {path: tmpdir(), neededMiB: 200}, cause: {message: 'why'}});
  t.match(
    error.message,
    /^No space left for building a kernel: the file system of \/.* is full \(\d+ of \d+ MiB are free\); it takes about 200 MiB$/,
  );
  t.match(diskFull('/no/such/path', 1, 'x').message, /is full; it takes/);
});

t.test('which errors of Node say so', async (t) => {
  t.ok(isDiskFull(Object.assign(new Error(), {code: 'ENOSPC'})));
  t.ok(isDiskFull(Object.assign(new Error(), {code: 'EDQUOT'})));
  t.notOk(isDiskFull(new Error('ENOSPC')));
  t.notOk(isDiskFull(undefined));
});
