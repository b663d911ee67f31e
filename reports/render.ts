// SPDX-License-Identifier: MIT
import type {Results} from '../harness/verdict/results.js';
import {renderB4} from './b4.js';
import type {FormatName, RenderOptions} from './format.js';
import {renderGithubSummary} from './github.js';
import {renderGithubAnnotations} from './github-annotations.js';
import {renderJson} from './json.js';
import {renderJunit} from './junit.js';
import {renderKcidb} from './kcidb.js';
import {renderMail} from './mail.js';
import {renderPage} from './page/render.js';
import {renderPatchwork} from './patchwork.js';
import {renderTap} from './tap.js';
import {renderTerminal} from './terminal.js';

/** Columns of the terminal's screen when it goes to a file. */
const WIDTH = 100;

/** Results in one of the formats, as text. */
export const RENDER: Readonly<Record<FormatName, (results: Results, options: RenderOptions) => string>> = {
  json: renderJson,
  html: renderPage,
  tap: renderTap,
  junit: (results) => renderJunit(results),
  'junit-ci': (results, {links}) => renderJunit(results, {links}),
  terminal: (results, {links}) =>
    renderTerminal(results, {width: WIDTH, colour: false, out: links.replace(/\/$/, '') || '.'}),
  kcidb: renderKcidb,
  github: renderGithubSummary,
  'github-annotations': renderGithubAnnotations,
  b4: renderB4,
  patchwork: renderPatchwork,
  mail: renderMail,
};
