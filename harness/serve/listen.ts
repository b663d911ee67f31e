// SPDX-License-Identifier: MIT
/** Where the pages are served: this computer alone, on an address that only it can reach or a socket of its user. */
import {lstatSync, rmSync} from 'node:fs';
import type {Server} from 'node:http';
import {connect} from 'node:net';
import {InfraError, messageOf, UsageError, UserError} from '../lib/errors.js';

/** Addresses that no other computer reaches; anything else would show the history to a network. */
const LOOPBACK: Readonly<Record<string, string>> = {'127.0.0.1': '127.0.0.1', localhost: '127.0.0.1', '::1': '::1'};

export type Place = {host: string; port: number} | {socket: string};

/** @throws UsageError for an address that others could reach */
export function loopbackOf(host: string): string {
  const address = LOOPBACK[host];
  if (address !== undefined) return address;
  throw new UsageError(`Expected --host to be ${Object.keys(LOOPBACK).join(', ')}, got \`${host}\``, {
    hint: 'The pages are for this computer alone. From another one: ssh -L 8642:127.0.0.1:8642 HOST',
  });
}

/** @returns what a person opens. @throws UserError when the place is taken, InfraError when it cannot be had */
export async function listen(server: Server, place: Place): Promise<string> {
  if ('socket' in place) {
    await clearSocket(place.socket);
    // Nobody else may connect, not even between making it and a chmod.
    const before = process.umask(0o177);
    try {
      await started(server, {path: place.socket});
    } catch (error) {
      throw explained(error, `the socket \`${place.socket}\``);
    } finally {
      process.umask(before);
    }
    return place.socket;
  }
  const {host, port} = place;
  try {
    await started(server, {host, port, exclusive: true});
  } catch (error) {
    throw explained(error, `port ${port} of ${host}`);
  }
  const address = server.address();
  const actual = typeof address === 'object' && address !== null ? address.port : port;
  return `http://${host.includes(':') ? `[${host}]` : host}:${actual}/`;
}

function started(server: Server, options: Parameters<Server['listen']>[0]): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(options, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

/** A socket that nobody answers on was left by a crash; anything else is not ours to delete. */
async function clearSocket(path: string): Promise<void> {
  const found = lstatSync(path, {throwIfNoEntry: false});
  if (found === undefined) return;
  if (!found.isSocket()) throw new UserError(`\`${path}\` is there and is no socket`, {hint: 'Give --socket another.'});
  if (await answers(path))
    throw new UserError(`Somebody listens on \`${path}\` already`, {hint: 'Give --socket another.'});
  rmSync(path);
}

function answers(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path);
    socket.on('connect', () => resolve(true)).on('error', () => resolve(false));
    socket.on('connect', () => socket.destroy());
  });
}

const TROUBLE: Readonly<Record<string, {blame: typeof UserError | typeof InfraError; text: string; hint: string}>> = {
  EADDRINUSE: {blame: UserError, text: 'is taken', hint: 'Give --port another one, or 0 for any that is free.'},
  EACCES: {blame: UserError, text: 'is not yours to use', hint: 'Ports below 1024 are for root; give --port another.'},
  EADDRNOTAVAIL: {blame: InfraError, text: 'is not there on this computer', hint: 'Give --host 127.0.0.1.'},
};

function explained(error: unknown, what: string): Error {
  const {code = ''} = error as NodeJS.ErrnoException;
  const trouble = TROUBLE[code];
  if (trouble === undefined) return new InfraError(`Cannot listen on ${what}: ${messageOf(error)}`, {cause: error});
  const {blame: Blame, text, hint} = trouble;
  return new Blame(`${what} ${text}`.replace(/^p/, 'P'), {cause: error, hint});
}
