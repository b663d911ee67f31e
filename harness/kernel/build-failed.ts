// SPDX-License-Identifier: MIT
import {KernelError} from '../lib/errors.js';
import type {BuildLog} from './build-log.js';
import type {ArchName, CompilerMessage, Side} from './kernel-build.js';

/** Errors quoted in the message; the rest is in the log. */
const QUOTED = 5;

/** The tree does not build: a finding about it. */
export class BuildFailed extends KernelError {
  constructor(
    readonly arch: ArchName,
    readonly side: Side | 'only',
    /** Errors and warnings, in the log's order. */
    readonly messages: readonly CompilerMessage[],
    readonly log: string,
  ) {
    const errors = messages.filter(({kind}) => kind === 'error');
    const quoted = errors.slice(0, QUOTED).map((message) => `  ${messageLine(message)}`);
    const more = errors.length > QUOTED ? [`  and ${errors.length - QUOTED} more`] : [];
    const which = side === 'only' ? 'The kernel' : `The ${side} kernel`;
    super(
      errors.length === 0
        ? `${which} does not build for ${arch}; no compiler said why`
        : [`${which} does not build for ${arch}:`, ...quoted, ...more].join('\n'),
      {hint: `The whole log: ${log}`, facts: {arch, side, errors: errors.length, log}},
    );
  }
}

/** `mm/memory.c:12:5: error: text [-Wopt]`, as compilers print it. */
export function messageLine({file, line, column, kind, text, option}: CompilerMessage): string {
  const place = file === '' ? '' : [file, line || '', (line && column) || ''].filter((part) => part !== '').join(':');
  return `${place === '' ? '' : `${place}: `}${kind}: ${text}${option === undefined ? '' : ` [${option}]`}`;
}

/** The compilers' messages; where they said nothing, make's own last words. */
export function failureMessages({messages: all, stopped}: BuildLog): readonly CompilerMessage[] {
  const messages = all.map(({object: _, ...message}) => message);
  if (stopped === undefined || messages.some(({kind}) => kind === 'error')) return messages;
  return [...messages, {kind: 'error', file: '', line: 0, column: 0, text: stopped}];
}
