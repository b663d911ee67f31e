// SPDX-License-Identifier: MIT
/** The one file that imports preact-render-to-string. */
import {createHash} from 'node:crypto';
import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import {h, type VNode} from 'preact';
import {renderToString} from 'preact-render-to-string';
import {projectRoot} from '../../harness/lib/paths.js';
import {markup} from '../../harness/lib/writer.js';
import type {Results} from '../../harness/verdict/results.js';
import {cleanResults} from '../clean-results.js';
import type {RenderOptions} from '../format.js';
import {Page} from './page.js';

/**
 * One HTML file that needs no network, no other file and no script to be read. A policy in it lets the browser run and
 * apply what is ours and nothing else, so that what a guest printed stays text even if it got past the escaping.
 */
export function renderPage(results: Results, {links}: RenderOptions): string {
  const style = asset('page/page.css');
  const script = asset('page/page.js');
  const policy = [
    "default-src 'none'",
    `style-src '${hashOf(style)}'`,
    `script-src '${hashOf(script)}'`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  return renderDocument(h(Page, {results: cleanResults(results), links, style, script, policy}));
}

export function renderDocument<P>(page: VNode<P>): string {
  return markup(`<!DOCTYPE html>\n${renderToString(page)}\n`);
}

/** A source file of `reports/`, not a built one: it is read as it is. */
export function asset(name: string): string {
  return readFileSync(join(projectRoot(), 'reports', name), 'utf8');
}

/** As a Content-Security-Policy names a text. */
export const hashOf = (text: string): string => `sha256-${createHash('sha256').update(text).digest('base64')}`;
