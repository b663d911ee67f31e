// SPDX-License-Identifier: MIT
import {once} from 'node:events';
import {resolve} from 'node:path';
import {inspect} from 'node:util';
import {hasHistory, historyFile, openHistory} from '../history/database.js';
import {UserError} from '../lib/errors.js';
import {resolvePaths} from '../lib/paths.js';
import {trustRoots} from '../lib/roots.js';
import {abortOnSignals} from '../run/shutdown.js';
import {listen, loopbackOf} from '../serve/listen.js';
import {createPages} from '../serve/server.js';
import {say, tell} from './say.js';

export interface ServeFlags {
  host: string;
  port: number;
  socket?: string;
}

/**
 * Serves until a signal comes.
 * @throws UserError when there is no history, or its place is taken; InfraError when others may write it
 */
export async function serveCommand({host, port, socket}: ServeFlags): Promise<void> {
  const place = socket === undefined ? {host: loopbackOf(host), port} : {socket: resolve(socket)};
  const paths = resolvePaths();
  trustRoots(paths, ['state']);
  if (!hasHistory(paths)) {
    throw new UserError(`There is no history yet: \`${historyFile(paths)}\` is not there`, {
      hint: '`kverdict nightly CONFIG` makes one; `kverdict verify` and `run` are not remembered, their report.html is.',
    });
  }
  const {signal, dispose} = abortOnSignals();
  try {
    await using history = await openHistory(paths);
    const trouble = (error: unknown): void => tell(`kverdict: a page failed: ${inspect(error)}`);
    const server = createPages(history, {checkHost: socket === undefined, trouble});
    const address = await listen(server, place);
    say(`${address}\nhistory: ${history.file}; Ctrl-C ends it`);
    if (!signal.aborted) await once(signal, 'abort');
    server.close();
    server.closeAllConnections();
  } finally {
    dispose();
  }
}
