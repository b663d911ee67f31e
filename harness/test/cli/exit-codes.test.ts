// SPDX-License-Identifier: MIT
import t from 'tap';
import {EXIT_OF_VERDICT, exitCodeOf, exitOfVerdict} from '../../cli/exit-codes.js';
import {exitOfNight} from '../../cli/nightly-command.js';
import type {NightReport} from '../../history/night.js';
import {InfraError, Interrupted, KernelError, UsageError, UserError} from '../../lib/errors.js';
import {VERDICTS, type Verdict} from '../../verdict/results.js';

t.test('codes that git bisect run reads the way we mean them', (t) => {
  t.same(EXIT_OF_VERDICT, {good: 0, 'good-in-part': 125, bad: 1, inconclusive: 125, 'infra-error': 128});
  const rows: [unknown, number][] = [
    [new UsageError('x'), 129],
    [new UserError('x'), 128],
    [new InfraError('x'), 128],
    [new KernelError('x'), 125],
    [new Interrupted('SIGINT'), 130],
    [new Interrupted('SIGTERM'), 143],
    [new Error('a bug of ours'), 128],
    ['thrown text', 128],
  ];
  for (const [thrown, code] of rows) t.equal(exitCodeOf(thrown), code, String(thrown));
  t.end();
});

t.test('--allow-uncompiled is about a series that is good in part, and about nothing else', (t) => {
  const codes = VERDICTS.map((verdict) => [verdict, exitOfVerdict(verdict), exitOfVerdict(verdict, true)]);
  t.same(codes, [
    ['good', 0, 0],
    ['good-in-part', 125, 0],
    ['bad', 1, 1],
    ['inconclusive', 125, 125],
    ['infra-error', 128, 128],
  ]);
  t.end();
});

t.test(
  'a night that is good in part is neither green nor red, unless its configuration says that it is enough',
  (t) => {
    const night = (...verdicts: Verdict[]): NightReport => ({
      ...{schema: 'kverdict/night/1', nightly: 'mm', config: '', started: '', ended: null, exit: null},
      branches: verdicts.map((verdict) => ({
        ...{tree: '', branch: '', state: 'judged', tip: null, detail: null},
        runs: [
          {
            ...{commit: '', subject: '', author: '', date: '', base: null, verdict, because: '', folder: ''},
            ...{changes: [], bisects: []},
          },
        ],
      })),
    });
    const codes = (...verdicts: Verdict[]): number[] =>
      [false, true].map((allowUncompiled) => exitOfNight(night(...verdicts), {allowUncompiled}));
    t.same(codes('good'), [0, 0]);
    t.same(codes('good', 'good-in-part'), [125, 0]);
    t.same(codes('good-in-part', 'inconclusive'), [125, 125]);
    t.same(codes('good-in-part', 'bad'), [1, 1]);
    t.end();
  },
);
