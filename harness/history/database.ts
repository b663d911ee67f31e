// SPDX-License-Identifier: MIT
/** The door to SQLite (better-sqlite3, native code) and to the language of queries (kysely). */
import {closeSync, constants, existsSync, fchmodSync, fstatSync, mkdirSync, openSync} from 'node:fs';
import {dirname, join} from 'node:path';
import type {Database, Statement} from 'better-sqlite3';
import {type Generated, Kysely, SqliteDialect, sql} from 'kysely';
import {diskFull} from '../lib/disk-full.js';
import {InfraError, KverdictError, messageOf} from '../lib/errors.js';
import type {Paths} from '../lib/paths.js';
import {MIGRATIONS} from './migrations.js';
import type {Tables} from './tables.js';

export type {Generated};
export {sql};

/** In the header of the file, so that nothing else is taken for a history: "kver". */
const APPLICATION_ID = 0x6b766572;
/** How long another process may hold the file before that is an error. */
const BUSY_MS = 10_000;

/** Queries of the history. */
export type Queries = Kysely<Tables>;

/** An open history; `await using` closes it. */
export interface History extends AsyncDisposable {
  readonly file: string;
  readonly db: Queries;
}

export function historyFile({state}: Pick<Paths, 'state'>): string {
  return join(state, 'history.sqlite');
}

/** Is there one? A reader has nothing to make. */
export function hasHistory(paths: Pick<Paths, 'state'>): boolean {
  return existsSync(historyFile(paths));
}

/**
 * Opens the history and brings it to this version's schema; makes it when it is not there. Several processes may read
 * while one writes.
 *
 * @param migrations for tests: another version's
 * @throws InfraError for a file that is no history, a damaged one, one of a newer kverdict, or SQLite that is not built
 */
export async function openHistory(
  paths: Pick<Paths, 'state'>,
  {migrations = MIGRATIONS}: {migrations?: readonly string[]} = {},
): Promise<History> {
  const file = historyFile(paths);
  const database = await openFile(file);
  try {
    translated(file, () => prepare(database, file, migrations));
  } catch (error) {
    database.close();
    throw error;
  }
  const db = new Kysely<Tables>({dialect: new SqliteDialect({database: guarded(database, file)})});
  const close = async (): Promise<void> => {
    await db.destroy();
    // kysely closes only what it was asked something of.
    database.close();
  };
  return {file, db, [Symbol.asyncDispose]: close};
}

/** Of the SQLite that is built for this Node.js. @throws InfraError when there is none, and how to get it */
export async function sqliteVersion(): Promise<string> {
  const {default: Sqlite} = await import('better-sqlite3').catch(explain);
  try {
    const database = new Sqlite(':memory:');
    const version = String(database.prepare('SELECT sqlite_version()').pluck().get());
    database.close();
    return version;
  } catch (error) {
    return explain(error);
  }
}

const explain = (error: unknown): never => {
  throw isNotBuilt(error) ? notBuilt(error) : error;
};

async function openFile(file: string): Promise<Database> {
  try {
    const {default: Sqlite} = await import('better-sqlite3');
    mkdirSync(dirname(file), {recursive: true, mode: 0o700});
    // SQLite gives its -wal and -shm files the mode of the file itself.
    makePrivate(file);
    return new Sqlite(file, {timeout: BUSY_MS});
  } catch (error) {
    throw isNotBuilt(error) ? notBuilt(error) : explained(file, error);
  }
}

/** Never what a link leads to: its mode would be changed, and a file of another program be made a history. */
function makePrivate(file: string): void {
  const fd = openSync(file, constants.O_RDWR | constants.O_CREAT | constants.O_NOFOLLOW | constants.O_NONBLOCK, 0o600);
  try {
    if (!fstatSync(fd).isFile()) throw new InfraError(`\`${file}\` is no file`, {hint: 'Move it away.'});
    fchmodSync(fd, 0o600);
  } finally {
    closeSync(fd);
  }
}

