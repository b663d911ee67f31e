// SPDX-License-Identifier: MIT
import type {VNode} from 'preact';
import type {Results} from '../../harness/verdict/results.js';
import {Details} from './details.js';
import {Findings} from './findings.js';
import {Matrix} from './matrix.js';
import {isRacy, Races} from './races.js';
import {Splats} from './splats.js';
import {Timing} from './timing.js';
import {Toolbar} from './toolbar.js';
import {Verdict} from './verdict.js';
import {VERDICT} from './words.js';

export interface PageProps {
  /** Cleaned. */
  results: Results;
  links: string;
  style: string;
  script: string;
  /** Content-Security-Policy. */
  policy: string;
}

/**
 * The whole page, in the order in which it is read: verdict, findings, results, races, splats, times, the rest. Style and
 * script are our own files, put in as they are; the policy holds their hashes.
 */
export function Page({results, links, style, script, policy}: PageProps): VNode {
  const {splats = []} = results;
  const racy = results.comparisons.filter(isRacy);
  const sections = [
    {id: 'findings', name: 'Findings', count: results.findings.length},
    {id: 'results', name: 'Results', count: results.comparisons.length},
    {id: 'races', name: 'Races', count: racy.length},
    ...(splats.length === 0 ? [] : [{id: 'splats', name: 'Splats', count: splats.length}]),
    {id: 'times', name: 'Times'},
    {id: 'details', name: 'Details'},
  ];
  return (
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content={policy} />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="referrer" content="no-referrer" />
        <title>{`${VERDICT[results.verdict].word}: ${results.series?.title ?? results.base?.name ?? 'kverdict'}`}</title>
        <style dangerouslySetInnerHTML={{__html: style}} />
      </head>
      <body>
        <a class="jump" href="#findings">
          To the findings
        </a>
        <Verdict results={results} />
        <nav aria-label="Sections">
          {sections.map(({id, name, count}) => (
            <a key={id} href={`#${id}`}>
              {name}
              {count === undefined ? '' : <b>{count}</b>}
            </a>
          ))}
        </nav>
        <Toolbar results={results} />
        <main>
          <Findings results={results} links={links} />
          <Matrix results={results} links={links} />
          <Races
            rows={racy}
            all={results.comparisons}
            attempts={results.attempts ?? []}
            single={results.series === null}
          />
          {splats.length === 0 ? null : <Splats splats={splats} links={links} />}
          <Timing results={results} />
          <Details results={results} links={links} />
        </main>
        <footer>
          <p>
            kverdict {results.kverdict}. Everything here is in <a href={`${links}results.json`}>results.json</a>, the
            logs are beside it.
          </p>
        </footer>
        <script dangerouslySetInnerHTML={{__html: script}} />
      </body>
    </html>
  );
}
