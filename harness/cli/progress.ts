// SPDX-License-Identifier: MIT
import {styleText} from 'node:util';
import {createLogUpdate} from 'log-update';
import type {Emit, RunEvent} from '../lib/events.js';
import {plain, screen} from '../lib/writer.js';
import {movesCursor} from './terminal.js';

/** A view of the events on stderr. `stop` leaves the terminal as it was. */
export interface Progress {
  show: Emit;
  stop(): void;
}

/** CI systems end a job that prints nothing for some minutes. */
const HEARTBEAT_MS = 60_000;
const REDRAW_MS = 100;
/** Rows of the live table; more steps than this are counted in its last line. */
const MAX_ROWS = 12;

interface Row {
  kind: string;
  label: string;
  started: number;
  done?: number;
  total?: number;
  detail?: string;
}

type Stream = NodeJS.WriteStream;

/** The live table on a terminal; in a pipe one line for each finished step, and a heartbeat. */
export function createProgress(stream: Stream, colour: boolean): Progress {
  const view = movesCursor(stream) ? liveTable(stream, colour) : lines(stream, colour);
  return {...view, show: (event) => view.show(cleaned(event))};
}

/** Events hold what patches, trees and guests say: it is cleaned here, before it is painted. */
function cleaned(event: RunEvent): RunEvent {
  const entries = Object.entries(event).map(([key, value]) => [key, typeof value === 'string' ? plain(value) : value]);
  return Object.fromEntries(entries) as RunEvent;
}

function lines(stream: Stream, colour: boolean): Progress {
  const rows = new Map<string, Row>();
  const write = (text: string): void => void stream.write(`${screen(text)}\n`);
  let last = performance.now();
  const beat = setInterval(() => {
    if (performance.now() - last < HEARTBEAT_MS) return;
    last = performance.now();
    const busy = [...rows.values()].map((row) => rowText(row, false)).join('; ');
    if (busy !== '') write(`still at work: ${busy}`);
  }, HEARTBEAT_MS / 4);
  beat.unref();
  return {
    show: (event) => {
      const ended = track(rows, event);
      const text = finishedLine(event, ended, colour);
      if (text === undefined) return;
      last = performance.now();
      write(text);
    },
    stop: () => clearInterval(beat),
  };
}

function liveTable(stream: Stream, colour: boolean): Progress {
  const rows = new Map<string, Row>();
  const update = createLogUpdate(stream, {showCursor: true});
  const draw = (): void => {
    const shown = [...rows.values()].slice(0, MAX_ROWS).map((row) => rowText(row, colour));
    const more = rows.size - shown.length;
    update(screen([...shown, ...(more > 0 ? [`  and ${more} more`] : [])].join('\n')));
  };
  const timer = setInterval(draw, REDRAW_MS);
  timer.unref();
  return {
    show: (event) => {
      const ended = track(rows, event);
      const text = finishedLine(event, ended, colour);
      if (text === undefined) return;
      update.clear();
      stream.write(`${screen(text)}\n`);
      draw();
    },
    stop: () => {
      clearInterval(timer);
      update.clear();
      update.done();
    },
  };
}

/** Keeps the rows of what is under way; gives the row that an event ended. */
function track(rows: Map<string, Row>, event: RunEvent): Row | undefined {
  switch (event.type) {
    case 'step-start':
      rows.set(event.id, {kind: event.kind, label: event.label, started: performance.now()});
      return undefined;
    case 'step-progress': {
      const row = rows.get(event.id);
      if (row !== undefined) {
        row.done = event.done;
        if (event.total !== undefined) row.total = event.total;
        if (event.detail !== undefined) row.detail = event.detail;
      }
      return undefined;
    }
    case 'step-end': {
      const row = rows.get(event.id);
      rows.delete(event.id);
      return row;
    }
    default:
      return undefined;
  }
}

const MARKS = {
  ok: ['ok', 'green'],
  cached: ['cached', 'green'],
  skipped: ['skip', 'yellow'],
  failed: ['FAIL', 'red'],
} as const;

function finishedLine(event: RunEvent, row: Row | undefined, colour: boolean): string | undefined {
  if (event.type === 'note') return `        ${event.message}`;
  if (event.type === 'warning') return paint('yellow', 'warning ', colour) + event.message;
  if (event.type !== 'step-end' || row === undefined) return undefined;
  const [word, hue] = MARKS[event.status];
  const detail = event.detail === undefined ? '' : `: ${event.detail}`;
  return `${paint(hue, word.padEnd(8), colour)}${row.label}${detail} (${event.seconds.toFixed(1)} s)`;
}

function rowText(row: Row, colour: boolean): string {
  const seconds = ((performance.now() - row.started) / 1000).toFixed(0).padStart(4);
  const count = row.done === undefined ? '' : row.total === undefined ? ` ${row.done}` : ` ${row.done}/${row.total}`;
  const detail = row.detail === undefined ? '' : ` ${row.detail}`;
  return `${paint('cyan', `${seconds} s `, colour)} ${row.label}${count}${detail}`;
}

function paint(hue: 'green' | 'yellow' | 'red' | 'cyan', text: string, colour: boolean): string {
  return colour ? styleText(hue, text, {validateStream: false}) : text;
}
