// SPDX-License-Identifier: MIT
import {redact} from '../harness/lib/secrets.js';
import {cleanText} from '../harness/lib/text.js';
import {markup, plain, safeJson} from '../harness/lib/writer.js';
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

const RENDERERS: Readonly<Record<FormatName, (results: Results, options: RenderOptions) => string>> = {
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

/**
 * What is done with a report as a whole, whoever wrote into it: nothing in a file or on stdout acts on a terminal, or is
 * a command of a CI system. Annotations are such commands, and quote what they hold by GitHub's own rules.
 */
const FINISH: Readonly<Record<FormatName, (text: string) => string>> = {
  ...{json: safeJson, kcidb: safeJson, b4: safeJson, patchwork: safeJson},
  ...{html: markup, junit: markup, 'junit-ci': markup},
  ...{tap: plain, terminal: plain, github: plain, mail: plain},
  'github-annotations': (text) => redact(cleanText(text)),
};

/** Results in one of the formats, as text. */
export const RENDER: typeof RENDERERS = Object.fromEntries(
  Object.entries(RENDERERS).map(([name, render]) => [
    name,
    (...given: Parameters<typeof render>) => FINISH[name as FormatName](render(...given)),
  ]),
) as typeof RENDERERS;
