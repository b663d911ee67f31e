// SPDX-License-Identifier: MIT
import {cleanLine, clip} from '../harness/lib/text.js';
import type {Results} from '../harness/verdict/results.js';
import {cleanResults} from './clean-results.js';
import {type RenderOptions, urlOf} from './format.js';
import {checksOf, type State} from './summary.js';

const STATE: Readonly<Record<State, string>> = {pass: 'success', warn: 'warning', fail: 'fail'};
const MAX_CONTEXT = 255;

/**
 * A list of bodies for `POST /api/patches/ID/checks/`, one a context; the newest of a context is what counts there.
 * Nothing is posted.
 */
export function renderPatchwork(raw: Results, options: RenderOptions): string {
  const url = urlOf('report.html', options);
  const checks = checksOf(cleanResults(raw)).map(({name, state, summary}) => ({
    state: STATE[state],
    context: slug(name === 'verdict' ? 'kverdict' : `kverdict-${name}`),
    description: clip(cleanLine(summary), 255),
    ...(url === undefined ? {} : {target_url: url}),
  }));
  return `${JSON.stringify(checks, null, 2)}\n`;
}

/** Django's slug: letters, digits, `_` and `-`. */
function slug(text: string): string {
  return text.replaceAll(/[^A-Za-z0-9_-]+/g, '-').slice(0, MAX_CONTEXT);
}
