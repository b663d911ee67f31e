// SPDX-License-Identifier: MIT
import {h, type VNode} from 'preact';
import {VERSION} from '../../harness/lib/version.js';
import {asset, hashOf, renderDocument} from '../page/render.js';
import {cleanViews} from './clean-views.js';
import {type SECTIONS, Shell} from './shell.js';

export interface HistoryPage {
  html: string;
  /** Content-Security-Policy, as a header. */
  policy: string;
}

/**
 * One page of the history. It holds no script at all; its one style is let in by its hash, and its forms lead to where it
 * came from.
 *
 * @param view is cleaned before `page` gets it
 */
export function renderHistory<T extends object>(
  {title, section}: {title: string; section?: (typeof SECTIONS)[number]['id']},
  page: (view: T) => VNode,
  view: T,
): HistoryPage {
  const style = `${asset('page/page.css')}${asset('history/history.css')}`;
  const heading = cleanViews({title});
  const around = {...heading, ...(section === undefined ? {} : {section}), style, kverdict: VERSION};
  return {
    html: renderDocument(h(Shell, {...around, children: page(cleanViews(view))})),
    policy: [
      "default-src 'none'",
      `style-src '${hashOf(style)}'`,
      "base-uri 'none'",
      "form-action 'self'",
      "frame-ancestors 'none'",
    ].join('; '),
  };
}
