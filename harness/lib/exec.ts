// SPDX-License-Identifier: MIT
/** The one door to other programs, and the one file that imports execa. */
import {closeSync, openSync, statSync} from 'node:fs';
import {execa, type Options} from 'execa';
import {InfraError} from './errors.js';
import type {Emit} from './events.js';
import {OWNER_VARIABLE, ownerMark} from './process-owner.js';
import {redactLine} from './secrets.js';
import {shellLine} from './shell-quote.js';
import {lastLines} from './text.js';

export interface RunOptions {
  cwd?: string;
  /** Added to the environment of kverdict itself. */
  env?: Record<string, string>;
  /** Standard input; empty when not given. */
  input?: string | Uint8Array;
  /** An open file that is its standard input. */
  stdinFd?: number;
  /** Not in commands.log: nobody would want to repeat it. */
  quiet?: true;
  /** A file that gets stdout and stderr, appended in the order written, as bytes. `stdout`/`stderr` are then empty. */
  log?: string;
  /** A file that gets stdout alone, as bytes (for output of any size). */
  stdoutFile?: string;
  timeoutSeconds?: number;
  /** Ends it when `log` grew by more than this: what runs a tree's code may print without end. */
  maxLogBytes?: number;
  /** As `maxLogBytes`, for a file that the program writes by itself. */
  bound?: {file: string; maxBytes: number};
  /** Stops the whole process group. Beside the context's own signal. */
  signal?: AbortSignal;
}

export interface Completed {
  line: string;
  /** null: ended by a signal. */
  exitCode: number | null;
  endedBy: string | null;
  stdout: string;
  stderr: string;
  seconds: number;
  timedOut: boolean;
  /** It was ended because it wrote more than `maxLogBytes` or `bound` allow. */
  flooded: boolean;
}

/** A program that goes on running, in a process group of its own. */
export interface Child {
  readonly pid: number;
  readonly line: string;
  /** Settles when the process is gone; never rejects. */
  readonly exited: Promise<Completed>;
  readonly running: boolean;
  /** SIGTERM to the group, SIGKILL after `graceMs`; resolves when it is gone. */
  kill(graceMs?: number): Promise<void>;
}

export interface Exec {
  /** Runs to the end. A non-zero exit is an answer, not an exception. @throws InfraError when it cannot be started */
  run(command: string, args: readonly string[], options?: RunOptions): Promise<Completed>;
  /** As `run`, and a non-zero exit is an error. @throws CommandFailed */
  runOk(command: string, args: readonly string[], options?: RunOptions): Promise<Completed>;
  /** Starts and returns. */
  start(command: string, args: readonly string[], options?: RunOptions): Child;
}

export class CommandFailed extends InfraError {
  constructor(readonly completed: Completed) {
    const how = completed.timedOut
      ? 'ran out of time'
      : completed.exitCode === null
        ? `was ended by ${completed.endedBy}`
        : `exited ${completed.exitCode}`;
    const said = lastLines(completed.stderr || completed.stdout, 12);
    super(`\`${completed.line}\` ${how}${said ? `:\n${said}` : ''}`, {
      facts: {command: completed.line, exitCode: completed.exitCode},
    });
  }
}

/** Output that is kept in memory; more than this goes to a file (`log`, `stdoutFile`) or is an error of ours. */
const MAX_CAPTURED_BYTES = 64 * 1024 * 1024;
const GRACE_MS = 2000;

/**
 * @param signal when it aborts, every child's process group gets SIGTERM, then SIGKILL
 * @param realm the runtime folder: what a later start in the same one may sweep
 */
export function createExec(emit: Emit, signal: AbortSignal, realm = ''): Exec {
  const start = (command: string, args: readonly string[], options: RunOptions = {}): Child =>
    startChild(command, args, options, {emit, signal, mark: ownerMark(realm)});
  const run = async (command: string, args: readonly string[], options: RunOptions = {}): Promise<Completed> => {
    signal.throwIfAborted();
    const completed = await start(command, args, options).exited;
    signal.throwIfAborted();
    return completed;
  };
  return {
    start,
    run,
    runOk: async (command, args, options) => {
      const completed = await run(command, args, options);
      if (completed.exitCode !== 0) throw new CommandFailed(completed);
      return completed;
    },
  };
}

