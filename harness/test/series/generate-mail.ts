// SPDX-License-Identifier: MIT
/** A patch mail out of a seed: each choice is drawn on its own. Pure. */
import {execFileSync} from 'node:child_process';

const AUTHORS = {
  'utf-8': 'Zoë Müller',
  'iso-8859-1': 'Zoë Müller',
  'iso-8859-2': 'Łukasz Żak',
  'koi8-r': 'Иван Петров',
  gb2312: '王小明',
  gbk: '張三',
  'iso-2022-jp': '山田太郎',
  'euc-kr': '김철수',
  'windows-1252': 'Zoë “Z” Müller',
} as const;
const CHARSETS = Object.keys(AUTHORS) as (keyof typeof AUTHORS)[];
const ENCODINGS = ['7bit', '8bit', 'quoted-printable', 'base64'] as const;
const SHAPES = ['plain', 'mixed', 'attached', 'alternative'] as const;
const PREFIXES = [
  '[PATCH] ',
  '[PATCH v2 1/1] ',
  '[net-next v3 1/1] ',
  '[v4,1/1] ',
  '[dev] [PATCH] ',
  '[PATCH]: ',
  '[RFC PATCH V5] ',
  '',
];
const LINE_ENDS = ['\n', '\n', '\r\n'];

const DIFF = `diff --git a/mm/one.c b/mm/one.c
--- a/mm/one.c
+++ b/mm/one.c
@@ -2,7 +2,7 @@
 int one_1;
 int one_2;
 int one_3;
-int one_4;
+int one_44; // = =3D
 int one_5;
 int one_6;
 int one_7;
-- 
2.47.0
`;

export function generateMail(seed: number): {bytes: Buffer; kind: string} {
  const draw = drawer(seed);
  const charset = draw(CHARSETS);
  const encoding = draw(ENCODINGS);
  const shape = draw(SHAPES);
  const prefix = draw(PREFIXES);
  const end = draw(LINE_ENDS);
  const name = AUTHORS[charset];
  // 7bit has no room for the charset's bytes, unless it is made of ASCII (ISO-2022).
  const about = encoding === '7bit' && charset !== 'iso-2022-jp' ? 'Plain words.' : `By ${name}.`;
  const text = `${about}\n\nSigned-off-by: A <a@example.org>\n`;
  const part = (body: string, kind: string, more = ''): Buffer[] => [
    ascii(`Content-Type: ${kind}; charset=${charset}${more}\nContent-Transfer-Encoding: ${encoding}\n\n`),
    transfer(encode(body, charset), encoding),
  ];
  const boundary = 'b-0123456789';
  const open = (kind: string) =>
    ascii(`Content-Type: multipart/${kind}; boundary="${boundary}"\n\nnot read\n--${boundary}\n`);
  const next = ascii(`\n--${boundary}\n`);
  const last = ascii(`\n--${boundary}--\n`);
  const body = {
    plain: () => part(`${text}---\n${DIFF}`, 'text/plain'),
    mixed: () => [open('mixed'), ...part(`${text}---\n${DIFF}`, 'text/plain'), last],
    attached: () => [
      open('mixed'),
      ...part(text, 'text/plain'),
      next,
      ...part(DIFF, 'text/x-patch', '; name="a.patch"'),
      last,
    ],
    alternative: () => [open('alternative'), ...part(`${text}---\n${DIFF}`, 'text/plain'), last],
  }[shape]();
  const word = `=?${charset}?B?${encode(name, charset).toString('base64')}?=`;
  const header = `From: ${word} <a@example.org>\nDate: Mon, 2 Nov 2026 10:00:00 +0100\nSubject: ${prefix}mm: ${word}\nMIME-Version: 1.0\n`;
  const bytes = Buffer.concat([ascii(header), ...body]);
  const kind = [charset, encoding, shape, JSON.stringify(prefix), JSON.stringify(end)].join(', ');
  return {bytes: end === '\n' ? bytes : Buffer.from(bytes.toString('latin1').replaceAll('\n', end), 'latin1'), kind};
}

const ascii = (text: string): Buffer => Buffer.from(text, 'latin1');

/** iconv(1): Node.js decodes charsets and does not encode them. */
function encode(text: string, charset: string): Buffer {
  return execFileSync('iconv', ['-f', 'utf-8', '-t', charset], {input: text});
}

function transfer(bytes: Buffer, encoding: (typeof ENCODINGS)[number]): Buffer {
  if (encoding === 'base64') return ascii(`${bytes.toString('base64').replace(/.{76}/g, '$&\n')}\n`);
  if (encoding !== 'quoted-printable') return bytes;
  const quoted = bytes
    .toString('latin1')
    .replace(/[^\n -<>-~]|[ \t]$/gm, hex)
    .replaceAll('=', '=3D');
  return ascii(quoted.replaceAll('\u0000', '='));
}

/** NUL stands for the sign of equality until those of the text are quoted. */
function hex(character: string): string {
  return `\u0000${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`;
}

/** A linear congruential generator: the same seed gives the same mail everywhere. */
function drawer(seed: number): <T>(from: readonly T[]) => T {
  let state = (seed * 2654435761) >>> 0;
  return (from) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return from[Math.floor((state / 2 ** 32) * from.length)] as never;
  };
}
