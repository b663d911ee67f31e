// SPDX-License-Identifier: MIT
import {appendFileSync, mkdirSync} from 'node:fs';
import {basename, dirname, join, resolve} from 'node:path';
import {InfraError, UserError} from '../lib/errors.js';
import type {RunEvent} from '../lib/events.js';
import {OUT_FOLDER, ownFolder} from '../lib/own-folder.js';
import {isBare, isMarked, MARK, mark} from '../lib/own-mark.js';
import type {Paths} from '../lib/paths.js';
import {processIdentity} from '../lib/process-owner.js';
import {folder, inTheWay, named, removeOwn} from '../lib/remove-own.js';
import {redactLine} from '../lib/secrets.js';
import {SOCKETS} from '../lib/sweep.js';
import {cleanLine, cleanText} from '../lib/text.js';
import {writeWhole} from '../lib/write-whole.js';
import {jsonText} from '../lib/writer.js';
import {RUN_FILES} from './run-files.js';

const EVENTS = 'events.jsonl';

/** Everything a run used and saw. Plain files: `cat` and `grep` are enough to read it. */
export class RunDir {
  /** Sockets of this process: short, because a unix socket's path ends at 108 bytes. */
  readonly runtime: string;

  private constructor(
    readonly path: string,
    runtime: string,
  ) {
    this.runtime = runtime;
  }

  /**
   * An empty folder for a run; of an earlier run what it wrote is deleted, and anything else stays.
   * @throws UserError when `out` holds something that is not a run
   * @throws InfraError when `out` is not safe to write in
   */
  static open(paths: Paths, out: string | undefined, now: Date): RunDir {
    const path = out === undefined ? join(paths.state, 'runs', runName(now)) : resolve(out);
    ownFolder(path, OUT_FOLDER);
    if (isMarked(path, 'run')) {
      removeOwn(path, RUN_FILES);
      refuseStrange(path);
      mark(path, 'run');
    } else if (!isBare(path)) {
      throw new UserError(`\`${path}\` is not empty and holds no run of kverdict`, {
        hint: `Give --out a new or an empty folder. (A run has a file ${MARK} that says so.)`,
      });
    }
    return RunDir.reopen(paths, path);
  }

  /** Goes on in a folder: what is there stays. */
  static reopen(paths: Paths, path: string): RunDir {
    const runtime = join(paths.runtime, processIdentity() ?? String(process.pid));
    ownFolder(path, OUT_FOLDER);
    refuseStrange(path);
    try {
      if (isBare(path)) mark(path, 'run');
      mkdirSync(runtime, {recursive: true, mode: 0o700});
      appendFileSync(join(path, EVENTS), '');
    } catch (error) {
      throw new InfraError(`Cannot write the run's folder \`${path}\``, {cause: error});
    }
    return new RunDir(path, runtime);
  }

  /** An absolute path in the run, its folder made. */
  file(...parts: string[]): string {
    const path = join(this.path, ...parts);
    mkdirSync(dirname(path), {recursive: true});
    return path;
  }

  /** As above, and with the folder itself. */
  folder(...parts: string[]): string {
    const path = join(this.path, ...parts);
    mkdirSync(path, {recursive: true});
    return path;
  }

  /** Every event, and every command a second time as a script that a person can read and paste from. */
  record(event: RunEvent): void {
    const time = new Date().toISOString();
    try {
      appendFileSync(join(this.path, EVENTS), `${jsonText({time, ...event})}\n`);
      if (event.type === 'command') {
        appendFileSync(
          join(this.path, 'commands.log'),
          `# ${time}${event.cwd ? ` in ${cleanLine(event.cwd)}` : ''}\n${cleanText(redactLine(event.line))}\n`,
        );
      }
    } catch {
      // A full disk must not end a run that still has a verdict to give; writing the results will say it.
    }
  }

  /** Whole or not at all. @throws InfraError naming the file */
  write(name: string, text: string): string {
    const path = this.file(name);
    try {
      writeWhole(path, redactLine(text), {draft: `${path}.part`});
    } catch (error) {
      throw new InfraError(`Cannot write \`${path}\``, {
        hint: 'The verdict stands; free some space or give --out a folder on another file system.',
        cause: error,
      });
    }
    return path;
  }

  close(): void {
    removeOwn(dirname(this.runtime), [folder(named(basename(this.runtime)), ...SOCKETS)]);
  }
}

/** A link of somebody else's in a run's folder: events and logs are appended to what has their name. */
function refuseStrange(path: string): void {
  const [strange] = inTheWay(path, RUN_FILES);
  if (strange === undefined) return;
  throw new UserError(`\`${strange}\` is in the way, and kverdict did not make it`, {
    hint: 'Move it away, or give --out another folder.',
  });
}

/** `20261121-143500-4711`: sorts by time, and two at once do not meet. */
function runName(now: Date): string {
  const digits = now.toISOString().replaceAll(/[-:T]/g, '');
  return `${digits.slice(0, 8)}-${digits.slice(8, 14)}-${process.pid}`;
}
