// SPDX-License-Identifier: MIT
import {readdirSync} from 'node:fs';
import {join} from 'node:path';
import {type Guest, GuestLost} from '../guest/guest.js';
import {messageOf} from '../lib/errors.js';
import {shellQuote} from '../lib/shell-quote.js';
import {cleanLine, clip} from '../lib/text.js';
import {limitWords, type Scale} from '../machine/host-pace.js';
import type {Attempt} from './attempt.js';
import type {Suite} from './suite.js';
import {LIBRARIES} from './target-suite.js';

export type NotRun = NonNullable<Attempt['notRun']>;

/** Why no test of a suite can be run in a guest. */
export type NotSetUp = NotRun & {
  /** The guest is gone. */
  lost?: NonNullable<Attempt['lost']>;
};

/** Seconds for all set-up lines together, with KVM on an ordinary host; reserving huge pages in a full guest is the longest of them. */
const SETUP_SECONDS = 10;
/** The set-up's exit code is this plus the number of the line that failed. */
const LINE_BASE = 64;
const MAX_REASON = 500;

/** Where the guest's loader looks on every architecture (ld.so(8)). */
const GUEST_LIBRARIES = '/usr/lib';

/** Where a suite's programs are in the guest, and where its tests run. */
export function guestDirectory(suite: Pick<Suite, 'name' | 'target'>): string {
  return suite.target === undefined ? `/suites/${suite.name}` : `${installDirectory(suite.target)}/${suite.target}`;
}

/** Each target of the tree has a `make install` of its own, as each has a list of tests of its own. */
const installDirectory = (target: string): string => `/suites/kselftest-${target.replaceAll('/', '-')}`;

/**
 * Pushes what was compiled for a suite. A target of the tree comes as `make install` lays it out, with run_kselftest.sh
 * and its folder beside each other, so that a script finds `../kselftest` and a person can run it by hand. Libraries go
 * where the loader finds them without an environment of its own.
 */
export async function pushPrograms(guest: Guest, suite: Pick<Suite, 'name' | 'target'>, from: string): Promise<void> {
  const to = suite.target === undefined ? guestDirectory(suite) : installDirectory(suite.target);
  for (const file of readdirSync(from).sort()) {
    if (suite.target !== undefined && file === LIBRARIES) await pushLibraries(guest, join(from, file));
    else await guest.push(join(from, file), to);
  }
}

async function pushLibraries(guest: Guest, from: string): Promise<void> {
  for (const file of readdirSync(from).sort()) await guest.push(join(from, file), GUEST_LIBRARIES);
}

/**
 * Pushes the programs and runs the set-up lines. A failure is an answer: it is what every test of the suite gets.
 *
 * @param modules paths of modules for this guest's kernel; the set-up lines load them
 */
export async function setUpGuest(
  guest: Guest,
  suite: Suite,
  programsDirectory: string,
  scale: Scale,
  modules: readonly string[] = [],
): Promise<NotSetUp | undefined> {
  const directory = guestDirectory(suite);
  try {
    await pushPrograms(guest, suite, programsDirectory);
    for (const file of modules) await guest.push(file, directory);
  } catch (error) {
    if (error instanceof GuestLost) return lostInSetUp(error.how, messageOf(error));
    return failed(`cannot push the programs of ${suite.name}: ${messageOf(error)}`);
  }
  const {setup} = suite.guest;

  const limit = scale(SETUP_SECONDS);
  let output = '';
  const done = await guest.run(setUpScript(directory, setup), {
    timeoutSeconds: limit.seconds,
    onOutput: (chunk) => {
      if (output.length < MAX_REASON) output += Buffer.from(chunk).toString('utf8');
    },
  });
  if (done.code === 0) return undefined;
  const words = clip(cleanLine(output), MAX_REASON);
  const said = words === '' ? '' : `: ${words}`;
  if (done.starved !== undefined) return failed(done.starved);
  if (done.lost !== undefined) {
    return lostInSetUp(done.lostHow ?? 'silent', `${done.lost}${said}`);
  }
  if (done.timedOut) return failed(`the set-up took more than ${limitWords(limit)}${said}`);
  const line = setup[(done.code ?? 0) - LINE_BASE - 1];
  const which = line === undefined ? `ended with exit ${done.code}` : `failed at \`${line}\``;
  return failed(`the set-up of ${suite.name} ${which}${said}`);
}

/** One command for all lines: a line that fails ends it, and the exit code tells which it was. */
function setUpScript(directory: string, lines: readonly string[]): string {
  const steps = lines.map((line, index) => `{ ${line}\n} || exit ${LINE_BASE + 1 + index}`);
  return [`mkdir -p ${shellQuote(directory)} && cd ${shellQuote(directory)} || exit ${LINE_BASE}`, ...steps].join('\n');
}

function lostInSetUp(how: GuestLost['how'], detail: string): NotSetUp {
  const lost = {how, detail: `in the set-up: ${detail}`};
  return {status: 'crash', reason: `the guest was lost in the set-up: ${detail}`, blame: 'kernel', lost};
}

const failed = (reason: string): NotRun => ({status: 'error', reason, blame: 'infra'});
