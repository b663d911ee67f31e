// SPDX-License-Identifier: MIT
import type {ComponentChildren, VNode} from 'preact';

/** Every page that is reached from every other. */
export const SECTIONS = [
  {id: 'branches', name: 'Branches', href: '/'},
  {id: 'runs', name: 'Runs', href: '/runs'},
  {id: 'tests', name: 'Tests', href: '/tests'},
  {id: 'flaky', name: 'Flaky', href: '/flaky'},
  {id: 'changes', name: 'Changes', href: '/changes'},
] as const;

export interface ShellProps {
  title: string;
  /** Of `SECTIONS`: where the page belongs. */
  section?: string;
  style: string;
  kverdict: string;
  children: ComponentChildren;
}

/** What is around every page of the history. */
export function Shell({title, section, style, kverdict, children}: ShellProps): VNode {
  return (
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>{`${title} · kverdict`}</title>
        <style dangerouslySetInnerHTML={{__html: style}} />
      </head>
      <body>
        <a class="jump" href="#main">
          To the page
        </a>
        <nav class="top" aria-label="History">
          <span class="name">kverdict</span>
          {SECTIONS.map(({id, name, href}) => (
            <a key={id} href={href} aria-current={id === section ? 'page' : undefined}>
              {name}
            </a>
          ))}
        </nav>
        <main id="main">{children}</main>
        <footer>
          <p>kverdict {kverdict}, from the history on this computer.</p>
        </footer>
      </body>
    </html>
  );
}
