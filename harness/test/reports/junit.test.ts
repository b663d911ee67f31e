// SPDX-License-Identifier: MIT
import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import t from 'tap';
import {renderJunit} from '../../../reports/junit.js';
import {noEvents} from '../../lib/events.js';
import {createExec} from '../../lib/exec.js';
import {resolvePaths} from '../../lib/paths.js';
import {exampleResults, POISONS, poisoned} from './fixture.js';

const schema = join(resolvePaths().project, 'harness/test/fixtures/reports/junit-10.xsd');
const folder = mkdtempSync(join(tmpdir(), 'junit-'));
t.teardown(() => rmSync(folder, {recursive: true}));

const exec = createExec(noEvents, new AbortController().signal);

/** What xmllint has against the file; empty: nothing. */
async function complaints(xml: string): Promise<string> {
  const file = join(folder, 'junit.xml');
  writeFileSync(file, xml);
  const {exitCode, stderr} = await exec.run('xmllint', ['--noout', '--nonet', '--schema', schema, file]);
  return exitCode === 0 ? '' : stderr || `exit ${exitCode}`;
}

t.test('legal for Jenkins, whatever bytes the guest printed', async (t) => {
  t.equal(await complaints(renderJunit(exampleResults())), '', 'an ordinary run');
  for (const text of POISONS)
    t.equal(await complaints(renderJunit(poisoned(text))), '', JSON.stringify(text).slice(0, 40));
  t.equal(
    await complaints(renderJunit({...exampleResults(), comparisons: [], findings: [], series: null, base: null})),
    '',
    'an empty run',
  );
});

t.test('the schema that this trusts refuses what Jenkins refuses', async (t) => {
  const xml = renderJunit(exampleResults());
  t.match(await complaints(xml.replace('<testcase ', '<testcase file="a.c" ')), /'file' is not allowed/);
  t.match(await complaints(xml.replace('<testsuites ', '<testsuites skipped="1" ')), /'skipped' is not allowed/);
  t.match(await complaints(xml.replace(/time="[\d.]+"/, 'time="-1e5"')), /pattern/);
});

/** The element of a test case, as written. */
function caseOf(xml: string, name: string): string {
  const found = new RegExp(`<testcase [^>]*name="${name}"(?:/>|>.*?</testcase>)`, 's').exec(xml);
  return found?.[0] ?? `no test case ${name}`;
}

t.test('what a CI server shows', async (t) => {
  const xml = renderJunit(exampleResults());
  t.match(caseOf(xml, 'verdict'), /<failure type="bad" message="x86_64 clear_refs:t\/wp: regressed/);
  t.match(
    xml,
    /<testsuite name="kverdict.clear_refs@x86_64" tests="5" failures="2" errors="0" skipped="2" time="8.000"/,
  );
  const wp = caseOf(xml, 't/wp');
  t.match(wp, /^<testcase classname="kverdict.clear_refs@x86_64"/);
  t.match(wp, /<failure type="regressed" message="regressed: base: 4 passed, patched: 4\/4 failed: wp fail">/);
  t.match(wp, />regressed: base.*\np=0\.029\nlog: attempts\/1\/log/, 'the words again, for readers of the text');
  t.match(caseOf(xml, 't/hugetlb'), /<skipped type="unchanged" message="skipped on both sides: hugetlb skip">/);
  t.match(caseOf(xml, 't/old'), /<skipped type="still-failing"/, 'a failure that base has as well is not red');
  t.match(caseOf(xml, 't/soft_dirty'), /\/>$/, 'a pass says nothing');
  t.match(xml, /<testsuites name="kverdict" tests="9" failures="3" errors="0"/);
  const names = [...xml.matchAll(/<testcase ([^>]*?)\/?>/g)].map(([, attributes]) => attributes);
  t.equal(new Set(names).size, names.length, 'GitLab drops the second of two equal names');
});

t.test('the flavour for CI adds what others use, and nothing else', async (t) => {
  const xml = renderJunit(exampleResults(), {links: '../'});
  t.match(xml, /<testcase [^>]*name="new-warning 1: [^>]* file="fs\/proc\/task_mmu\.c" line="7">/);
  t.match(caseOf(xml, 't/wp'), '<system-out>[[ATTACHMENT|../attempts/1/log]]</system-out>');
  t.match(xml, /<testsuites [^>]*skipped="5" timestamp="2026-11-21T15:00:00">/);
  const strict = (text: string): string =>
    text.replace(/ skipped="\d+" timestamp="[^"]*">/, '>').replaceAll(/ file="[^"]*" line="\d+"/g, '');
  for (const text of ['x', ...POISONS]) {
    const label = JSON.stringify(text).slice(0, 40);
    t.equal(await complaints(strict(renderJunit(poisoned(text), {links: '../'}))), '', label);
  }
});
