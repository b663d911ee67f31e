// SPDX-License-Identifier: MIT
import t from 'tap';
import {EXIT_OF_VERDICT, exitCodeOf, exitOfVerdict} from '../../cli/exit-codes.js';
import {InfraError, Interrupted, KernelError, UsageError, UserError} from '../../lib/errors.js';
import {VERDICTS} from '../../verdict/results.js';

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
