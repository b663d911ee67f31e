// SPDX-License-Identifier: MIT
/**
 * The time that this host gave to a machine. Its limits are counted in it: a guest whose threads were ready to run and
 * got no CPU (a cgroup's cpu.max, a build beside it, a hypervisor that took the CPUs away) has not had its time yet. A
 * guest that sleeps wants no CPU, so that its time goes on.
 *
 * Linux says for each thread how long it ran and how long it was ready and waited (/proc/PID/task/TID/schedstat,
 * Documentation/scheduler/sched-stats.rst; time in which a cgroup is throttled is waiting), and how much of its CPUs a
 * hypervisor took (`steal`, proc_stat(5)). Where it says neither, given time is wall time.
 */
import {readdirSync, readFileSync} from 'node:fs';

/** Nanoseconds of one thread. */
export interface ThreadTime {
  ran: number;
  waited: number;
}

/** What the host's /proc says; a parameter so that tests can starve a machine. */
export interface HostTimes {
  /** By thread; empty where it is not known. */
  threads(pid: number): ReadonlyMap<string, ThreadTime>;
  /** Of all CPUs, in any unit: time in use, and time taken away. */
  cpus(): {used: number; stolen: number};
  /** Milliseconds, monotonic. */
  now(): number;
}

/**
 * A wait ends after so many times its limit on the wall clock, whatever a machine was given: a host that gives it less
 * than a twentieth of what it asks for cannot be worked with.
 */
export const PATIENCE = 20;

/**
 * What was lost is added up over windows of this size. Threads that wait at the same time are one loss; each one's wait
 * is told when it is over, at a moment of its own, so that shorter windows would count it more than once.
 */
const WINDOW_MS = 5000;

/** What was seen at one moment. */
interface Look {
  at: number;
  /** QEMU's, and our own. */
  threads: ReadonlyMap<string, ThreadTime>[];
  cpus: {used: number; stolen: number};
}

export class HostClock {
  readonly #pids: readonly number[];
  readonly #began: Look;
  /** The begin of the window that is open. */
  #window: Look;
  #last: Look;
  /** In the windows that are closed. */
  #lostMs = 0;

  /** Begins now. @param pid QEMU's; kverdict itself counts as well, as it has its half of each handshake to do */
  constructor(
    pid: number,
    readonly host: HostTimes = LINUX,
  ) {
    this.#pids = pid === process.pid ? [pid] : [pid, process.pid];
    this.#began = this.#look();
    this.#window = this.#began;
    this.#last = this.#began;
  }

  /** Seconds on the wall. */
  get wall(): number {
    return (this.host.now() - this.#began.at) / 1000;
  }

  /** Seconds given, as of now. @param ageMs what was looked up so lately is good enough: a look reads a dozen files */
  given(ageMs = 0): number {
    if (this.host.now() - this.#last.at >= ageMs) this.#last = this.#look();
    const lost = this.#lostMs + lostBetween(this.#window, this.#last);
    if (this.#last.at - this.#window.at >= WINDOW_MS) {
      this.#lostMs = lost;
      this.#window = this.#last;
    }
    // Whatever was lost, what a thread ran for it was given.
    return Math.max(0, this.wall - lost / 1000, longestRun(this.#began, this.#last) / 1000);
  }

  #look(): Look {
    return {
      at: this.host.now(),
      threads: this.#pids.map((each) => this.host.threads(each)),
      cpus: this.host.cpus(),
    };
  }
}

/** Milliseconds that the machine, or kverdict for it, wanted a CPU and had none. */
function lostBetween(before: Look, after: Look): number {
  const parts = after.threads.map((each, index) => between(before.threads[index] ?? new Map(), each));
  const [machine = NOTHING] = parts;
  const [used, stolen] = [after.cpus.used - before.cpus.used, after.cpus.stolen - before.cpus.stolen];
  const taken = stolen <= 0 ? 0 : stolen / (Math.max(0, used) + stolen);
  return Math.max(...parts.map(({lostMs}) => lostMs)) + machine.busyMs * (1 - machine.waiting) * taken;
}

/** Of one thread of QEMU, in milliseconds; with what a hypervisor took, which is not told apart. */
function longestRun({threads: [before], cpus}: Look, {threads: [after], ...end}: Look): number {
  if (end.cpus.stolen > cpus.stolen) return 0;
  const runs = [...(after ?? [])].map(([thread, {ran}]) => ran - (before?.get(thread)?.ran ?? 0));
  return Math.max(0, ...runs) / 1e6;
}

interface Part {
  /** The thread that wanted a CPU for longest. */
  busyMs: number;
  /** Of what all threads wanted, the part that they waited. */
  waiting: number;
  lostMs: number;
}

const NOTHING: Part = {busyMs: 0, waiting: 0, lostMs: 0};

/** A thread's wait is known when it runs again: one look may show more of it than passed since the last. */
function between(before: ReadonlyMap<string, ThreadTime>, after: ReadonlyMap<string, ThreadTime>): Part {
  let [ran, waited, busy] = [0, 0, 0];
  for (const [thread, time] of after) {
    const since = before.get(thread) ?? {ran: 0, waited: 0};
    const [run, wait] = [Math.max(0, time.ran - since.ran), Math.max(0, time.waited - since.waited)];
    ran += run;
    waited += wait;
    busy = Math.max(busy, run + wait);
  }
  if (ran + waited === 0) return NOTHING;
  const waiting = waited / (ran + waited);
  const busyMs = busy / 1e6;
  return {busyMs, waiting, lostMs: busyMs * waiting};
}

const LINUX: HostTimes = {
  threads: (pid) => {
    const times = new Map<string, ThreadTime>();
    // Of ourselves the thread that runs JavaScript, the first one, is what the guest waits for.
    for (const thread of pid === process.pid ? [String(pid)] : threadsOf(pid)) {
      const [ran, waited] = numbersOf(`/proc/${pid}/task/${thread}/schedstat`);
      if (ran !== undefined && waited !== undefined) times.set(thread, {ran, waited});
    }
    return times;
  },
  cpus: () => {
    const [user = 0, nice = 0, system = 0, , , irq = 0, softirq = 0, stolen = 0] = numbersOf('/proc/stat');
    return {used: user + nice + system + irq + softirq, stolen};
  },
  now: () => performance.now(),
};

function threadsOf(pid: number): string[] {
  try {
    return readdirSync(`/proc/${pid}/task`);
  } catch {
    return []; // It has ended.
  }
}

/** The numbers of a file's first line. */
function numbersOf(file: string): number[] {
  try {
    const [line = ''] = readFileSync(file, 'latin1').split('\n', 1);
    return (line.match(/(?<!\w)\d+/g) ?? []).map(Number);
  } catch {
    return []; // The thread has ended, or this kernel does not tell.
  }
}
