// SPDX-License-Identifier: MIT
/** Pages of a synthetic history, served for real on a free port of this computer. */
import {request} from 'node:http';
import type {History} from '../../history/database.js';
import {listen} from '../../serve/listen.js';
import {createPages} from '../../serve/server.js';
import {type HistoryOptions, type SyntheticHistory, syntheticHistory} from '../fakes/synthetic-history.js';

export interface Served extends SyntheticHistory {
  /** Ends with `/`. */
  address: string;
  /** What no page should have thrown. */
  troubles: unknown[];
}

export async function serveSynthetic(options: HistoryOptions = {}): Promise<Served> {
  const made = await syntheticHistory(options);
  const served = await serveHistory(made.history);
  const remove = async (): Promise<void> => {
    await served.stop();
    await made.remove();
  };
  return {...made, ...served, remove};
}

export async function serveHistory(history: History) {
  const troubles: unknown[] = [];
  const server = createPages(history, {checkHost: true, trouble: (error) => troubles.push(error)});
  const address = await listen(server, {host: '127.0.0.1', port: 0});
  const stop = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return {address, troubles, stop};
}

export interface Got {
  status: number;
  headers: NodeJS.Dict<string | string[]>;
  body: string;
}

/** The path goes out as it is: `fetch` would tidy it up first. */
export function get(address: string, path: string, more: {method?: string; host?: string} = {}): Promise<Got> {
  const {hostname, port} = new URL(address);
  const {method = 'GET', host} = more;
  return new Promise((resolve, reject) => {
    const headers = host === undefined ? {} : {host};
    const asked = request({hostname, port, path, method, headers, agent: false}, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        const body = Buffer.concat(chunks).toString();
        resolve({status: response.statusCode ?? 0, headers: response.headers, body});
      });
    });
    asked.on('error', reject).end();
  });
}

/**
 * Every page of a history that is linked to from its first one, as a person would find them.
 * @param files also those of the runs that a page links to
 */
export async function crawl(address: string, first = '/', files = false): Promise<Map<string, Got>> {
  const pages = new Map<string, Got>();
  const waiting = [first];
  for (let path = waiting.shift(); path !== undefined; path = waiting.shift()) {
    if (pages.has(path)) continue;
    const got = await get(address, path);
    pages.set(path, got);
    for (const [, href = ''] of got.body.matchAll(/ href="(\/[^"#]*)/g)) {
      const link = href.replaceAll('&amp;', '&');
      if (files || !link.includes('/files/')) waiting.push(link);
    }
  }
  return pages;
}
