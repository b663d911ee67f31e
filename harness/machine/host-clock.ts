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

export class HostClock {
  readonly #began: number;
  readonly #pids: readonly number[];
  #at: number;
  #threads: ReadonlyMap<string, ThreadTime>[];
  #cpus: {used: number; stolen: number};
  #lostMs = 0;

  /** Begins now. @param pid QEMU's; kverdict itself counts as well, as it has its half of each handshake to do */
  constructor(
    pid: number,
    readonly host: HostTimes = LINUX,
  ) {
    this.#pids = pid === process.pid ? [pid] : [pid, process.pid];
    this.#threads = this.#pids.map((each) => host.threads(each));
    this.#cpus = host.cpus();
    this.#at = host.now();
    this.#began = this.#at;
  }

  /** Seconds on the wall. */
  get wall(): number {
    return (this.host.now() - this.#began) / 1000;
  }

  /** Seconds given, as of now. @param ageMs what was looked up so lately is good enough: a look reads a dozen files */
  given(ageMs = 0): number {
    const now = this.host.now();
    if (now - this.#at >= ageMs) this.#look(now);
    return Math.max(0, (now - this.#began - this.#lostMs) / 1000);
  }

  #look(now: number): void {
    const threads = this.#pids.map((pid) => this.host.threads(pid));
    const parts = threads.map((each, index) => between(this.#threads[index] ?? new Map(), each));
    const [machine = NOTHING] = parts;
    const cpus = this.host.cpus();
    const [used, stolen] = [cpus.used - this.#cpus.used, cpus.stolen - this.#cpus.stolen];
    const taken = stolen <= 0 ? 0 : stolen / (Math.max(0, used) + stolen);
    this.#lostMs += Math.max(...parts.map(({lostMs}) => lostMs)) + machine.busyMs * (1 - machine.waiting) * taken;
    [this.#threads, this.#cpus, this.#at] = [threads, cpus, now];
  }
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
