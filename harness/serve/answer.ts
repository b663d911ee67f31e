// SPDX-License-Identifier: MIT
import type {Readable} from 'node:stream';

/** What goes back to the browser. */
export interface Answer {
  status: number;
  type: string;
  /** Content-Security-Policy. */
  policy: string;
  body: string | {stream: Readable; bytes: number};
  /** Is saved, not shown. */
  attachment?: true;
}

/** With every answer: what it says is ours to show, to nobody else's page, and not to be kept. */
const ALWAYS: Readonly<Record<string, string>> = {
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'X-Frame-Options': 'DENY',
  'Cache-Control': 'no-store',
};

export function headersOf({type, policy, body, attachment}: Answer): Record<string, string | number> {
  return {
    ...ALWAYS,
    'Content-Type': type,
    'Content-Security-Policy': policy,
    'Content-Length': typeof body === 'string' ? Buffer.byteLength(body) : body.bytes,
    ...(attachment ? {'Content-Disposition': 'attachment'} : {}),
  };
}
