// SPDX-License-Identifier: MIT
/** The names that a run writes in its folder: what the next run with the same `--out`, or `clean`, may delete. */
import {FORMATS} from '../../reports/format.js';
import {MARK} from '../lib/own-mark.js';
import {file, folder, named, type OwnName, whole} from '../lib/remove-own.js';

/** A name of a profile, a suite, a test or an architecture, as `run/unit.ts` makes it safe for a file. */
const ANY = /^[A-Za-z0-9._+@,=~-]+$/;
const NUMBER = /^\d+$/;
const STEP = /^\d{3,}-[0-9a-f]{12}$/;
const COMMIT = /^[0-9a-f]{12}$/;
const BRANCH = /^.+-\d+$/;

/** `selfcheck.json`, also while it is written. */
const exactly = (...names: readonly string[]): OwnName =>
  file(named(...names.flatMap((name) => [name, `${name}.part`])));

const reports = FORMATS.map((format) => format.file);
const TOP = [MARK, 'events.jsonl', 'commands.log', 'bisect.json', 'bisect.jsonl', 'bisect.txt', 'night.json'];
const TOP_TOO = ['night.txt', 'selfcheck.json', 'itself.json', 'attempts.json'];
/** Another run, made by this one. */
const aRun = (name: RegExp): OwnName => ({name, is: 'folder', marked: 'run', within: () => RUN_FILES});

/** A guest's folder. */
const GUEST = [file(/^[\w.-]+\.(?:console|qemu)\.log$/), file(/^[\w.-]+\.core$/)];
/** Of an attempt: what it printed, what was asked of a guest that hung, its memory. */
const ATTEMPT = file(/^(?:base|patched|only)(?:-own)?-\d+\.(?:log|diagnosis\.txt|core)$/);

export const RUN_FILES: readonly OwnName[] = [
  exactly(...TOP, ...TOP_TOO, ...reports.filter((name) => !name.includes('/'))),
  folder(/^reports$/, exactly(...reports.flatMap((name) => (name.startsWith('reports/') ? name.slice(8) : [])))),
  folder(/^builds$/, file(/^[\w.-]+\.log$/)),
  // A suite's name may have a slash in it.
  folder(/^guests$/, folder(ANY, ...GUEST, folder(ANY, ...GUEST))),
  folder(/^attempts$/, folder(ANY, folder(ANY, folder(ANY, ATTEMPT), folder(ANY, folder(ANY, ATTEMPT))))),
  // What compilers and the makefiles of a tree installed.
  folder(/^programs$/, whole(/^(?:x86_64|arm64)(?:-(?:base|patched|only))?$/)),
  folder(/^selfchecks$/, folder(/^programs$/, whole(ANY)), folder(ANY, ...GUEST, file(/^[\w.-]+\.log$/))),
  aRun(/^verify$/),
  folder(/^steps$/, aRun(STEP)),
  folder(/^sentinels$/, aRun(ANY)),
  folder(/^itself$/, aRun(NUMBER)),
  folder(/^bisects$/, aRun(NUMBER)),
  folder(BRANCH, aRun(COMMIT)),
];

/** In `<state>/runs`. */
export const RUNS: readonly OwnName[] = [
  folder(/^nightly-.+$/, aRun(/^\d{8}-\d{6}$/)),
  aRun(/^[^.].*$/),
  file(/^.+\.bisect\.flock$/),
];
