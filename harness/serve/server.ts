// SPDX-License-Identifier: MIT
import {createServer, type IncomingMessage, type Server, type ServerResponse} from 'node:http';
import {pipeline} from 'node:stream/promises';
import type {History} from '../history/database.js';
import {KverdictError, messageOf} from '../lib/errors.js';
import {type Answer, headersOf} from './answer.js';
import {Refusal, readRequest} from './request.js';
import {messagePage, route} from './routes.js';

const TITLES: Readonly<Record<number, string>> = {
  400: 'Not understood',
  403: 'Refused',
  404: 'Not found',
  405: 'Refused',
  500: 'Something is wrong here',
};

/** A page takes milliseconds; who says nothing for so long is not waited for. */
const SILENCE_MS = 10_000;

/**
 * The pages of a history over HTTP. It is not listening yet.
 *
 * @param checkHost see `readRequest`
 * @param trouble gets what no page should have thrown
 */
export function createPages(
  history: History,
  {checkHost, trouble}: {checkHost: boolean; trouble: (error: unknown) => void},
): Server {
  const server = createServer({requestTimeout: SILENCE_MS, headersTimeout: SILENCE_MS}, (request, response) => {
    void respond(request, response).catch((error: unknown) => {
      // The browser went away in the middle; there is nobody to tell.
      response.destroy();
      if ((error as NodeJS.ErrnoException).code !== 'ERR_STREAM_PREMATURE_CLOSE') trouble(error);
    });
  });

  async function respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const answer = await answerTo(request);
    response.writeHead(answer.status, headersOf(answer));
    const {body} = answer;
    if (typeof body === 'string') response.end(request.method === 'HEAD' ? undefined : body);
    else if (request.method === 'HEAD' || body.bytes === 0) {
      body.stream.destroy();
      response.end();
    } else await pipeline(body.stream, response);
  }

  async function answerTo(request: IncomingMessage): Promise<Answer> {
    try {
      return await route(history, readRequest(request, checkHost));
    } catch (error) {
      const status = error instanceof Refusal ? error.status : 500;
      if (status === 500) trouble(error);
      const hint = error instanceof KverdictError && error.hint !== undefined ? `\n${error.hint}` : '';
      return messagePage(status, {title: TITLES[status] ?? 'Refused', text: `${messageOf(error)}${hint}`});
    }
  }

  return server;
}
