// SPDX-License-Identifier: MIT
import PostalMime from 'postal-mime';
import t from 'tap';
import {renderMail} from '../../../reports/mail.js';
import {syntheticResults} from '../fakes/synthetic-results.js';
import {controlsIn, exampleResults, POISONS, poisoned} from './fixture.js';
import {repairing, repairingNothing} from './repairs.js';

t.test('a reply in the thread of the series, as a mail program reads it', async (t) => {
  const mail = await PostalMime.parse(renderMail(exampleResults()));
  t.match(mail, {
    subject: 'Re: [PATCH v2] x',
    inReplyTo: '<20261120.1-1-ada@example.org>',
    to: [{name: 'Ada Example', address: 'ada@example.org'}],
  });
  t.same(mail.cc ?? [], []);
  const text = mail.text ?? '';
  t.match(text, /^Hi Ada Example,\n\nkverdict noticed the following test regressions:\n/);
  t.match(text, /^base: 0123456789abcdef/m);
  t.match(text, /^patch link: https:\/\/lore\.kernel\.org\/r\/20261120\.1-1-ada%40example\.org$/m);
  t.match(text, /^compiler: gcc 12$/m);
  t.match(text, /^qemu: 10\.0\.2$/m);
  t.match(text, /^>> x86_64 clear_refs:t\/wp: regressed/m);
  t.match(text, /^ {3}failed 0\/4 -> 4\/4, p=0\.029/m);
  t.match(text, /^ {3}reproduce: kverdict verify series\.mbox .*-t clear_refs:t\/wp$/m);
  t.match(text, /^\| Reported-by: YOUR NAME <YOUR ADDRESS>$/m, 'a person signs');
  t.notMatch(text, 'Tested-by');
});

t.test('a tag of praise only for a good verdict, and none where nothing could be told', async (t) => {
  t.notMatch(renderMail(syntheticResults({verdict: 'inconclusive', subtests: 20})), /tag|Tested-by|Reported-by/);
  const good = {...exampleResults(), verdict: 'good' as const, because: 'all passed', findings: []};
  t.match(
    renderMail(good),
    /nothing that got worse with this series:\nall passed\n[\s\S]*\n\| Tested-by: YOUR NAME <YOUR ADDRESS> # x86_64\n/,
    'arm64 skipped all it has',
  );
  t.match(renderMail(good), /^machines: x86_64 \(tcg\), arm64 \(tcg, every result skipped\)$/m);
  t.notMatch(renderMail({...good, comparisons: []}), /Tested-by/, 'nothing that runs changed, and nothing was run');
});

t.test('the subject is of the mail that is answered', async (t) => {
  const {series} = exampleResults();
  if (series === null) throw new Error('the example has a series');
  const [patch] = series.patches;
  if (patch === undefined) throw new Error('the series has a patch');
  const patches = [1, 2].map((number) => ({...patch, number, subject: `patch ${number}`, messageId: `${number}@x`}));
  const subjectOf = async (more: Partial<typeof series>): Promise<(string | undefined)[]> => {
    const mail = await PostalMime.parse(renderMail({...exampleResults(), series: {...series, patches, ...more}}));
    return [mail.subject, mail.inReplyTo, /^patch subject: (.*)$/m.exec(mail.text ?? '')?.[1]];
  };
  t.same(
    await subjectOf({title: 'patch 1', messageId: '1@x', version: 1}),
    ['Re: [PATCH 1/2] patch 1', '<1@x>', '[PATCH 1/2] patch 1'],
    'no cover letter',
  );
  t.same(await subjectOf({title: 'the cover', messageId: '0@x'}), [
    'Re: [PATCH v2 0/2] the cover',
    '<0@x>',
    '[PATCH v2 0/2] the cover',
  ]);
  const {messageId: _, ...unsent} = series;
  const [first, second] = patches.map(({messageId: __, ...one}) => one);
  const mail = await PostalMime.parse(
    renderMail({
      ...exampleResults(),
      series: {...unsent, title: '2 commits of a..b', patches: [first, second].filter((one) => one !== undefined)},
    }),
  );
  t.same([mail.subject, mail.inReplyTo], ['Re: [PATCH v2 1/2] patch 1', undefined], 'of a range');
});

t.test('what a series repairs is told, and what is only rarer is not called fixed', async (t) => {
  const text = (await PostalMime.parse(renderMail(repairing()))).text ?? '';
  t.match(
    text,
    /^kverdict could not reach a verdict on this series:\n1 fixed, 1 fails less often, none worse; nothing passed in x86_64\nuffd_wp_race: /m,
  );
  t.match(
    text,
    /^>> x86_64 clear_refs:race\/no write is lost: fixed \(.*\); 0 of 9 failed with the series: a rate above 28 % is excluded$/m,
  );
  t.match(
    text,
    /^>> x86_64 clear_refs:mlock\/no write is lost: fails less often \(12\/20, then 3\/20; still up to 34 %; p=0\.0079\)$/m,
  );
  t.match(
    text.replaceAll('\n', ' '),
    'never failed, 0 of 5 and 0 of 5: a rate above 45 % is excluded: x86_64 gup_cow:vmsplice ',
  );
  const nothing = (await PostalMime.parse(renderMail(repairingNothing()))).text ?? '';
  t.match(nothing, /^1 fails with and without the series, none worse; nothing passed/m);
  t.notMatch(nothing, 'fixed');
});

t.test('no name and no output adds a header, an address or an act', async (t) => {
  const ordinary = await PostalMime.parse(renderMail(poisoned('x')));
  for (const poison of POISONS) {
    const raw = renderMail(poisoned(poison));
    const label = JSON.stringify(poison).slice(0, 40);
    const mail = await PostalMime.parse(raw);
    t.same(
      mail.headers.map(({key}) => key),
      ordinary.headers.map(({key}) => key),
      `${label}: headers`,
    );
    t.equal(mail.to?.length, 1, `${label}: one address`);
    t.same(controlsIn(raw.replaceAll('\t', ' ')), [], `${label}: nothing that acts`);
    const [head = ''] = raw.split('\n\n');
    t.match(head, /^[\n\x20-\x7e]*$/, `${label}: headers are ASCII`);
    t.ok(
      raw.split('\n').every((line) => Buffer.byteLength(line) <= 998 * 4 && line.length <= 998),
      `${label}: SMTP's lines`,
    );
    t.ok(Buffer.byteLength(raw) < 100_000, `${label}: a list takes it`);
  }
});

t.test('a long report is cut to what a list takes', async (t) => {
  const results = syntheticResults({verdict: 'bad', subtests: 2000});
  const findings = Array.from({length: 30}, () => results.findings).flat();
  const raw = renderMail({...results, findings});
  t.ok(Buffer.byteLength(raw) < 100_000);
  t.match(raw, /\nAnd \d+ more\.\n/);
});
