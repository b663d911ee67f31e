// SPDX-License-Identifier: MIT
/**
 * What a fake guest does, as text: it stands where the kernel image would. Lines that are none of these are ignored.
 *
 *     boot ok | panic | fast-panic | reset | hang | exit | mute | flood | hang-up | babble | crawl <lines> <ms>
 *     kvm <the same>
 *     test <pattern> <act> [<rate>%] [after <ms>]
 *     list <pattern> <name>...
 *
 * A boot that crawls prints so many lines, one in so many milliseconds, before it goes on; a mute one prints nothing;
 * one that floods, much; a fast panic comes before anybody can look whether it
 * listens; a reset ends QEMU, which has warned of something else. One that hangs up does so when SSH begins; one that babbles says what is no SSH.
 * Without a `kvm` line the fake has no KVM. `<pattern>` is looked for in the text of a command that is run by SSH (`*` and `:` stand for anything, so that `suite:test` can be one); the first line that
 * fits counts. With a rate the act happens in so many of a hundred runs, evenly spread, else the test passes.
 */
import {mkdirSync} from 'node:fs';
import {join} from 'node:path';

export const BOOTS = [
  'ok',
  'panic',
  'fast-panic',
  'reset',
  'hang',
  'exit',
  'mute',
  'flood',
  'hang-up',
  'babble',
] as const;
export const ACTS = [
  'pass',
  'fail',
  'skip',
  'hang',
  'panic',
  'exit',
  'crash',
  'flood',
  'control-bytes',
  'double-ok',
  'silent',
  'warn',
  'taint',
  'lockdep',
] as const;
export type Act = (typeof ACTS)[number];

export interface TestLine {
  pattern: string;
  act: Act;
  /** 0 to 1 */
  rate: number;
  afterMs: number;
}

export interface Boot {
  how: (typeof BOOTS)[number];
  /** Printed before that, so many and so many milliseconds apart. */
  lines: number;
  ms: number;
}

export interface Scenario {
  boot: Boot;
  /** Absent: it has no KVM. */
  kvm?: Boot;
  tests: TestLine[];
  lists: {pattern: string; names: string[]}[];
}

const BOOT = new RegExp(`^(boot|kvm)\\s+(?:(${BOOTS.join('|')})|crawl\\s+(\\d+)\\s+(\\d+))$`);
const TEST = new RegExp(`^test\\s+(\\S+)\\s+(${ACTS.join('|')})(?:\\s+(\\d+)%)?(?:\\s+after\\s+(\\d+))?\\s*$`);

export function parseScenario(text: string): Scenario {
  const scenario: Scenario = {boot: {how: 'ok', lines: 0, ms: 0}, tests: [], lists: []};
  for (const line of text.split('\n').map((raw) => raw.trim())) {
    const [, which, how, lines, ms] = BOOT.exec(line) ?? [];
    if (which && (how || lines)) {
      scenario[which as 'boot' | 'kvm'] = {
        how: (how as Boot['how']) ?? 'ok',
        lines: Number(lines ?? 0),
        ms: Number(ms ?? 0),
      };
    }
    const [, pattern, act, rate, after] = TEST.exec(line) ?? [];
    if (pattern && act) {
      scenario.tests.push({pattern, act: act as Act, rate: Number(rate ?? 100) / 100, afterMs: Number(after ?? 0)});
    }
    const list = /^list\s+(\S+)\s+(.*)$/.exec(line);
    if (list?.[1]) scenario.lists.push({pattern: list[1], names: (list[2] ?? '').split(/\s+/)});
  }
  return scenario;
}

export function fits(pattern: string, command: string): boolean {
  const parts = pattern.split(/[*:]/).map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(parts.join('.*'), 's').test(command);
}

/** Whether the act happens in this run; runs are counted over all guests, in a folder. */
export function happens(test: TestLine, folder: string): boolean {
  if (test.rate >= 1) return true;
  for (let run = 1; ; run++) {
    try {
      mkdirSync(join(folder, `${test.pattern.replaceAll(/\W/g, '_')}.${run}`), {recursive: false});
      return Math.floor(run * test.rate) > Math.floor((run - 1) * test.rate);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
}

const FLOOD_LINE = `# ${'all work and no play '.repeat(48)}\n`;
const FLOOD_BYTES = 100_000_000;

/** What a test prints, and its exit status; undefined: it prints no more and does not end. */
export function* play(name: string, act: Act): Generator<string, number | undefined> {
  if (act === 'silent') return 0;
  if (act === 'crash') return 139;
  yield 'KTAP version 1\n1..1\n';
  switch (act) {
    case 'fail':
      yield `# ${name}: 59 998 of 60 000\nnot ok 1 ${name}\n`;
      return 1;
    case 'skip':
      yield `ok 1 ${name} # SKIP not on this machine\n`;
      return 4;
    case 'control-bytes':
      yield `\u001b[31m# red\u001b[0m \u0000\u0007\u0008\ufffe ]]> <&>"\r\n`;
      break;
    case 'double-ok':
      yield `ok 1 ${name}\n`;
      break;
    case 'flood':
      for (let left = FLOOD_BYTES; left > 0; left -= FLOOD_LINE.length * 64) yield FLOOD_LINE.repeat(64);
      break;
    case 'hang':
    case 'panic':
    case 'exit':
      return undefined;
  }
  yield `ok 1 ${name}\n`;
  return 0;
}
