// SPDX-License-Identifier: MIT
import {existsSync, mkdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import t from 'tap';
import {hasHistory, historyFile, sql} from '../../history/database.js';
import {MIGRATIONS} from '../../history/migrations.js';
import {listBranches, pendingBisects} from '../../history/read.js';
import {InfraError} from '../../lib/errors.js';
import {HistoryStage} from './stage.js';

const stageFor = (t: {teardown(work: () => void): void}): HistoryStage => {
  const stage = new HistoryStage();
  t.teardown(() => stage.remove());
  return stage;
};

t.test('a new one: only its owner reads it, and it is there again', async (t) => {
  const stage = stageFor(t);
  t.equal(hasHistory(stage), false);
  {
    await using history = await stage.open();
    await stage.branch(history);
    t.equal(history.file, join(stage.state, 'history.sqlite'));
    for (const suffix of ['', '-wal', '-shm'])
      t.equal(statSync(`${history.file}${suffix}`).mode & 0o777, 0o600, `mode of history.sqlite${suffix}`);
    const {rows} = await sql<{journal_mode: string}>`PRAGMA journal_mode`.execute(history.db);
    t.same(rows, [{journal_mode: 'wal'}]);
  }
  t.equal(hasHistory(stage), true);
  t.equal(existsSync(`${historyFile(stage)}-wal`), false, 'closed means one file');
  await using again = await stage.open();
  t.match(await listBranches(again), [{nightly: 'toy', tree: '/srv/linux', branch: 'master'}]);
});

t.test('two at once: one reads what the other writes', async (t) => {
  const stage = stageFor(t);
  await using writer = await stage.open();
  await using reader = await stage.open();
  t.same(await listBranches(reader), []);
  await stage.branch(writer);
  t.equal((await listBranches(reader)).length, 1);
});

t.test('an older schema is brought up to date, and keeps what it holds', async (t) => {
  const stage = stageFor(t);
  {
    await using old = await stage.open();
    await stage.branch(old);
  }
  const more = [...MIGRATIONS, 'CREATE TABLE later (id INTEGER PRIMARY KEY) STRICT; INSERT INTO later VALUES (7);'];
  await using history = await stage.open(more);
  t.same((await sql`SELECT id FROM later`.execute(history.db)).rows, [{id: 7}]);
  t.equal((await listBranches(history)).length, 1);
});

t.test('a bisect that an older kverdict wanted, of a number that never came, is done by the whole test', async (t) => {
  const stage = stageFor(t);
  {
    await using old = await stage.open(MIGRATIONS.slice(0, 1));
    await stage.run(old, []);
    for (const test of ['race/missing #9', 'race/no write is lost'])
      await sql`INSERT INTO bisects (run_id, profile, suite, test, good, bad, state, folder)
        VALUES (1, 'x86_64', 'toy', ${test}, 'c1', 'c2', 'pending', ${`/${test}`})`.execute(old.db);
  }
  await using history = await stage.open();
  t.same(
    (await pendingBisects(history, 1)).map(({test, selects}) => [test, selects]),
    [
      ['race/missing #9', 'race'],
      ['race/no write is lost', null],
    ],
  );
});

t.test('a step that fails leaves the file as it was', async (t) => {
  const stage = stageFor(t);
  await (await stage.open())[Symbol.asyncDispose]();
  const torn = [...MIGRATIONS, 'CREATE TABLE half (id INTEGER); CREATE TABLE half (id INTEGER);'];
  await t.rejects(stage.open(torn), {constructor: InfraError, message: /half/});
  await using history = await stage.open();
  t.same((await sql`SELECT name FROM sqlite_schema WHERE name = 'half'`.execute(history.db)).rows, []);
});

t.test('one of a newer kverdict is refused, and untouched', async (t) => {
  const stage = stageFor(t);
  await (await stage.open([...MIGRATIONS, 'CREATE TABLE later (id INTEGER);']))[Symbol.asyncDispose]();
  const before = readFileSync(historyFile(stage));
  const newer = `its schema is ${MIGRATIONS.length + 1}, this one knows up to ${MIGRATIONS.length}`;
  await t.rejects(stage.open(), {constructor: InfraError, message: new RegExp(`newer kverdict: ${newer}`)});
  t.ok(readFileSync(historyFile(stage)).equals(before), 'byte for byte');
});

t.test('a link is not opened: what it leads to keeps its mode and its bytes', async (t) => {
  const stage = stageFor(t);
  mkdirSync(stage.state, {recursive: true});
  const mine = join(stage.state, 'mine');
  writeFileSync(mine, '', {mode: 0o644});
  for (const target of [mine, join(stage.state, 'new')]) {
    symlinkSync(target, historyFile(stage));
    await t.rejects(stage.open(), {
      name: 'InfraError',
      message: `\`${historyFile(stage)}\` is a symbolic link, and what it leads to is not written to`,
    });
    rmSync(historyFile(stage));
  }
  t.equal(statSync(mine).mode & 0o777, 0o644);
  t.equal(statSync(mine).size, 0);
  t.equal(existsSync(join(stage.state, 'new')), false);
});

t.test('what is no history is refused, and untouched', async (t) => {
  const stage = stageFor(t);
  const text = 'not a database at all, and long enough to be read as one'.repeat(20);
  writeFileSync(historyFile(stage), text);
  await t.rejects(stage.open(), {constructor: InfraError, message: /is damaged, or no history/});
  t.equal(readFileSync(historyFile(stage), 'utf8'), text);
  rmSync(historyFile(stage));
  const {default: Sqlite} = await import('better-sqlite3');
  const other = new Sqlite(historyFile(stage));
  other.exec('CREATE TABLE theirs (id INTEGER)');
  other.close();
  await t.rejects(stage.open(), {constructor: InfraError, message: /database of another program/});
});
