// SPDX-License-Identifier: MIT
import {
  brokenPromise,
  type CellResult,
  DESIGN_RATE,
  RATES,
  SUBTESTS,
  type TruthTable,
} from '../harness/verdict/truth-table.js';

export const TRUTH_BEGIN = '<!-- truth table: begin -->';
export const TRUTH_END = '<!-- truth table: end -->';

/** The tables as Markdown: for the last screen and for a document. */
export function renderTruthTable(table: TruthTable): string {
  const {alpha, power, runs, seed, maxRuns, cells} = table;
  const same = cells.filter(({found, rates}) => found === undefined && rates.base !== DESIGN_RATE);
  const designs = cells.filter(({rates}) => rates.base === DESIGN_RATE);
  const firsts = [...new Set(same.map(({first}) => first))];
  const different = cells.filter(({found}) => found !== undefined);
  const broken = cells.flatMap((cell) => brokenPromise(cell, table) ?? []);
  const at = (all: readonly CellResult[], base: number, patched: number): CellResult | undefined =>
    all.find(({rates}) => rates.base === base && rates.patched === patched);
  return [
    `${runs} simulated runs a cell, ${SUBTESTS} subtests, alpha ${alpha}, power ${power}, seed ${seed}; 95 % intervals (Clopper-Pearson).`,
    broken.length === 0
      ? 'No cell contradicts what is stated: no interval lies on the wrong side of alpha or of power.'
      : broken.map((line) => `**Not held**: ${line}.`).join('\n'),
    '',
    `Base and patched fail equally often, \`--max-runs ${maxRuns}\`: share of runs with a false claim.`,
    '',
    row([
      'failure rate',
      ...firsts.map((first) => `${first} first attempt${first === 1 ? '' : 's'}`),
      'mean repeats of a run',
    ]),
    row(['---', ...firsts.map(() => '---'), '---']),
    ...RATES.map((rate) => {
      const here = same.filter(({rates}) => rates.base === rate);
      return row([
        String(rate),
        ...here.map(alarmWords),
        here.map(({meanRepeats}) => meanRepeats.toFixed(0)).join(', '),
      ]);
    }),
    '',
    `Base and patched fail equally often, at ${DESIGN_RATE}, under other designs.`,
    '',
    row(['first attempts, `--max-runs`', 'share of runs with a false claim']),
    row(['---', '---']),
    ...designs.map((cell) => row([`${cell.first}, ${cell.first + (cell.repeats ?? 0)}`, alarmWords(cell)])),
    '',
    'One subtest changed, the others fail as often as base does on both sides: attempts a side that are promised for it, first ones and repeats; share of runs in which it was found.',
    '',
    ...square((base, patched) => foundWords(at(different, base, patched))),
    '',
    'False claims among all claims of these runs, in the mean; at most alpha.',
    '',
    ...square((base, patched) => (at(different, base, patched)?.falseShare ?? 0).toFixed(4)),
  ].join('\n');
}

/** A document with its tables between the markers replaced; undefined when it has not both, in their order. */
export function updateTruthTable(text: string, table: TruthTable): string | undefined {
  const [begin, end] = [text.indexOf(TRUTH_BEGIN), text.indexOf(TRUTH_END)];
  if (begin === -1 || end < begin) return undefined;
  return [text.slice(0, begin) + TRUTH_BEGIN, '', renderTruthTable(table), '', text.slice(end)].join('\n');
}

const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;

/** Rows are rates of base, columns of patched; where they are equal nothing changed. */
function square(cell: (base: number, patched: number) => string): string[] {
  const columns = (base: number): string[] => RATES.map((patched) => (base === patched ? '-' : cell(base, patched)));
  return [
    row(['base \\ patched', ...RATES.map(String)]),
    row(['---', ...RATES.map(() => '---')]),
    ...RATES.map((base) => row([`**${base}**`, ...columns(base)])),
  ];
}

const alarmWords = ({alarms}: CellResult): string =>
  `${alarms.rate.toFixed(4)} (${alarms.low.toFixed(4)} to ${alarms.high.toFixed(4)})`;

function foundWords(cell: CellResult | undefined): string {
  if (cell?.found === undefined) return '';
  const {first, repeats, found} = cell;
  return repeats === undefined
    ? 'not promised'
    : `${first} + ${repeats}: ${found.rate.toFixed(3)} (${found.low.toFixed(3)} to ${found.high.toFixed(3)})`;
}