function startChild(
  command: string,
  args: readonly string[],
  options: RunOptions,
  {emit, signal: contextSignal, mark}: {emit: Emit; signal: AbortSignal; mark: string},
): Child {
  const line = redactLine(shellLine([command, ...args], options.env));
  const tell: Emit = options.quiet === true ? () => {} : emit;
  tell({type: 'command', line, ...(options.cwd === undefined ? {} : {cwd: options.cwd})});
  const started = performance.now();
  const logFd = options.log === undefined ? undefined : openSync(options.log, 'a');
  const outFd = options.stdoutFile === undefined ? undefined : openSync(options.stdoutFile, 'w');
  // detached: a group of its own, so that grandchildren (cc1 under make) can be stopped with it.
  const settings = {
    ...(options.cwd === undefined ? {} : {cwd: options.cwd}),
    env: {...options.env, [OWNER_VARIABLE]: mark},
    ...(options.input === undefined ? {stdin: options.stdinFd ?? 'ignore'} : {input: options.input}),
    stdout: outFd ?? logFd ?? 'pipe',
    stderr: logFd ?? 'pipe',
    detached: true,
    reject: false,
    cleanup: false,
    stripFinalNewline: false,
    maxBuffer: MAX_CAPTURED_BYTES,
  };
  // Raw descriptors keep stdout and stderr in the order written; execa takes them, its type says so for lists only.
  const child = execa(command, [...args], settings as Options);
  for (const fd of [logFd, outFd]) if (fd !== undefined) closeSync(fd);
  let running = child.pid !== undefined;
  let timedOut = false;
  let flooded = false;

  const stopGroup = (): void => void kill(GRACE_MS);
  const signals = options.signal === undefined ? [contextSignal] : [contextSignal, options.signal];
  for (const source of signals) {
    if (source.aborted) queueMicrotask(stopGroup);
    else source.addEventListener('abort', stopGroup, {once: true});
  }
  const timer =
    options.timeoutSeconds === undefined
      ? undefined
      : setTimeout(() => {
          timedOut = true;
          stopGroup();
        }, options.timeoutSeconds * 1000);

  const watch = watchSize(options, () => {
    flooded = true;
    stopGroup();
  });

  const exited = child.then((result): Completed => {
    running = false;
    clearInterval(watch);
    tell({type: 'command-end', line, seconds: (performance.now() - started) / 1000});
    clearTimeout(timer);
    for (const source of signals) source.removeEventListener('abort', stopGroup);
    if (child.pid === undefined) throw cannotStart(command, line, result);
    if (result.isMaxBuffer) throw new InfraError(`\`${line}\` printed more than ${MAX_CAPTURED_BYTES} bytes`);
    return {
      line,
      exitCode: result.exitCode ?? null,
      endedBy: result.signal ?? null,
      stdout: typeof result.stdout === 'string' ? result.stdout : '',
      stderr: typeof result.stderr === 'string' ? result.stderr : '',
      seconds: (performance.now() - started) / 1000,
      timedOut,
      flooded,
    };
  });
  // A child that could not be started rejects; whoever awaits sees it, and nobody else must crash on it.
  exited.catch(() => {});

  async function kill(graceMs: number): Promise<void> {
    if (child.pid === undefined) return;
    signalGroup(child.pid, 'SIGTERM');
    const late = setTimeout(() => child.pid !== undefined && signalGroup(child.pid, 'SIGKILL'), graceMs);
    await exited.catch(() => {});
    clearTimeout(late);
    // The leader is gone; whatever it left in its group goes with it.
    signalGroup(child.pid, 'SIGKILL');
  }

  return {
    pid: child.pid ?? -1,
    line,
    exited,
    get running() {
      return running;
    },
    kill: (graceMs = GRACE_MS) => kill(graceMs),
  };
}

/** How often a log is looked at; what is printed in between is on the disk, and not in memory. */
const WATCH_MS = 500;

function watchSize({log, maxLogBytes, bound}: RunOptions, onFlood: () => void): NodeJS.Timeout | undefined {
  const sizeOf = (file: string): number => statSync(file, {throwIfNoEntry: false})?.size ?? 0;
  const limits = bound === undefined ? [] : [bound];
  if (log !== undefined && maxLogBytes !== undefined) {
    limits.push({file: log, maxBytes: sizeOf(log) + maxLogBytes});
  }
  if (limits.length === 0) return undefined;
  const timer = setInterval(() => {
    if (limits.every(({file, maxBytes}) => sizeOf(file) <= maxBytes)) return;
    clearInterval(timer);
    onFlood();
  }, WATCH_MS);
  return timer;
}

/** Sends to a whole group; a group that is gone is what was wanted. */
export function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

function cannotStart(command: string, line: string, cause: unknown): InfraError {
  return new InfraError(`Cannot start \`${command}\`: ${(cause as {originalMessage?: string}).originalMessage ?? ''}`, {
    hint: 'Run `kverdict doctor`: it names what the host lacks and the command that fixes it.',
    facts: {command: line},
    cause,
  });
}
