// SPDX-License-Identifier: MIT
/**
 * Prints the table of docs/suites.md: what each suite gives on the kernels of these runs, and why the rest did not pass.
 *
 *   kverdict run --tree linux-7.3 --profiles all --out A
 *   node dist/scripts/suite-table.js A B C
 */
import {readResults} from '../harness/run/read-results.js';
import {suiteTable} from '../reports/suite-table.js';

process.stdout.write(suiteTable(process.argv.slice(2).map((path) => readResults(path).results)));
