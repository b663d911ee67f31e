// SPDX-License-Identifier: MIT
/** Mails and folders of mails that were made to end, fill or fool who reads them. */
import {execFileSync} from 'node:child_process';
import {mkdirSync, symlinkSync, truncateSync, writeFileSync} from 'node:fs';
import {gzipSync} from 'node:zlib';
import {DRY, dry, mailOf, meet, put} from './stage.js';

const GOOD = mailOf(
  'diff --git a/mm/rmap.c b/mm/rmap.c\n--- a/mm/rmap.c\n+++ b/mm/rmap.c\n@@ -1 +1 @@\n-int rmap;\n+int other;\n',
);
const verify = (...series: string[]): string[] => ['verify', ...dry('linux').slice(2), ...series];

meet([
  {
    name: 'gzip of 128 MiB and more, in some kilobytes',
    plant: (lab) => writeFileSync(lab.at('x.mbox'), gzipSync(Buffer.alloc(140 * 2 ** 20))),
    args: () => dry('linux'),
    says: 'your input: `x.mbox` (unpacked) has more than 134217728 bytes: not a series of mails',
  },
  {
    name: 'gzip in gzip',
    plant: (lab) => writeFileSync(lab.at('x.mbox'), gzipSync(gzipSync(GOOD))),
    args: () => dry('linux'),
    says: '',
  },
  {
    name: 'a file of 8 TiB that is all holes',
    plant: (lab) => truncateSync(lab.at('x.mbox'), 8 * 2 ** 40),
    args: () => dry('linux'),
    says: 'your input: `x.mbox` has more than 134217728 bytes: not a series of mails',
  },
  {
    name: 'parts in parts in parts',
    plant: (lab) => {
      const header = 'MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b0\n';
      const parts = Array.from(
        {length: 5000},
        (_, at) => `--b${at}\nContent-Type: multipart/mixed; boundary=b${at + 1}\n\n`,
      );
      writeFileSync(lab.at('x.mbox'), mailOf(parts.join(''), header));
    },
    args: () => dry('linux'),
    says: '',
  },
  {
    name: 'NUL bytes, everywhere',
    plant: (lab) => writeFileSync(lab.at('x.mbox'), GOOD.replaceAll(' ', '\0')),
    args: () => dry('linux'),
    says: '',
  },
  {
    name: 'a series of 4 000 000 000 patches',
    plant: (lab) => writeFileSync(lab.at('x.mbox'), GOOD.replace('[PATCH]', '[PATCH 1/4000000000]')),
    args: () => dry('linux'),
    says: 'your input: mail 1/4000000000 "mm: x" names a series of 4000000000 patches; a series has at most 1000',
  },
  {
    name: 'a subject and an author with escapes, line breaks and commands of a CI system',
    plant: (lab) => {
      const subject = '=?utf-8?q?=1b]0;title=07=0a::error::x_##[set-output_name=3dv;]good_=e2=80=ae?=';
      writeFileSync(
        lab.at('x.mbox'),
        GOOD.replace('mm: x', subject).replace('From: A <a@b.example>', `From: ${subject} <a@b>`),
      );
    },
    args: () => dry('linux'),
    code: 0,
    says: DRY,
  },
  {
    name: 'a date that no calendar has, and an address that no shell would take',
    plant: (lab) =>
      writeFileSync(
        lab.at('x.mbox'),
        GOOD.replace(/Date: .*/, 'Date: Mon, 99 Nov 999999 99:99:99 +9999').replace(
          '<a@b.example>',
          `<"$(${lab.evil})"@b>`,
        ),
      ),
    args: () => dry('linux'),
    code: 0,
    says: DRY,
  },
  {
    name: 'a folder with links to a device, and a FIFO',
    plant: (lab) => {
      mkdirSync(lab.at('series'));
      symlinkSync('/dev/zero', lab.at('series/1.patch'));
    },
    args: () => verify('series'),
    says: 'your input: Expected `/dev/zero`, with mails, to be a regular file, got a device',
  },
  {
    name: "quilt's list of patches names files outside of the folder",
    plant: (lab) => {
      put(lab, 'series/series', '../victim/thesis.txt\n');
      put(lab, 'series/1.patch', GOOD);
    },
    args: () => verify('series'),
    says: 'your input: `series/series` names `../victim/thesis.txt`, which is outside of the folder',
  },
  {
    name: "quilt's list of patches is a FIFO",
    plant: (lab) => {
      put(lab, 'series/1.patch', GOOD);
      execFileSync('mkfifo', [lab.at('series/series')]);
    },
    args: () => verify('series'),
    code: 0,
    says: DRY,
  },
  {
    name: 'names that are options, of kverdict and of git',
    plant: (lab) => void put(lab, 'p/--output=PWNED.patch', GOOD),
    cwd: 'p',
    args: () => [
      'verify',
      '-t',
      'clear_refs',
      '-p',
      'x86_64',
      '--dry-run',
      '--tree',
      '../linux',
      '--',
      '--output=PWNED.patch',
    ],
    code: 0,
    says: DRY,
  },
  {
    name: 'a range that is an option of git',
    args: (lab) => verify('--', `--output=${lab.at('PWNED')}..HEAD`),
    says: '',
  },
  {
    name: 'a Message-ID that is a command, and no b4',
    env: (lab) => ({PATH: `${lab.at('bin')}:${process.env.PATH}`}),
    plant: (lab) => void put(lab, 'bin/b4', '#!/bin/sh\nprintf "%s\\n" "$4" >&2; exit 1\n', 0o755),
    args: () => verify('$(touch PWNED)@example.org'),
    says: '',
  },
  {
    name: 'a mail of one line of 100 MB',
    plant: (lab) => writeFileSync(lab.at('x.mbox'), `Subject: ${'x'.repeat(100_000_000)}`),
    args: () => dry('linux'),
    says: '',
  },
  {
    name: 'a base that is an option of git',
    plant: (lab) =>
      writeFileSync(lab.at('x.mbox'), GOOD.replace('text\n', `text\n\nbase-commit: --output=${lab.at('PWNED')}\n`)),
    args: () => dry('linux'),
    code: 0,
    says: DRY,
  },
]);
