// SPDX-License-Identifier: MIT
/** A short run with fixed seeds; `npm run fuzz` is the long one. */
import t from 'tap';
import {checkOne, checkTold, fuzz} from './check.js';
import {carriers, type Document, isGreen, read} from './document.js';
import {badReport, badTouch} from './properties.js';
import {loadSeeds} from './seeds.js';

// A few seconds of CPU; tap's own 30 s are too little beside builds.
t.setTimeout(240_000);

t.test('what was found once holds', async (t) => {
  for (const {document, touch, told, why} of loadSeeds()) {
    if (told !== undefined) t.doesNotThrow(() => checkTold(told), `${why}: ${JSON.stringify(told.document.text)}`);
    t.doesNotThrow(() => checkOne(document, touch), `${why}: ${JSON.stringify(document.text).slice(0, 200)}`);
  }
});

t.test('4000 mutated inputs', async (t) => {
  for (let seed = 1; seed <= 4; seed++) t.same(fuzz(seed, 1000), undefined, `seed ${seed}`);
});

t.test('the check itself can fail', async (t) => {
  const document: Document = {reader: 'ktap', exit: {code: 0}, text: '1..2\nok 1 a\nnot ok 2 b\n'};
  const report = read(document);
  t.notOk(isGreen(report));
  t.same([...carriers(report)], [3]);
  const touch = {at: 2, how: 'remove', with: 0} as const;
  const blind = {...report, results: report.results.map((result) => ({...result, lines: []}))};
  t.equal(badTouch({...document, text: 'ok - a\nok - a\nnot ok - b'}, report, touch), undefined);
  t.match(badTouch({...document, text: 'ok - a\nok - a\nnot ok - b'}, blind, touch), /green after line 3/);
  t.match(
    badReport(
      {...document, exit: {code: 1}},
      {results: [{path: ['a'], status: 'pass', diagnostics: []}], problems: []},
    ),
    /green, though/,
  );
});
