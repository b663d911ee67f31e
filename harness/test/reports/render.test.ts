// SPDX-License-Identifier: MIT
import t from 'tap';
import {FORMATS, insideRun, linksFrom, unfit, urlOf} from '../../../reports/format.js';
import {RENDER} from '../../../reports/render.js';
import type {Results} from '../../verdict/results.js';
import {syntheticResults} from '../fakes/synthetic-results.js';
import {exampleResults} from './fixture.js';

/** A run that won nothing: the series did not apply. */
const EMPTY: Results = {...exampleResults(), comparisons: [], builds: [], guests: [], profiles: [], findings: []};
const RUNS: readonly [string, Results][] = [
  ['good', syntheticResults({verdict: 'good', subtests: 20})],
  ['bad', syntheticResults({verdict: 'bad', subtests: 20})],
  ['inconclusive', syntheticResults({verdict: 'inconclusive', subtests: 20})],
  ['single', syntheticResults({verdict: 'bad', subtests: 20, single: true})],
  ['empty', EMPTY],
];

t.test('every format tells every kind of run, twice the same', (t) => {
  for (const format of FORMATS) {
    for (const [name, results] of RUNS) {
      if (unfit(format, results) !== undefined) continue;
      const text = RENDER[format.name](results, {links: linksFrom(format)});
      t.ok(text.endsWith('\n') && text.length > 2, `${format.name}: ${name}`);
      t.equal(RENDER[format.name](results, {links: linksFrom(format)}), text);
    }
  }
  t.end();
});

t.test('what answers a series is not made without one', (t) => {
  const single = syntheticResults({verdict: 'good', subtests: 20, single: true});
  t.same(
    FORMATS.filter((format) => unfit(format, single) !== undefined).map(({name}) => name),
    ['b4', 'patchwork', 'mail'],
  );
  t.end();
});

t.test('no two formats share a file, and each finds its way back to the run', (t) => {
  t.equal(new Set(FORMATS.map(({file}) => file)).size, FORMATS.length);
  for (const format of FORMATS)
    t.equal(new URL(`${linksFrom(format)}x`, `file:///run/${format.file}`).pathname, '/run/x');
  t.end();
});

t.test('addresses of files of the run', (t) => {
  t.equal(insideRun('attempts/a b/#1?.log'), 'attempts/a%20b/%231%3F.log');
  for (const path of ['', '/etc/passwd', '../x', 'a/../../x', 'a//b', './x']) t.equal(insideRun(path), undefined, path);
  t.equal(urlOf('a b.log', {links: '', url: 'https://ci/r'}), 'https://ci/r/a%20b.log');
  t.equal(urlOf('a.log', {links: ''}), undefined);
  t.end();
});
