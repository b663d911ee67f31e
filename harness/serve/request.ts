// SPDX-License-Identifier: MIT
/** What a browser asks for, read with suspicion: any page that it has open can make it ask. */
import type {IncomingMessage} from 'node:http';

/** An answer other than a page that was asked for. */
export class Refusal extends Error {
  constructor(
    readonly status: 400 | 403 | 404 | 405,
    message: string,
  ) {
    super(message);
    this.name = 'Refusal';
  }
}

export interface Asked {
  /** Decoded parts of the path; none is empty, `.` or `..`, or holds a separator. */
  parts: string[];
  query: URLSearchParams;
}

const NAMES = new Set(['localhost', '127.0.0.1', '[::1]']);

/**
 * @param checkHost on a port any website can point a name of its own at us (DNS rebinding) and read the answers; a
 *   socket cannot be reached by a browser
 * @throws Refusal
 */
export function readRequest({method, url = '/', headers}: IncomingMessage, checkHost: boolean): Asked {
  if (method !== 'GET' && method !== 'HEAD') throw new Refusal(405, 'Pages can be read, and nothing else.');
  if (checkHost && !NAMES.has(hostNameOf(headers.host))) {
    throw new Refusal(
      403,
      'These pages are served to this computer under its own name alone: localhost, 127.0.0.1 or [::1].',
    );
  }
  const [path = '', query = ''] = split(url);
  return {parts: path.split('/').filter(Boolean).map(decodePart), query: new URLSearchParams(query)};
}

/** Without the port: it may be another one at the near end of an ssh tunnel. */
function hostNameOf(host = ''): string {
  return host.toLowerCase().replace(/:\d*$/, '');
}

function split(url: string): [string, string] {
  const at = url.indexOf('?');
  return at === -1 ? [url, ''] : [url.slice(0, at), url.slice(at + 1)];
}

function decodePart(part: string): string {
  let decoded: string;
  try {
    decoded = decodeURIComponent(part);
  } catch {
    throw new Refusal(400, 'The address is not legal: a % that begins nothing.');
  }
  // biome-ignore lint/suspicious/noControlCharactersInRegex: NUL ends a path where it is used
  if (decoded === '.' || decoded === '..' || /[/\\\u0000]/.test(decoded)) {
    throw new Refusal(400, 'The address leads out of where it begins.');
  }
  return decoded;
}
