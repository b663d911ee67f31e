// SPDX-License-Identifier: MIT
import type {VNode} from 'preact';
import {Command} from '../page/parts.js';

export interface MessageProps {
  title: string;
  text: string;
  /** Ready to paste. */
  commands?: readonly string[];
}

/** A page with nothing to show: not found, not understood, no history yet. */
export function Message({title, text, commands = []}: MessageProps): VNode {
  return (
    <>
      <h1>{title}</h1>
      <p class="words">{text}</p>
      {commands.map((command) => (
        <Command key={command} text={command} />
      ))}
    </>
  );
}
