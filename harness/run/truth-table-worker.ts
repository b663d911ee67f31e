// SPDX-License-Identifier: MIT
/** A thread of `makeTruthTable`: one cell. */
import {parentPort, workerData} from 'node:worker_threads';
import {simulateCell} from '../verdict/truth-table.js';
import type {CellWork} from './truth-table.js';

const {cell, design, runs, seed} = workerData as CellWork;
parentPort?.postMessage(simulateCell(cell, design, runs, seed));
