// SPDX-License-Identifier: MIT
import {isDeepStrictEqual} from 'node:util';
import t from 'tap';
import {renderJson} from '../../../reports/json.js';
import {renderTerminal} from '../../../reports/terminal.js';
import {controlsIn, exampleResults, POISONS, poisoned} from './fixture.js';
import {repairing} from './repairs.js';

const plain = {width: 100, colour: false, out: 'runs/7'};

t.test('the last screen', async (t) => {
  const results = exampleResults();
  const findings = results.findings.filter(({kind}) => kind !== 'new-warning');
  const text = renderTerminal({...results, findings, changes: []}, plain);
  const lines = text.trimEnd().split('\n');
  t.match(lines[0], /^verdict: BAD: x86_64 clear_refs:t\/wp: regressed/, 'the verdict, and why, first');
  t.ok(lines.length <= 24, `${lines.length} lines fit a screen`);
  t.match(text, /^bad {5}x86_64 clear_refs:t\/wp: regressed .*p=0.029\)\n {8}wp fail$/m);
  t.match(text, /pass\/fail\/skip +x86_64 +arm64/);
  t.match(text, /clear_refs +3\/1\/1 -> 1\/3\/1 +0\/0\/1 -> 0\/0\/1/);
  t.match(text, /uffd_wp_race:t\/race: failed 1 of 4 on base, 0 of 4 patched, p=1: flaky/);
  t.match(text, /^skipped 1: clear_refs on arm64: .*soft-dirty/m, 'what did not run, and why');
  t.match(text, /files: runs\/7\/\{report.html,results.json,results.tap,junit.xml\}/);
  t.match(text, /reproduce: kverdict verify series.mbox --profiles x86_64 -t clear_refs:t\/wp/);
  t.match(text, /^1 oddity in the tests' output: see report\.html#problems$/m);
  t.same(controlsIn(text), [], 'no colour unless asked');
});

t.test('the first screen tells what was repaired, and what no failure excludes', async (t) => {
  const text = renderTerminal(repairing(), {...plain, width: 400});
  t.match(
    text,
    /^verdict: INCONCLUSIVE: 1 fixed, 1 fails less often, none worse; nothing passed in x86_64 uffd_wp_race/,
  );
  t.match(
    text,
    /^info {4}x86_64 clear_refs:race\/no write is lost: fixed \(.*\); 0 of 9 failed with the series: a rate above 28 % is excluded$/m,
  );
  t.match(
    text,
    /^info {4}x86_64 clear_refs:mlock\/no write is lost: fails less often \(12\/20, then 3\/20; still up to 34 %; p=0\.0079\)$/m,
  );
  t.match(text, /: failed 12 of 20 on base, 3 of 20 patched, p=0\.0079: fails less often$/m);
  t.match(text, /^never failed, 0 of 5 and 0 of 5: a rate above 45 % is excluded: x86_64 gup_cow:vmsplice$/m);
});

t.test('a suite that tested nothing comes first, once for all its profiles', async (t) => {
  const results = exampleResults();
  const [one] = results.comparisons;
  if (one === undefined) throw new Error('the example has no results');
  const none = {pass: 0, fail: 0, skip: 0, timeout: 0, crash: 0, missing: 0};
  const skipped = (profile: string, suite: string, reason: string) => ({
    ...one,
    ...{profile, suite, reason, change: 'new' as const, base: none, patched: {...none, skip: 1}},
  });
  const comparisons = [
    ...['a', 'b', 'c'].map((test) => ({...skipped('x86_64', 'half', 'huge pages'), test})),
    {...one, suite: 'half', profile: 'x86_64', change: 'new' as const},
    ...['x86_64', 'arm64'].map((profile) => skipped(profile, 'uffd', 'no such program')),
  ];
  const text = renderTerminal({...results, comparisons}, plain);
  t.match(text, /^skipped 2: uffd on x86_64, arm64: no such program\nskipped 3: half on x86_64: huge pages$/m);
});

t.test('colour, and narrow terminals', async (t) => {
  t.ok(renderTerminal(exampleResults(), {...plain, colour: true}).startsWith('\u001b[1m\u001b[31mverdict: BAD'));
  for (const width of [40, 60, 80]) {
    const long = renderTerminal(exampleResults(), {...plain, width})
      .split('\n')
      .filter((line) => line.length > width);
    t.same(
      long.filter((line) => !/^(files|reproduce): /.test(line)),
      [],
      `${width} columns`,
    );
  }
});

t.test('a run without a series has one side, and its skips are folded', async (t) => {
  const results = exampleResults();
  const none = {pass: 0, fail: 0, skip: 0, timeout: 0, crash: 0, missing: 0};
  const skip = {...none, skip: 2};
  const [some] = results.comparisons;
  if (some === undefined) throw new Error('the example has comparisons');
  const one = {...some, change: 'new' as const, base: none, patched: skip};
  const comparisons = ['a', 'b', 'c', 'c', 'd', 'e', 'f'].map((reason, i) => ({...one, test: `t/${i}`, reason}));
  const text = renderTerminal({...results, comparisons, findings: []}, plain);
  t.match(text, /^clear_refs +0\/0\/7$/m);
  t.match(text, /^skipped 2: clear_refs on x86_64: c$/m, 'the largest first');
  t.match(text, /^skipped 1 more: see report\.html#results$/m);
  t.notMatch(text, /->/);
});

t.test('more findings than fit', async (t) => {
  const results = exampleResults();
  const [finding] = results.findings;
  const many = {...results, findings: Array.from({length: 30}, () => finding).filter((one) => one !== undefined)};
  t.match(renderTerminal(many, plain), /… and 22 more: see report\.html#findings$/m);
});

t.test('what a guest printed cannot act on the terminal', async (t) => {
  for (const text of POISONS) {
    t.same(controlsIn(renderTerminal(poisoned(text), plain)), [], JSON.stringify(text).slice(0, 40));
  }
  t.equal(
    renderTerminal(poisoned('\nverdict: GOOD'), plain)
      .split('\n')
      .filter((line) => line.startsWith('verdict: ')).length,
    1,
  );
});

t.test('results.json is read back as it was, whatever the bytes', async (t) => {
  for (const text of POISONS) {
    const results = poisoned(text);
    const written = renderJson(results);
    t.ok(isDeepStrictEqual(JSON.parse(written), results), JSON.stringify(text).slice(0, 40));
    t.same(
      controlsIn(written).filter((code) => Number.parseInt(code, 16) < 0x20),
      [],
    );
  }
});
