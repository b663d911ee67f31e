// SPDX-License-Identifier: MIT
import t from 'tap';
import {createRandom} from '../../verdict/random.js';
import {simulateRun} from '../../verdict/simulate.js';
import {brokenPromise, type Cell, cellsOf, simulateCell} from '../../verdict/truth-table.js';

const stated = {alpha: 0.05, power: 0.9};
const RUNS = 400;
const cells = cellsOf({...stated, maxRuns: 20});
const cellAt = (base: number, patched: number): Cell =>
  cells.find(({rates}) => rates.base === base && rates.patched === patched) ?? {
    rates: {base, patched},
    first: 1,
    repeats: 0,
  };

t.test('a table of five rates: the same on both sides, once and racy, and each against each other', async (t) => {
  t.equal(cells.length, 5 * 2 + 5 * 4 + 6);
  t.ok(cells.every(({repeats}) => repeats !== undefined));
  t.match(cellAt(0, 1), {first: 1, repeats: 4}, 'always against never');
  t.match(cellAt(0, 0.5), {first: 5}, 'the default of a racy test');
});

t.test('coins on both sides: at most alpha of the runs cry wolf', async (t) => {
  for (const first of [1, 5]) {
    const {alarms} = simulateCell({rates: {base: 0.5, patched: 0.5}, first, repeats: 20 - first}, stated, RUNS, 1);
    t.ok(alarms.rate <= 0.05, `${alarms.rate}`);
    t.ok(alarms.rate > 0, 'the level is used');
  }
});

t.test('two first attempts fall evenly in a third of all runs, and that must not be bought twice', async (t) => {
  const cell = {rates: {base: 0.3, patched: 0.3}, first: 2, repeats: 4};
  const {alarms} = simulateCell(cell, stated, 2000, 1);
  t.ok(alarms.rate <= 0.05, `${alarms.rate}`);
});

t.test('promised runs are enough', async (t) => {
  for (const [base, patched] of [
    [0, 1],
    [0, 0.5],
    [0, 0.1],
    [1, 0.5],
  ] as const) {
    const result = simulateCell(cellAt(base, patched), stated, RUNS, 1);
    t.ok((result.found?.rate ?? 0) > 0.88, `${base} ${patched}: ${result.found?.rate}`);
    t.equal(brokenPromise(result, stated), undefined);
  }
});

t.test('fewer runs are not, and judging without a limit cries wolf: the table can fail', async (t) => {
  const cell = cellAt(0, 0.5);
  const short = simulateCell({...cell, repeats: 5}, stated, RUNS, 1);
  t.match(brokenPromise(short, stated), /^base 0, patched 0\.5: found in 0\.\d+ of the runs, below 0\.9$/);
  const loose = simulateCell(
    {rates: {base: 0.5, patched: 0.5}, first: 5, repeats: 15},
    {alpha: 0.5, power: 0.9},
    100,
    1,
  );
  t.match(brokenPromise(loose, stated), /^base 0\.5, patched 0\.5: false alarms in 0\.\d+ of the runs, above 0\.05$/);
});

t.test('the same seed gives the same run, another one another', async (t) => {
  const design = {...stated, maxRuns: 20, maxRepeats: 19};
  const plan = {subtests: 500, changed: 0, rates: {base: 0.1, patched: 0.1}, first: 1, design};
  const run = (seed: number): number => simulateRun(plan, createRandom(seed)).repeats;
  t.equal(run(1), run(1));
  t.not(run(1), run(2));
  t.equal(simulateRun({...plan, rates: {base: 0, patched: 0}}, createRandom(1)).repeats, 0, 'nothing differs');
  t.equal(simulateRun({...plan, rates: {base: 1, patched: 1}}, createRandom(1)).repeats, 0, 'still failing');
});

t.test('the numbers are evenly spread', async (t) => {
  const random = createRandom(7);
  const bins = new Array(10).fill(0);
  for (let i = 0; i < 100_000; i++) bins[Math.floor(random() * 10)]++;
  const chiSquare = bins.reduce((sum, n) => sum + (n - 10_000) ** 2 / 10_000, 0);
  t.ok(chiSquare < 27.9, `${chiSquare}: 9 degrees of freedom, 1 in 1000`);
});
