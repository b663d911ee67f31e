// SPDX-License-Identifier: MIT
/** What each surface says of a series of which a part is compiled, nothing is, and all is. */
import t from 'tap';
import {FORMATS, type FormatName} from '../../../reports/format.js';
import {RENDER} from '../../../reports/render.js';
import {type Coverage, type CoveredFile, coverageOf} from '../../verdict/coverage.js';
import {coverageLines} from '../../verdict/coverage-words.js';
import type {Results} from '../../verdict/results.js';
import {decideVerdict} from '../../verdict/verdict.js';
import {controlsIn, exampleResults, POISONS} from './fixture.js';

const file = (name: string, ...arches: string[]): CoveredFile => ({file: name, kind: 'source', arches});
const COMPILED = file('mm/memory.c', 'x86_64');
const MISSED = [file('mm/memcontrol.c'), file('mm/memcontrol-v1.c')];

function run(files: CoveredFile[]): Results {
  const example = exampleResults();
  const comparisons = example.comparisons.filter(({change, patched}) => change === 'unchanged' && patched.pass > 0);
  const {changes, profiles} = example;
  const coverage: Coverage = coverageOf(files, {arches: ['x86_64', 'arm64'], comparisons, changes, profiles});
  const builds = example.builds.map((build) => ({...build, newWarnings: []}));
  const decision = decideVerdict({comparisons, findings: [], builds, coverage});
  return {...example, ...decision, comparisons, builds, findings: [], coverage};
}

const render = (name: FormatName, results: Results): string => RENDER[name](results, {links: ''});
const LINE = 'not compiled, in no kernel of this run (x86_64, arm64): mm/memcontrol.c, mm/memcontrol-v1.c';
const SHARE = '1 of 3 touched files';
const BECAUSE = `good as far as compiled: ${SHARE}; 1 result passed, and none got worse; not compiled: mm/memcontrol.c, mm/memcontrol-v1.c`;

/** What stands in each format of a run of which a part was compiled: once, in these very words. */
const SAID: Readonly<Record<FormatName, readonly string[]>> = {
  json: ['"verdict": "good-in-part"', `"because": "${BECAUSE}"`, '"missed": "no-kernel"'],
  html: [
    '<h1><span class="unseen">Verdict: </span>Good in part</h1>',
    `<p class="because">${BECAUSE}</p>`,
    `<dt>Compiled</dt><dd>${SHARE} <small>${LINE}</small></dd>`,
    '<li><code>mm/memory.c</code> <small>compiled for x86_64</small></li>',
    '<li><code>mm/memcontrol.c</code> <small>not compiled</small></li>',
  ],
  tap: [
    `TAP version 14\n1..2\n# ${LINE}\nok 1 - verdict: good-in-part # SKIP a part of the series was not tested\n`,
    `because: "${BECAUSE}"`,
  ],
  junit: [
    `<property name="not compiled" value="${LINE}"/>`,
    `<skipped type="good-in-part" message="${BECAUSE}">`,
    'failures="0" errors="0"',
  ],
  'junit-ci': [`<property name="not compiled" value="${LINE}"/>`, `<skipped type="good-in-part" message="${BECAUSE}">`],
  terminal: ['verdict: GOOD-IN-PART: good as far as compiled: 1 of 3 touched files; 1 result passed', LINE],
  kcidb: [
    `"misc": {
        "touched_files": 3,
        "compiled_files": 1,
        "not_compiled": [
          "${LINE}"
        ]
      }`,
  ],
  github: [
    '## 🟡 kverdict: good-in-part',
    `<code>${LINE.replaceAll(/[():]/g, (sign) => `&#${sign.codePointAt(0)};`)}</code>`,
  ],
  'github-annotations': [`::warning title=not compiled::${LINE}\n::notice title=kverdict::good-in-part: ${BECAUSE}\n`],
  b4: [
    `"status": "warn",
    "summary": "good-in-part: good as far as compiled: 1 of 3 touched files;`,
    `"tool": "kverdict-compiled",
    "status": "warn",
    "summary": "${SHARE} compiled; not compiled: mm/memcontrol.c, mm/memcontrol-v1.c",
    "details": "${LINE}"`,
  ],
  patchwork: [
    `"state": "warning",
    "context": "kverdict",
    "description": "good-in-part: good as far as compiled: 1 of 3 touched files;`,
    `"state": "warning",
    "context": "kverdict-compiled",
    "description": "${SHARE} compiled; not compiled: mm/memcontrol.c, mm/memcontrol-v1.c"`,
  ],
  mail: [
    'kverdict noticed nothing that got worse in the part of this series that it\ncould compile:\n',
    `\n${LINE}\n`,
    '\nNo tag is due: a part of the series was not tested.\n',
  ],
};

