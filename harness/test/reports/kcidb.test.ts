// SPDX-License-Identifier: MIT
import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import {Ajv} from 'ajv';
import t from 'tap';
import {renderKcidb} from '../../../reports/kcidb.js';
import {resolvePaths} from '../../lib/paths.js';
import {syntheticResults} from '../fakes/synthetic-results.js';
import {matchExactly} from '../match-exactly.js';
import {exampleResults, POISONS, poisoned} from './fixture.js';

const schema = JSON.parse(
  readFileSync(join(resolvePaths().project, 'harness/test/fixtures/reports/kcidb-v5.3.json'), 'utf8'),
);
const ajv = new Ajv({allErrors: true});
ajv.addFormat('uri', (text: string) => URL.canParse(text));
ajv.addFormat('date-time', (text: string) => /^\d{4}-\d\d-\d\dT[\d:.]+(Z|[+-]\d\d:\d\d)$/.test(text));
ajv.addFormat('email', /^[^\s@<>]+@[^\s@<>]+$/);
const isValid = ajv.compile(schema);

const complaints = (text: string): string => (isValid(JSON.parse(text)) ? '' : ajv.errorsText(isValid.errors));
const url = 'https://ci.example.org/r/1';

interface Document {
  checkouts: {id: string; patchset_hash: string; message_id?: string}[];
  builds: {id: string; checkout_id: string; log_url?: string}[];
  tests: {id: string; build_id: string; path: string; status: string; misc: {side: string}}[];
  issues: {id: string}[];
  incidents: {id: string; issue_id: string; test_id?: string; build_id?: string}[];
}

const read = (text: string): Document => JSON.parse(text) as Document;

t.test('legal for the schema, whatever bytes the guest printed', (t) => {
  t.equal(complaints(renderKcidb(exampleResults(), {links: '', url})), '', 'an ordinary run');
  for (const verdict of ['good', 'bad', 'inconclusive'] as const) {
    const results = syntheticResults({verdict, subtests: 200});
    t.equal(complaints(renderKcidb(results, {links: ''})), '', verdict);
  }
  const single = syntheticResults({verdict: 'bad', subtests: 20, single: true});
  t.equal(complaints(renderKcidb(single, {links: ''})), '', 'without a series');
  for (const text of POISONS) {
    t.equal(complaints(renderKcidb(poisoned(text), {links: '', url})), '', JSON.stringify(text).slice(0, 40));
  }
  t.end();
});

t.test('a commit of a history is a checkout of its own, without patches', (t) => {
  const {series, ...rest} = exampleResults();
  if (series === null) throw new Error('it has a series');
  const {patchsetHash: _, messageId: __, ...plain} = series;
  const commit = 'c'.repeat(40);
  const text = renderKcidb({...rest, series: {...plain, history: {commit, name: 'v6.13', commits: 3}}}, {links: ''});
  t.equal(complaints(text), '');
  const patched = read(text).checkouts.at(-1);
  t.match(patched, {git_commit_hash: commit, git_commit_name: 'v6.13', patchset_hash: ''});
  t.end();
});

t.test('the schema that this trusts refuses what KCIDB refuses', (t) => {
  const good = renderKcidb(exampleResults(), {links: ''});
  t.match(complaints(good.replace('"clear_refs.t.wp"', '"clear_refs/t.wp"')), /must match pattern/);
  t.match(complaints(good.replace('"origin": "kverdict"', '"origin": "Kverdict"')), /must match pattern/);
  t.match(complaints(good.replace('"status": "FAIL"', '"status": "BAD"')), /must be equal to one of/);
  t.match(complaints(good.replace('"valid": true', '"valid": null')), /must be boolean/);
  t.match(complaints(good.replace('"minor": 3', '"minor": 4')), /must be <= 3/);
  t.end();
});

t.test('base and patched are told apart, and everything hangs together', (t) => {
  const {checkouts, builds, tests, issues, incidents} = read(renderKcidb(exampleResults(), {links: '', url}));
  const ids = (list: readonly {id: string}[]): string[] => list.map(({id}) => id);
  for (const list of [checkouts, builds, tests, issues, incidents]) {
    t.equal(new Set(ids(list)).size, list.length, 'an id names one object');
  }
  t.match(checkouts, [{patchset_hash: ''}, {patchset_hash: /^(ab)+$/, message_id: /@example/}]);
  for (const {checkout_id} of builds) t.ok(ids(checkouts).includes(checkout_id));
  for (const {build_id} of tests) t.ok(ids(builds).includes(build_id));
  const wp = tests.filter(({path}) => path === 'clear_refs.t.wp');
  t.match(wp, [
    {status: 'PASS', misc: {side: 'base'}},
    {status: 'FAIL', misc: {side: 'patched'}},
  ]);
  t.match(
    tests.filter(({path}) => path === 'clear_refs.t.hugetlb').map(({status}) => status),
    ['SKIP', 'SKIP'],
  );
  t.ok(
    tests.some(({path}) => path === 'clear_refs.t._hash_slash'),
    'the letters that a path may have',
  );
  t.equal(issues.length, 2, 'what got worse');
  for (const {issue_id, test_id = ''} of incidents) {
    t.ok(ids(issues).includes(issue_id));
    t.ok(ids(tests).includes(test_id));
  }
  t.equal(builds[0]?.log_url, `${url}/builds/x86_64-base.log`);
  t.end();
});

t.test('the same fault has the same id in a later run, its incident has not', (t) => {
  const first = read(renderKcidb(exampleResults(), {links: ''}));
  const later = read(renderKcidb({...exampleResults(), started: '2026-11-22T15:00:00.000Z'}, {links: ''}));
  t.same(later.issues, first.issues);
  t.notSame(later.incidents[0]?.id, first.incidents[0]?.id);
  t.notSame(later.tests[0]?.id, first.tests[0]?.id);
  t.end();
});

t.test('a series that does not apply is an invalid checkout with nothing below it', (t) => {
  const finding = {severity: 'bad', kind: 'series-conflict', title: 'does not apply', reproduce: 'x'} as const;
  const results = {...exampleResults(), findings: [finding], comparisons: [], builds: []};
  const text = renderKcidb(results, {links: ''});
  t.equal(complaints(text), '');
  matchExactly(t, read(text), {
    checkouts: [{valid: true}, {valid: false, log_excerpt: /does not apply/}],
    tests: [],
    incidents: [],
  });
  t.end();
});
