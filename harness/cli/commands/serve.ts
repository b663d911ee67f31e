// SPDX-License-Identifier: MIT
import {Command, InvalidArgumentError} from 'commander';
import {EXIT} from '../exit-codes.js';
import type {ServeFlags} from '../serve-command.js';
import type {Verb} from '../verb.js';

const DEFAULT_PORT = 8642;
const MAX_PORT = 65_535;

const HELP = `
Shows what the nights of \`kverdict nightly\` found: branches, runs, how often each test passed over time, which tests
are flaky, what changed last and the bisect that says why. It only reads, and answers this computer alone: there is no
password. Ctrl-C ends it, with exit code 0.

Examples:
  kverdict serve                              then open http://127.0.0.1:${DEFAULT_PORT}/
  kverdict serve --port 0                     any port that is free; the address is printed
  kverdict serve --host ::1 --port 9000
  kverdict serve --socket ~/.kverdict.sock    for a web server that does ask for a password
  ssh -L ${DEFAULT_PORT}:127.0.0.1:${DEFAULT_PORT} build-host kverdict serve`;

export const serve: Verb = ({done}) =>
  new Command('serve')
    .description('The history in a browser, on this computer alone.')
    .option('--host <address>', '127.0.0.1 or ::1', '127.0.0.1')
    .option('--port <n>', 'TCP port, 0 for any that is free', port, DEFAULT_PORT)
    .option('--socket <path>', 'a unix socket instead of a port')
    .addHelpText('after', HELP)
    .action(async (flags: ServeFlags, command: Command) => {
      if (flags.socket !== undefined) {
        for (const name of ['host', 'port']) {
          if (command.getOptionValueSource(name) === 'default') continue;
          command.error(`error: --socket and --${name} exclude each other`);
        }
      }
      const {serveCommand} = await import('../serve-command.js');
      await serveCommand(flags);
      done(EXIT.good);
    });

function port(value: string): number {
  const number = Number(value);
  if (/^\d+$/.test(value) && number <= MAX_PORT) return number;
  throw new InvalidArgumentError(`Expected a port from 0 to ${MAX_PORT}, got \`${value}\`.`);
}
