// SPDX-License-Identifier: MIT
/** What comes from a QMP socket: greeting, answers, events, and whatever a QEMU that was broken into sends instead. */
import type {Socket} from 'node:net';
import {InfraError} from '../../../lib/errors.js';
import {Qmp, type QmpEvent} from '../../../machine/qmp.js';
import type {Dice, Fuzzer} from './dice.js';

export const qmp: Fuzzer = {
  name: 'QMP',
  share: 25,
  begin: () => ({one, end: () => {}}),
};

const VALUES = ['{}', '[]', 'null', '0', '-1', '1e999', '""', '"x"', 'true', '{"desc":1}', '{"desc":"no"}', '[{}]'];
const LINES = [
  ...['', ' ', 'null', '[]', '1', '"QMP"', '{', '}', '{}', '{"QMP":', '{"id":1', '\u0000', '{"id":1,"return":{}}{}'],
  ...['{"event":1}', '{"event":null,"id":1}', '{"__proto__":{"id":1,"return":1}}', '{"id":"1","return":1}', '\ud800'],
  ...['{"id":1.5,"return":1}', '{"id":-1,"error":{}}', '{"constructor":1,"id":99,"return":1}', '{"timestamp":{}}'],
];

/** A line, and what it means to whom asked. */
interface Line {
  text: string;
  event?: string;
  answers?: {id: number; refused?: string | null};
}

function lineOf(dice: Dice, commands: number): Line {
  const id = 1 + dice.below(commands + 2);
  switch (dice.below(6)) {
    case 0:
      return {text: dice.pick(LINES)};
    case 1: {
      const event = dice.pick(['STOP', 'SHUTDOWN', '', 'x\ny']);
      return {text: `{"event":${JSON.stringify(event)},"data":${dice.pick(VALUES)}}`, event};
    }
    case 2: {
      const error = dice.pick(VALUES);
      const {desc} = ((JSON.parse(error) as object | null) ?? {}) as {desc?: unknown};
      return {text: `{"id":${id},"error":${error}}`, answers: {id, refused: desc === undefined ? null : String(desc)}};
    }
    default:
      return {text: `{"return":${dice.pick(VALUES)}, "id": ${id}}${dice.once(8) ? '\r' : ''}`, answers: {id}};
  }
}

async function one(dice: Dice): Promise<void> {
  const socket = new FakeSocket();
  const events: string[] = [];
  const opening = Qmp.greet(socket as unknown as Socket, 60, ({event}: QmpEvent) => void events.push(event));
  socket.say('{"QMP":{}}\n');
  await null;
  await null;
  // The number of `qmp_capabilities` is 1.
  socket.say('{"return":{},"id":1}\n');
  const open = await opening;
  const names = ['a', 'b', 'c'].slice(0, dice.below(4));
  const outcomes = names.map((name) =>
    open.execute(name, {}, 60).then(
      () => 'answered',
      (error: unknown) => {
        if (!(error instanceof InfraError)) throw error;
        return error.message;
      },
    ),
  );
  const lines = dice.list(8, () => lineOf(dice, names.length));
  for (const piece of dice.cut(lines.map(({text}) => `${text}\n`).join(''))) socket.say(piece);
  socket.destroy();
  const told = await Promise.all(outcomes);
  const expected = names.map((name, at) => {
    const first = lines.find(({answers}) => answers?.id === at + 2)?.answers;
    if (first === undefined) return `QEMU closed its control socket before it answered \`${name}\``;
    if (first.refused === undefined) return 'answered';
    return `QEMU refused \`${name}\`: ${first.refused ?? 'it did not say why'}`;
  });
  same(told, expected);
  same(
    events,
    lines.flatMap(({event}) => event ?? []),
  );
}

function same(found: readonly string[], expected: readonly string[]): void {
  const [left, right] = [JSON.stringify(found), JSON.stringify(expected)];
  if (left !== right) throw new Error(`${left}, expected ${right}`);
}

/** As much of a socket as is used, without a kernel behind it. */
class FakeSocket {
  destroyed = false;
  readonly #readers: Record<string, ((text: string) => void)[]> = {};

  setEncoding(): void {}

  on(name: string, reader: (text: string) => void): this {
    this.#readers[name] = [...(this.#readers[name] ?? []), reader];
    return this;
  }

  write(): boolean {
    return true;
  }

  say(text: string): void {
    if (!this.destroyed) for (const reader of this.#readers.data ?? []) reader(text);
  }

  destroy(): void {
    if (this.destroyed) return;
    this.destroyed = true;
    for (const reader of this.#readers.close ?? []) reader('');
  }
}
