// SPDX-License-Identifier: MIT
import type {ComponentChildren, VNode} from 'preact';
import {insideRun} from '../format.js';
import {CHANGE, type Tone} from './words.js';

/** A word on a ground of its tone. */
export function Badge({tone, sign, children}: {tone: Tone; sign?: string; children: ComponentChildren}): VNode {
  return (
    <span class={`badge ${tone}`}>
      {sign === undefined || sign === '' ? null : <span aria-hidden="true">{sign} </span>}
      {children}
    </span>
  );
}

export function ChangeBadge({change, tone}: {change: keyof typeof CHANGE; tone: Tone}): VNode {
  const {sign, word} = CHANGE[change];
  return (
    <Badge tone={tone} sign={sign}>
      {word}
    </Badge>
  );
}

/** A file of the run; plain text when its path leads elsewhere. */
export function FileLink({path, links, children}: {path: string; links: string; children?: ComponentChildren}): VNode {
  const inside = insideRun(path);
  if (inside === undefined) return <code>{path}</code>;
  return <a href={`${links}${links === '' ? './' : ''}${inside}`}>{children ?? path}</a>;
}

/** A command to paste; the script of the page adds a button that copies it. */
export function Command({text}: {text: string}): VNode {
  return (
    <div class="command">
      <code>{text}</code>
    </div>
  );
}

/** A table that may be wider than the screen scrolls by itself, with the keyboard too. */
export function Wide({label, children}: {label: string; children: ComponentChildren}): VNode {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable with the keyboard
    <section class="wide" aria-label={label} tabIndex={0}>
      {children}
    </section>
  );
}

/** Characters that a page may still hold of one kind of text. */
export interface Budget {
  left: number;
}

/** @returns whether the text fits; then it is taken off */
export function spend(budget: Budget, text: string): boolean {
  const fits = text.length <= budget.left;
  if (fits) budget.left -= text.length;
  return fits;
}

/** Where a text is from: a file, and its lines when it is a part of it. */
export function Excerpted({
  path,
  links,
  lines,
}: {
  path: string;
  links: string;
  lines?: readonly [number, number];
}): VNode {
  return (
    <p class="from">
      <FileLink path={path} links={links} />
      {lines === undefined ? null : ` lines ${lines[0]} to ${lines[1]}`}
    </p>
  );
}

/** What a test or a kernel printed. A line that says that something is wrong stands out. */
const LOUD = /^[\s#]*not ok\b|\b(?:BUG|WARNING|Oops|panic|KASAN|KCSAN|UBSAN)\b|Call [Tt]race|Bail out!/;

export function Output({text}: {text: string}): VNode {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable with the keyboard
    <pre tabIndex={0}>
      {text.split('\n').map((line, index) => (
        <>
          {index === 0 ? '' : '\n'}
          {LOUD.test(line) ? <mark>{line}</mark> : line}
        </>
      ))}
    </pre>
  );
}
