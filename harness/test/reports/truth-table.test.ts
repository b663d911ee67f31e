// SPDX-License-Identifier: MIT
import t from 'tap';
import {renderTruthTable, TRUTH_BEGIN, TRUTH_END, updateTruthTable} from '../../../reports/truth-table.js';
import {simulateCell, TRUTH_TABLE_SCHEMA, type TruthTable} from '../../verdict/truth-table.js';

const stated = {alpha: 0.05, power: 0.9};
const table: TruthTable = {
  ...{schema: TRUTH_TABLE_SCHEMA, kverdict: '0', ...stated, maxRuns: 20, runs: 20, seed: 1},
  cells: [
    simulateCell({rates: {base: 0, patched: 0}, first: 1, repeats: 19}, stated, 20, 1),
    simulateCell({rates: {base: 0, patched: 1}, first: 1, repeats: 4}, stated, 20, 1),
    simulateCell({rates: {base: 0, patched: 0.5}, first: 1, repeats: 1}, stated, 20, 1),
    simulateCell({rates: {base: 0, patched: 0.1}, first: 1, repeats: undefined}, stated, 20, 1),
  ],
};

t.test('rates with their intervals, and what is not held', async (t) => {
  const text = renderTruthTable(table);
  t.match(text, /^\| 0 \| 0\.0000 \(0\.0000 to 0\.1684\) \| 0 \|$/m);
  t.match(
    text,
    /^\| \*\*0\*\* \| - \| {2}\| not promised \| 1 \+ 1: 0\.000 .* \| 1 \+ 4: 1\.000 \(0\.832 to 1\.000\) \|$/m,
  );
  t.match(text, /^\*\*Not held\*\*: base 0, patched 0\.5: found in 0 of the runs, below 0\.9\.$/m);
  t.match(renderTruthTable({...table, cells: table.cells.slice(0, 2)}), /^No cell contradicts what is stated/m);
});

t.test('between the markers of a document', async (t) => {
  const page = `# Page\n${TRUTH_BEGIN}\nold\n${TRUTH_END}\nend\n`;
  const text = updateTruthTable(page, table) ?? '';
  t.match(text, /^# Page\n.*\n\n20 simulated runs a cell/);
  t.notMatch(text, /old/);
  t.match(text, /\nend\n$/);
  t.equal(updateTruthTable('no place', table), undefined);
  t.equal(updateTruthTable(`${TRUTH_END}${TRUTH_BEGIN}`, table), undefined);
});
