// SPDX-License-Identifier: MIT
/**
 * What the core says while it works. The core never prints: the live table, the lines of a pipe and `events.jsonl`
 * are three readers of this one stream (see `cli/progress.ts`).
 *
 * A step is anything that can take more than two seconds: it starts, may tell how far it is, and ends.
 */
export type StepKind =
  | 'series'
  | 'tree'
  | 'config'
  | 'build'
  | 'image'
  | 'probe'
  | 'compile'
  | 'guest'
  | 'attempt'
  | 'sentinel'
  | 'itself'
  | 'simulate'
  | 'report';

export type RunEvent =
  | {type: 'step-start'; id: string; kind: StepKind; label: string}
  | {type: 'step-progress'; id: string; done: number; total?: number; detail?: string}
  | {type: 'step-end'; id: string; status: 'ok' | 'failed' | 'cached' | 'skipped'; seconds: number; detail?: string}
  /** A decision worth a line: a base that was tried, a fall-back to TCG, a guest that was replaced. */
  | {type: 'note'; message: string}
  | {type: 'warning'; message: string}
  /** Every child process, as a line that can be pasted into a shell. */
  | {type: 'command'; line: string; cwd?: string}
  /** One for each `command`, when its process is gone. */
  | {type: 'command-end'; line: string; seconds: number};

export type Emit = (event: RunEvent) => void;

/** For callers that do not listen (tests, libraries). */
export const noEvents: Emit = () => {};

/** A step that is under way. */
export interface Step {
  progress(done: number, total?: number, detail?: string): void;
  end(status: 'ok' | 'failed' | 'cached' | 'skipped', detail?: string): void;
}

/** Starts a step; the caller ends it (on every path). */
export function startStep(emit: Emit, kind: StepKind, id: string, label: string): Step {
  const started = performance.now();
  emit({type: 'step-start', id, kind, label});
  return {
    progress: (done, total, detail) =>
      emit({
        type: 'step-progress',
        id,
        done,
        ...(total === undefined ? {} : {total}),
        ...(detail === undefined ? {} : {detail}),
      }),
    end: (status, detail) =>
      emit({
        type: 'step-end',
        id,
        status,
        seconds: (performance.now() - started) / 1000,
        ...(detail === undefined ? {} : {detail}),
      }),
  };
}

/** Runs `work` as a step: `ok` when it returns, `failed` when it throws. */
export async function inStep<T>(
  emit: Emit,
  kind: StepKind,
  id: string,
  label: string,
  work: (step: Step) => Promise<T>,
): Promise<T> {
  let ended = false;
  const step = startStep(emit, kind, id, label);
  const once: Step = {
    progress: step.progress,
    end: (status, detail) => {
      if (!ended) step.end(status, detail);
      ended = true;
    },
  };
  try {
    const value = await work(once);
    once.end('ok');
    return value;
  } catch (error) {
    once.end('failed', error instanceof Error ? error.message.split('\n')[0] : String(error));
    throw error;
  }
}
