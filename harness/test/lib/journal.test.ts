// SPDX-License-Identifier: MIT
import {appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import t from 'tap';
import {InfraError} from '../../lib/errors.js';
import {Journal} from '../../lib/journal.js';

const folder = mkdtempSync(join(tmpdir(), 'kv'));
t.teardown(() => rmSync(folder, {recursive: true, force: true}));
const file = join(folder, 'journal.jsonl');

t.test('what was appended is there again', (t) => {
  const first = Journal.open<{n: number}>(file);
  first.append({n: 1});
  first.append({n: 2});
  first.close();
  const second = Journal.open<{n: number}>(file);
  t.same(second.lines, [{n: 1}, {n: 2}]);
  second.append({n: 3});
  second.close();
  t.same(Journal.read(file), [{n: 1}, {n: 2}, {n: 3}]);
  t.end();
});

t.test('a torn last line does not count, and is gone with the next one', (t) => {
  for (const torn of ['{"n":', '{"n":4}', '\u00ff']) {
    appendFileSync(file, torn);
    t.same(Journal.read<{n: number}>(file).length, 3);
    const journal = Journal.open<{n: number}>(file);
    t.equal(journal.lines.length, 3);
    journal.close();
  }
  const journal = Journal.open<{n: number}>(file);
  journal.append({n: 4});
  journal.close();
  t.equal(readFileSync(file, 'utf8'), '{"n":1}\n{"n":2}\n{"n":3}\n{"n":4}\n');
  t.end();
});

t.test('a whole line that is damaged is an error that names it', (t) => {
  writeFileSync(file, '{"n":1}\nrubbish\n{"n":3}\n');
  t.throws(() => Journal.open(file), {constructor: InfraError, message: /Line 2 of .*journal\.jsonl. is damaged/});
  t.end();
});
