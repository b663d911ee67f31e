// SPDX-License-Identifier: MIT
import type {Guest} from '../guest/guest.js';
import type {ArchName} from '../kernel/kernel-build.js';
import {shellQuote} from '../lib/shell-quote.js';
import {cleanLine} from '../lib/text.js';
import {limitWords, type Scale} from '../machine/host-pace.js';
import {guestDirectory, type NotRun} from './guest-setup.js';
import type {MissingProgram} from './programs.js';
import {LISTED, matches, type Selection} from './select.js';
import type {Suite, Test} from './suite.js';

/** A test that can be started: names that a guest had to list are filled in. */
export interface RunnableTest {
  suite: Suite;
  test: Test;
  /** The test's name; `unit:minor` for a name that a `list` gave. */
  name: string;
  /** Shell command, in the suite's folder in the guest. */
  run: string;
  /** It cannot be run, or has no place here, and why. */
  notRun?: NotRun;
}

export interface ExpandOptions {
  arch: ArchName;
  selection: Selection;
  missing: readonly MissingProgram[];
  scale: Scale;
}

/** Seconds for a `list` command, with KVM on an ordinary host. */
const LIST_SECONDS = 10;
/** More names than any selftest has; a list without end is a mistake. */
const MAX_NAMES = 5000;
const MAX_LIST_BYTES = 1024 * 1024;

/** The selected tests of a suite on an architecture, in the manifest's order. Asks the guest for what only it knows. */
export async function expandTests(guest: Guest, suite: Suite, options: ExpandOptions): Promise<RunnableTest[]> {
  const expanded: RunnableTest[] = [];
  for (const test of suite.tests) {
    if (!test.arches.includes(options.arch) || !matches(options.selection, suite.name, test.name)) continue;
    const notRun = whyNot(test, options);
    if (notRun !== undefined) expanded.push({suite, test, name: test.name, run: test.run, notRun});
    else if (test.list === undefined) expanded.push({suite, test, name: test.name, run: test.run});
    else expanded.push(...(await listed(guest, suite, test, test.list, options)));
  }
  return expanded;
}

function whyNot(test: Test, {missing}: ExpandOptions): NotRun | undefined {
  const gone = missing.find(({program}) => runs(test, program));
  return gone === undefined ? undefined : notBuilt(gone);
}

/** Does its command start this program of its suite? */
export const runs = ({list = '', run}: Pick<Test, 'list' | 'run'>, program: string): boolean =>
  `${list}\n${run}`.split(/[\s;|&()]+/).includes(`./${program}`);

/** What a test gets for a program that it cannot do without. */
export function notBuilt({program, reason, blame, extra, absent}: MissingProgram): NotRun {
  if (absent) return {status: 'skip', reason, blame};
  return {status: extra ? 'skip' : 'error', reason: `\`${program}\` was not built: ${reason}`, blame};
}

async function listed(
  guest: Guest,
  suite: Suite,
  test: Test,
  list: string,
  {selection, scale}: ExpandOptions,
): Promise<RunnableTest[]> {
  const broken = (reason: string): RunnableTest[] => [
    {suite, test, name: test.name, run: test.run, notRun: {status: 'error', reason, blame: 'infra'}},
  ];
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  const limit = scale(LIST_SECONDS);
  const done = await guest.run(`cd ${shellQuote(guestDirectory(suite))} && { ${list}\n}`, {
    timeoutSeconds: limit.seconds,
    onOutput: (chunk) => {
      bytes += chunk.length;
      if (bytes <= MAX_LIST_BYTES) chunks.push(chunk);
    },
  });
  const output = Buffer.concat(chunks).toString('utf8');
  if (done.starved !== undefined) return broken(done.starved);
  if (done.lost !== undefined) return broken(`the guest was lost while listing the tests: ${done.lost}`);
  if (done.timedOut) return broken(`listing the tests took more than ${limitWords(limit)}`);
  if (done.code !== 0)
    return broken(`listing the tests ended with exit ${done.code}: ${cleanLine(output).slice(0, 300)}`);

  const names = [...new Set(output.split('\n').map((line) => line.trim()))].filter((name) => name !== '');
  if (names.length === 0) return broken(`\`${list}\` gave no name`);
  const odd = names.find((name) => !/^[\x21-\x7e]{1,200}$/.test(name) || name.includes('/'));
  if (odd !== undefined)
    return broken(`\`${list}\` gave \`${cleanLine(odd).slice(0, 100)}\`, which cannot be a test's name`);
  if (names.length > MAX_NAMES) return broken(`\`${list}\` gave ${names.length} names; the limit is ${MAX_NAMES}`);

  const wanted = names.filter((name) => matches(selection, suite.name, `${test.name}${LISTED}${name}`));
  const asked = selection.filter(
    (selector) => selector.suite === suite.name && selector.test?.startsWith(`${test.name}${LISTED}`),
  );
  const unknown = asked.find((selector) => !names.some((name) => selector.test === `${test.name}${LISTED}${name}`));
  if (unknown !== undefined) {
    return broken(`there is no \`${unknown.test}\` in this guest; there are: ${names.join(', ')}`);
  }
  return wanted.map((name) => ({
    suite,
    test,
    name: `${test.name}${LISTED}${name}`,
    run: test.run.replaceAll('{}', shellQuote(name)),
  }));
}
