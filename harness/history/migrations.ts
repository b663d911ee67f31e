// SPDX-License-Identifier: MIT
/**
 * The schema, step by step. A step that was released is never edited: what changes is a further step. The file's
 * `user_version` says how many were taken.
 */

/** Half of the columns of `outcomes`, for each side. */
const sideColumns = (prefix: string): string =>
  [
    ...['pass', 'fail', 'skip', 'timeout', 'crash', 'missing'].map((name) => `${prefix}${name} INTEGER NOT NULL`),
    `${prefix}letters TEXT NOT NULL`,
    `${prefix}state TEXT NOT NULL`,
  ].join(', ');

/** SQL of each step, the first makes an empty file into version 1. */
export const MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE branches (
    id INTEGER PRIMARY KEY, nightly TEXT NOT NULL, tree TEXT NOT NULL, branch TEXT NOT NULL,
    UNIQUE (nightly, tree, branch)
  ) STRICT;
  CREATE TABLE nights (
    id INTEGER PRIMARY KEY, nightly TEXT NOT NULL, config TEXT NOT NULL, started TEXT NOT NULL, ended TEXT, exit INTEGER
  ) STRICT;
  CREATE TABLE visits (
    night_id INTEGER NOT NULL REFERENCES nights ON DELETE CASCADE,
    branch_id INTEGER NOT NULL REFERENCES branches ON DELETE CASCADE,
    tip TEXT, state TEXT NOT NULL, detail TEXT,
    PRIMARY KEY (night_id, branch_id)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE runs (
    id INTEGER PRIMARY KEY,
    night_id INTEGER NOT NULL REFERENCES nights ON DELETE CASCADE,
    branch_id INTEGER NOT NULL REFERENCES branches ON DELETE CASCADE,
    "commit" TEXT NOT NULL, subject TEXT NOT NULL, author TEXT NOT NULL, author_date TEXT NOT NULL,
    base_commit TEXT, verdict TEXT NOT NULL, because TEXT NOT NULL, kernel_version TEXT NOT NULL,
    comparable INTEGER NOT NULL, folder TEXT NOT NULL, started TEXT NOT NULL, seconds REAL NOT NULL
  ) STRICT;
  CREATE INDEX runs_of_branch ON runs (branch_id, id);
  CREATE INDEX runs_of_night ON runs (night_id);
  CREATE TABLE tests (
    id INTEGER PRIMARY KEY, profile TEXT NOT NULL, suite TEXT NOT NULL, test TEXT NOT NULL,
    UNIQUE (profile, suite, test)
  ) STRICT;
  CREATE TABLE outcomes (
    run_id INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE,
    test_id INTEGER NOT NULL REFERENCES tests,
    change TEXT NOT NULL, p_value REAL, adjusted REAL NOT NULL, reason TEXT, follows TEXT,
    ${sideColumns('')}, ${sideColumns('base_')},
    PRIMARY KEY (run_id, test_id)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX outcomes_of_test ON outcomes (test_id, run_id);
  CREATE TABLE bisects (
    id INTEGER PRIMARY KEY,
    run_id INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE,
    profile TEXT NOT NULL, suite TEXT NOT NULL, test TEXT NOT NULL, good TEXT NOT NULL, bad TEXT NOT NULL,
    state TEXT NOT NULL, because TEXT, culprit TEXT, culprit_subject TEXT, culprit_author TEXT, culprits TEXT,
    confidence REAL, folder TEXT NOT NULL, ended TEXT,
    UNIQUE (run_id, profile, suite, test)
  ) STRICT;
  CREATE TABLE reports (
    run_id INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE, format TEXT NOT NULL, file TEXT NOT NULL,
    PRIMARY KEY (run_id, format)
  ) STRICT, WITHOUT ROWID;
  `,
  // What was to be hunted before is known by name alone: a number that never came is seen by its whole test.
  `
  ALTER TABLE bisects ADD COLUMN selects TEXT;
  UPDATE bisects SET selects = substr(test, 1, instr(test, '/') - 1) WHERE test LIKE '%/missing #%';
  `,
];