function notBuilt(cause: unknown): InfraError {
  return new InfraError('SQLite (the package better-sqlite3) is not built for this Node.js', {
    hint: '`npm rebuild better-sqlite3` in the checkout builds it, with g++, make, python3 and the headers of Node.js.',
    cause,
  });
}

function isNotBuilt(error: unknown): boolean {
  const code = (error as NodeJS.ErrnoException).code ?? '';
  return (
    ['ERR_MODULE_NOT_FOUND', 'MODULE_NOT_FOUND', 'ERR_DLOPEN_FAILED'].includes(code) ||
    messageOf(error).startsWith('Could not locate the bindings file')
  );
}

function prepare(database: Database, file: string, migrations: readonly string[]): void {
  const pragma = (text: string): unknown => database.pragma(text, {simple: true});
  const known = migrations.length;
  const refuseStranger = (): number => {
    const version = Number(pragma('user_version'));
    const tables = database.prepare('SELECT count(*) FROM sqlite_schema').pluck().get();
    if (pragma('application_id') !== APPLICATION_ID && (version !== 0 || tables !== 0)) {
      throw new InfraError(`\`${file}\` is a database of another program`, {hint: 'Move it away.'});
    }
    if (version > known) {
      throw new InfraError(
        `\`${file}\` was written by a newer kverdict: its schema is ${version}, this one knows up to ${known}`,
        {hint: 'Use the newer kverdict, or move the file away: the folders of the runs stay.'},
      );
    }
    return version;
  };
  refuseStranger();
  pragma('journal_mode = WAL');
  // A night that was remembered is remembered after a power cut as well.
  pragma('synchronous = FULL');
  pragma('foreign_keys = ON');
  const migrate = database.transaction(() => {
    // Asked again under the lock: another process may have done it meanwhile.
    for (const step of migrations.slice(refuseStranger())) database.exec(step);
    pragma(`application_id = ${APPLICATION_ID}`);
    pragma(`user_version = ${known}`);
  });
  if (refuseStranger() < known) migrate.immediate();
}

/** What kysely needs of a database; whatever SQLite says becomes an error of ours. */
function guarded(database: Database, file: string) {
  const statement = (text: Statement) => ({
    reader: text.reader,
    all: (values: readonly unknown[]) => translated(file, () => text.all(values)),
    run: (values: readonly unknown[]) => translated(file, () => text.run(values)),
    iterate: (values: readonly unknown[]) => text.iterate(values),
  });
  return {
    close: (): void => void database.close(),
    prepare: (text: string) => statement(translated(file, () => database.prepare(text))),
  };
}

function translated<T>(file: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw explained(file, error);
  }
}

const MEANINGS: readonly {code: RegExp; message: (file: string) => string; hint: string}[] = [
  {
    code: /^SQLITE_(NOTADB|CORRUPT)/,
    message: (file) => `\`${file}\` is damaged, or no history`,
    hint: 'Move it away (with its -wal and -shm): the folders of the runs stay.',
  },
  {
    code: /^ELOOP/,
    message: (file) => `\`${file}\` is a symbolic link, and what it leads to is not written to`,
    hint: 'Move it away. To have the history elsewhere set XDG_STATE_HOME.',
  },
  {
    code: /^SQLITE_BUSY/,
    message: (file) => `Another process has held \`${file}\` for ${BUSY_MS / 1000} s`,
    hint: 'Try again when it has ended.',
  },
];

function explained(file: string, error: unknown): unknown {
  const code = (error as {code?: unknown}).code;
  if (error instanceof KverdictError || typeof code !== 'string') return error;
  if (code.startsWith('SQLITE_FULL') || code === 'ENOSPC') return diskFull(dirname(file), 10, 'the history', error);
  const meaning = MEANINGS.find((one) => one.code.test(code));
  if (meaning !== undefined) return new InfraError(meaning.message(file), {hint: meaning.hint, cause: error});
  return new InfraError(`Cannot use \`${file}\`: ${messageOf(error)}`, {cause: error});
}
