// SPDX-License-Identifier: MIT
import t from 'tap';
import type {MissingSymbol} from '../../verdict/results.js';
import {symbolWords, whyUntestable} from '../../verdict/untestable.js';

const MTE: MissingSymbol = {symbol: 'CONFIG_MTE', askedBy: ['mte.config:6', 'kvm.config:9']};
const KSM: MissingSymbol = {symbol: 'CONFIG_KSM', was: ['CONFIG_OLD'], askedBy: ['mm.config:1']};
const BASE: MissingSymbol = {symbol: 'CONFIG_TTY', askedBy: ['base.config:3']};

t.test('a suite cannot be tested where a fragment of it, or of its machine, needs what the tree lacks', (t) => {
  t.equal(whyUntestable(['swap'], {patched: [MTE, KSM, BASE]}), undefined, 'nothing that it needs');
  t.same(whyUntestable(['mte', 'swap'], {patched: [MTE, KSM]}), {
    where: 'tree',
    symbols: ['CONFIG_MTE'],
    reason: 'it has no CONFIG_MTE (mte.config:6)',
  });
  t.same(
    whyUntestable(['mte', 'kvm', 'mm'], {base: [MTE, KSM], patched: [MTE, KSM]})?.reason,
    ['it has no CONFIG_MTE (mte.config:6, kvm.config:9)', 'CONFIG_KSM (once CONFIG_OLD; mm.config:1)'].join(', '),
  );
  t.end();
});

t.test('who lacks it is told apart', (t) => {
  const why = (base: MissingSymbol[], patched: MissingSymbol[]) => whyUntestable(['mte', 'mm'], {base, patched});
  t.match(why([MTE], []), {where: 'base', symbols: ['CONFIG_MTE'], reason: /^it has no CONFIG_MTE/});
  t.match(why([], [MTE]), {where: 'series', symbols: ['CONFIG_MTE'], reason: /^it takes CONFIG_MTE .* away$/});
  t.match(why([KSM], [MTE, KSM]), {where: 'series', symbols: ['CONFIG_MTE']}, 'what base lacks too is not taken');
  t.equal(why([], []), undefined);
  t.end();
});

t.test('a line names four', (t) => {
  const many = Array.from({length: 6}, (_, index) => ({symbol: `CONFIG_${index}`, askedBy: [`f.config:${index}`]}));
  t.match(symbolWords(many), /CONFIG_3 \(f\.config:3\), and 2 more$/);
  t.end();
});