/** Text is wrapped at blanks on a terminal. */
const flat = (text: string): string => text.replaceAll(/\s+/g, ' ');

t.test('a part is compiled: every surface says so, and which', (t) => {
  const results = run([COMPILED, ...MISSED]);
  t.same(coverageLines(results.coverage), [LINE]);
  for (const {name} of FORMATS) {
    const text = render(name, results);
    for (const words of SAID[name]) t.ok(flat(text).includes(flat(words)), `${name}: ${words}`);
  }
  t.end();
});

t.test('a bad verdict stays bad, and what was not compiled is told beside it', (t) => {
  const results: Results = {...run([COMPILED, ...MISSED]), verdict: 'bad', because: 'it got worse'};
  for (const {name} of FORMATS) {
    const text = flat(render(name, results));
    if (name === 'json') t.ok(text.includes('"missed": "no-kernel"'));
    else if (name === 'patchwork') t.ok(text.includes('not compiled: mm/memcontrol.c, mm/memcontrol-v1.c'), name);
    else t.ok(flat(text.replaceAll(/&#(\d+);/g, (_, code) => String.fromCodePoint(Number(code)))).includes(LINE), name);
  }
  t.end();
});

t.test('nothing is compiled: no surface is green', (t) => {
  const results = run(MISSED);
  t.equal(results.verdict, 'inconclusive');
  const because = 'nothing that was touched can be judged: not compiled: mm/memcontrol.c, mm/memcontrol-v1.c';
  t.equal(results.because, because);
  t.ok(flat(render('terminal', results)).startsWith(`verdict: INCONCLUSIVE: ${because} `));
  t.ok(render('tap', results).includes(`# ${LINE}\nnot ok 1 - verdict: inconclusive\n`));
  t.ok(render('junit', results).includes(`<error type="inconclusive" message="${because}">`));
  t.ok(
    render('patchwork', results).includes(
      '"description": "0 of 2 touched files compiled; not compiled: mm/memcontrol.c,',
    ),
  );
  t.end();
});

t.test('all is compiled: nothing is said of it but that it was', (t) => {
  const results = run([COMPILED]);
  t.same([results.verdict, results.because], ['good', '1 result passed, and none got worse']);
  for (const {name} of FORMATS) {
    const text = render(name, results);
    t.notOk(text.includes('not compiled'), name);
    t.notOk(/good.in.part/i.test(text), name);
  }
  t.match(render('html', results), /<dt>Compiled<\/dt><dd>1 of 1 touched file\s*<\/dd>/);
  t.ok(
    flat(render('patchwork', results)).includes(
      '{ "state": "success", "context": "kverdict-compiled", "description": "1 of 1 touched file compiled" }',
    ),
  );
  t.end();
});

t.test('a name of a file that a patch made up stays text', (t) => {
  for (const poison of POISONS) {
    const results = run([COMPILED, file(poison), file(`${poison}x`)]);
    for (const {name} of FORMATS) {
      if (name === 'json') continue;
      const text = render(name, results);
      t.same(controlsIn(text), [], name);
      // Prose of a mail is wrapped anywhere.
      if (name !== 'mail') t.notMatch(text, /^(not ok 99|ok 100|::error::forged)/m, name);
      if (name === 'html' || name === 'github') t.notMatch(text, /<script>window|<img/, name);
      if (name === 'mail') t.notMatch(text.split('\n\n', 1)[0], /^Bcc:/m, name);
    }
  }
  t.end();
});
