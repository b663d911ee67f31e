// SPDX-License-Identifier: MIT
import t from 'tap';
import {Parser} from 'tap-parser';
import {renderTap} from '../../../reports/tap.js';
import {exampleResults, POISONS, poisoned} from './fixture.js';

interface Read {
  ok: boolean;
  count: number;
  names: string[];
  failures: string[];
  strange: string[];
}

/** As tap's own parser reads it, with the names of subtests in front of their points. */
function read(text: string): Read {
  const names: string[] = [];
  const failures: string[] = [];
  const strange: string[] = [];
  const listen = (parser: Parser, above: string): void => {
    parser.on('assert', (point) => {
      names.push(above + point.name);
      if (!point.ok && !point.todo) failures.push(above + point.name);
    });
    parser.on('child', (child: Parser) => listen(child, `${child.name} > `));
    parser.on('extra', (line: string) => strange.push(line));
  };
  const parser = new Parser({strict: true});
  listen(parser, '');
  parser.end(text);
  return {ok: parser.ok, count: parser.count, names, failures, strange};
}

t.test("tap's own parser reads it back", async (t) => {
  const results = exampleResults();
  const seen = read(renderTap(results));
  t.same(seen.strange, [], 'no line that is not TAP');
  t.same(seen.failures, [
    'verdict: bad',
    'x86_64 clear_refs > t/wp',
    'x86_64 clear_refs > t/#hash \\ slash',
    'x86_64 clear_refs',
  ]);
  t.equal(seen.count, 5, 'the verdict, a new warning and three groups');
  for (const {test} of results.comparisons)
    t.ok(
      seen.names.some((name) => name.endsWith(`> ${test}`)),
      test,
    );
});

t.test('a good run is ok as a whole, though a test fails on both sides', async (t) => {
  const results = exampleResults();
  const comparisons = results.comparisons.filter(({change}) => change !== 'regressed');
  t.ok(comparisons.some(({change}) => change === 'still-failing'));
  t.ok(read(renderTap({...results, verdict: 'good', comparisons, findings: []})).ok);
});

t.test('what a guest printed forges nothing', async (t) => {
  const {count, failures, names} = read(renderTap(exampleResults()));
  for (const text of POISONS) {
    const seen = read(renderTap(poisoned(text)));
    const label = JSON.stringify(text).slice(0, 40);
    t.same([seen.count, seen.failures.length, seen.names.length], [count, failures.length, names.length], label);
    t.same(seen.strange, [], `${label}: no line that is not TAP`);
  }
});

t.test('nothing to compare is still a document', async (t) => {
  const empty = {...exampleResults(), comparisons: [], findings: []};
  t.same(read(renderTap(empty)).names, ['verdict: bad']);
});

t.test('a profile that is unsupported here is a skip with its reason, never a failure', async (t) => {
  const results = exampleResults();
  const title = 'arm64-mte: unsupported here: self-check `mte` failed: each granule of a page has a tag of its own';
  const text = renderTap({
    ...results,
    findings: [{severity: 'warning', kind: 'unsupported', title, reproduce: 'kverdict run'}],
  });
  t.match(text, /^ok 2 - unsupported: arm64-mte: .* # SKIP arm64-mte: unsupported here: self-check `mte` failed/m);
  t.ok(read(text).names.includes(`unsupported: ${title}`));
});
