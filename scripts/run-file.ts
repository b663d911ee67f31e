// SPDX-License-Identifier: MIT
import {spawn} from 'node:child_process';
import {readdirSync, readFileSync} from 'node:fs';

/** How the program of a test file, or of a gate, ended. */
export interface FileRun {
  /** Of its exit; null: a signal ended it, or it could not be started. */
  code: number | null;
  /** What it printed; with why the runner ended it, when it did. */
  output: string;
}

export interface FileOptions {
  cwd: string;
  /** Shown as it comes instead of kept: the progress of a real run. */
  showStderr: boolean;
  /** When its time is over, it and whatever it started are ended. Seconds. */
  seconds: number;
  env: NodeJS.ProcessEnv;
}

/** What a file leaves running has this long to end by itself, ms. */
const LEFT_OVER_MS = 2000;

/**
 * Runs one file to its end, in a process group of its own. Never waits longer than its limit: a file that hangs is
 * ended, and so is what a file left running when it ended itself; both are failures that say so.
 */
export async function runFile([program = '', ...args]: readonly string[], options: FileOptions): Promise<FileRun> {
  const stdio = ['ignore', 'pipe', options.showStderr ? 'inherit' : 'pipe'] as const;
  const child = spawn(program, args, {cwd: options.cwd, env: options.env, stdio: [...stdio], detached: true});
  let output = '';
  const keep = (chunk: Buffer): void => {
    output += chunk.toString();
  };
  child.stdout?.on('data', keep);
  child.stderr?.on('data', keep);
  const interrupted = (signal: NodeJS.Signals): void => {
    endGroup(child.pid, signal);
    // When whoever runs beside it has been ended as well.
    setImmediate(() => process.exit(signal === 'SIGINT' ? 130 : 143));
  };
  process.once('SIGINT', interrupted).once('SIGTERM', interrupted);
  const limit = setTimeout(() => {
    output += `\nnot ok - it did not end within ${options.seconds} s: ended by the runner\n`;
    endGroup(child.pid, 'SIGKILL');
  }, options.seconds * 1000);
  const closed = new Promise<void>((resolve) => child.on('close', () => resolve()));
  const code = await new Promise<number | null>((resolve) => {
    child.on('error', (error) => {
      output += `\nnot ok - cannot be started: ${error.message}\n`;
      resolve(null);
    });
    child.on('exit', resolve);
  });
  clearTimeout(limit);
  process.off('SIGINT', interrupted).off('SIGTERM', interrupted);
  const left = await leftIn(child.pid);
  if (left.length > 0 && code !== null) {
    output += `\nnot ok - it ended and left running: ${left.join(', ')}: ended by the runner\n`;
  }
  endGroup(child.pid, 'SIGKILL');
  await Promise.race([closed, new Promise((resolve) => setTimeout(resolve, LEFT_OVER_MS).unref())]);
  child.stdout?.destroy();
  child.stderr?.destroy();
  return {code, output};
}

function endGroup(pid: number | undefined, signal: NodeJS.Signals): void {
  try {
    if (pid !== undefined) process.kill(-pid, signal);
  } catch {
    // Nothing of it is left.
  }
}

/** The processes of a group that still run after a moment, as `name (pid)`; what only waits to be reaped does not. */
async function leftIn(group: number | undefined): Promise<string[]> {
  let left = membersOf(group);
  for (const end = Date.now() + LEFT_OVER_MS; left.length > 0 && Date.now() < end; left = membersOf(group)) {
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return left;
}

function membersOf(group: number | undefined): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        // proc_pid_stat(5): pid (name) state ppid pgrp; the name may hold anything.
        const [, name, state, pgrp] =
          /^\d+ \((.*)\) (\S) \S+ (\S+)/s.exec(readFileSync(`/proc/${pid}/stat`, 'utf8')) ?? [];
        return Number(pgrp) === group && state !== 'Z' && state !== 'X' ? [`${name} (${pid})`] : [];
      } catch {
        return [];
      }
    });
}
