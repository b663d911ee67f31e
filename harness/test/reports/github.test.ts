// SPDX-License-Identifier: MIT
import t from 'tap';
import {renderGithubSummary} from '../../../reports/github.js';
import {renderGithubAnnotations} from '../../../reports/github-annotations.js';
import {syntheticResults} from '../fakes/synthetic-results.js';
import {controlsIn, exampleResults, POISONS, poisoned} from './fixture.js';
import {repairing} from './repairs.js';

t.test('the summary: verdict, checks, findings, results', (t) => {
  const text = renderGithubSummary(exampleResults());
  t.match(text, /^## ❌ kverdict: bad\n/);
  t.match(
    text,
    '| <code>x86_64</code> | fail | <code>1 pass, 2 new fail, 1 skip, 1 fails without the series too, 1 flaky</code> |',
  );
  t.match(text, '<details open><summary>❌ regressed: <code>x86_64 clear_refs&#58;t/wp');
  t.match(text, '| <code>t/wp</code> | 4 passed | 4/4 failed | regressed |');
  t.notMatch(text, '<code>t/soft_dirty</code>', 'a pass that stayed one is counted only');
  t.end();
});

t.test('a new warning of the kernel is shown, though the test said ok', (t) => {
  const results = exampleResults();
  const [finding] = results.findings;
  if (finding === undefined) throw new Error('no finding');
  const console = {
    ...{file: 'guests/g1.console.log', line: 7, splat: 'WARNING in do_wp_page'},
    lines: ['WARNING: CPU: 1 PID: 71 at mm/memory.c:3262 do_wp_page', 'Call Trace:'],
  };
  const log = {file: 'attempts/1/log', line: 1, lines: ['ok 1 wp']};
  const shown = {...results, findings: [{...finding, excerpts: {log, console}}]};
  const text = renderGithubSummary(shown);
  t.match(
    text,
    '<code>WARNING in do_wp_page</code>\n\n<pre>WARNING&#58; CPU&#58; 1 PID&#58; 71 at mm/memory.c&#58;3262 do_wp_page\nCall Trace&#58;</pre>',
  );
  t.ok(text.indexOf('Call Trace') < text.indexOf('<pre>ok 1 wp</pre>'), 'before what the test said');
  t.match(
    renderGithubAnnotations(shown),
    /%0AWARNING: CPU: 1 PID: 71 at mm\/memory\.c:3262 do_wp_page%0ACall Trace:%0A/,
  );
  t.end();
});

t.test('repairs, and how sure they are', (t) => {
  const text = renderGithubSummary(repairing()).replaceAll(/&#(\d+);/g, (_, code) =>
    String.fromCodePoint(Number(code)),
  );
  t.match(text, '1 fixed, 1 fails less often, none worse; nothing passed in');
  t.match(text, '; 0 of 9 failed with the series: a rate above 28 % is excluded');
  t.match(text, 'fails less often (12/20, then 3/20; still up to 34 %; p=0.0079)');
  t.match(text, '<code>never failed, 0 of 5 and 0 of 5: a rate above 45 % is excluded: x86_64 gup_cow:vmsplice</code>');
  t.match(text, '| <code>mlock/no write is lost</code> | 12/20 failed | 3/20 failed | fails less often |');
  t.end();
});

t.test('what a guest printed has no meaning to Markdown or HTML', (t) => {
  /** Everything but the text between our own tags, in which no sign may stand that means something. */
  const shape = (text: string): string => text.replaceAll(/<(code|pre)>.*?<\/\1>/gs, '<$1/>');
  const plain = shape(renderGithubSummary(poisoned('x')));
  for (const poison of POISONS) {
    const text = renderGithubSummary(poisoned(poison));
    const label = JSON.stringify(poison).slice(0, 40);
    t.equal(shape(text), plain, label);
    t.same(controlsIn(text.replaceAll('\t', ' ')), [], label);
    for (const [, , inner = ''] of text.matchAll(/<(code|pre)>(.*?)<\/\1>/gs)) {
      if (/[<>*_`@[\]|~]/.test(inner.replaceAll('_', ''))) t.fail(`${label}: ${inner.slice(0, 80)}`);
    }
  }
  t.end();
});

t.test('a summary that GitHub would drop is cut, and says so', (t) => {
  const text = renderGithubSummary(syntheticResults({verdict: 'bad', subtests: 2000}));
  t.ok(Buffer.byteLength(text) < 1024 * 1024);
  const results = syntheticResults({verdict: 'bad', subtests: 60});
  const [row] = results.comparisons.filter(({change}) => change === 'skip-regressed');
  if (row === undefined) throw new Error('nothing regressed');
  const huge = renderGithubSummary({
    ...results,
    comparisons: Array.from({length: 9000}, (_, n) => ({...row, suite: `s${n}`})),
  });
  t.ok(Buffer.byteLength(huge) < 1024 * 1024, `${Buffer.byteLength(huge)} bytes`);
  t.match(huge, 'The rest does not fit here');
  t.match(huge, /^## ❌ kverdict: bad/, 'the verdict is what stays');
  t.end();
});

t.test('annotations: errors for what got worse, with the place where a compiler named one', (t) => {
  const lines = renderGithubAnnotations(exampleResults()).trimEnd().split('\n');
  t.match(
    lines[0],
    /^::error title=regressed%3A clear_refs%3At\/wp::x86_64 clear_refs:t\/wp: regressed .*%0Areproduce: kverdict/,
  );
  t.match(lines[2], /^::warning file=fs\/proc\/task_mmu\.c,line=7,title=new-warning::.*unused: 100%25, yes/);
  t.equal(lines.filter((line) => line.startsWith('::error ')).length, 2);
  const good = {...exampleResults(), verdict: 'good' as const, because: 'all is well', findings: []};
  t.equal(renderGithubAnnotations(good), '::notice title=kverdict::good: all is well\n');
  t.end();
});

t.test('annotations: one command a line, whatever a name holds, and no more than are shown', (t) => {
  const count = renderGithubAnnotations(poisoned('x')).split('\n').length;
  for (const poison of POISONS) {
    const lines = renderGithubAnnotations(poisoned(poison)).trimEnd().split('\n');
    t.equal(lines.length + 1, count, JSON.stringify(poison).slice(0, 40));
    for (const line of lines) t.match(line, /^::(error|warning|notice) (file=[^:,]*,line=\d+,)?title=[^:,]*::/);
  }
  const [finding] = exampleResults().findings;
  if (finding === undefined) throw new Error('no finding');
  const many = renderGithubAnnotations({...exampleResults(), findings: Array.from({length: 30}, () => finding)});
  t.equal(many.trimEnd().split('\n').length, 11);
  t.match(many, '::notice::and 20 more of errors');
  t.end();
});
