// SPDX-License-Identifier: MIT
import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import t from 'tap';
import {renderJson} from '../../../reports/json.js';
import {UserError} from '../../lib/errors.js';
import {readResults} from '../../run/read-results.js';
import {matchExactly} from '../match-exactly.js';
import {exampleResults} from '../reports/fixture.js';

const folder = mkdtempSync(join(tmpdir(), 'results-'));
t.teardown(() => rmSync(folder, {recursive: true}));
const file = join(folder, 'results.json');

t.test('what a run wrote is read as it was, by its folder or its file', (t) => {
  writeFileSync(file, renderJson(exampleResults()));
  t.same(readResults(folder), {results: exampleResults(), file});
  t.same(readResults(file).results, exampleResults());
  t.end();
});

t.test('fields that are not known pass, and those of later releases may be absent', (t) => {
  const {profiles: _, attempts: __, ...old} = exampleResults();
  writeFileSync(file, JSON.stringify({...old, ofTheFuture: {x: [null]}}));
  matchExactly(t, readResults(folder).results, {profiles: [], ofTheFuture: {x: [null]}});
  t.end();
});

t.test('anything else is refused with all that is wrong', (t) => {
  const refused = (text: string, words: RegExp): void => {
    writeFileSync(file, text);
    t.throws(() => readResults(folder), UserError);
    t.throws(() => readResults(folder), {message: words});
  };
  refused('{"schema": ', /holds no results of a run/);
  refused('[]', /is not a kverdict\/results\/1 document/);
  refused(JSON.stringify({...exampleResults(), schema: 'kverdict/results/2'}), /schema: .*kverdict\/results\/1/);
  refused(
    JSON.stringify({...exampleResults(), verdict: 'splendid', comparisons: [{profile: 7}]}),
    /verdict: [\s\S]*comparisons\.0\.profile: /,
  );
  t.throws(() => readResults(join(folder, 'nowhere')), {message: /holds no results/, hint: /--out/});
  t.end();
});
