// SPDX-License-Identifier: MIT
import PostalMime from 'postal-mime';
import t from 'tap';
import {renderMail} from '../../../reports/mail.js';
import {syntheticResults} from '../fakes/synthetic-results.js';
import {controlsIn, exampleResults, POISONS, poisoned} from './fixture.js';

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
  t.match(renderMail(syntheticResults({verdict: 'inconclusive', subtests: 20})), /\nNo tag is due\.\n/);
  const good = {...exampleResults(), verdict: 'good' as const, because: 'all passed', findings: []};
  t.match(
    renderMail(good),
    /nothing that got worse with this series:\nall passed\n[\s\S]*\n\| Tested-by: YOUR NAME <YOUR ADDRESS> # x86_64, arm64\n/,
  );
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
