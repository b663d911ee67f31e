// SPDX-License-Identifier: MIT
/** What a host has to share out: cores, and MiB of memory. */
export interface Amount {
  cpus: number;
  memory: number;
}

interface Waiter {
  want: Amount;
  wake: () => void;
}

/**
 * CPU and memory tokens, handed out first come, first served: a large demand is not starved by small ones behind it.
 *
 * A boot keeps one core busy and a test as many as its guest has vCPUs, so the two ask separately: guests boot side by
 * side, and a racy test has its cores to itself (contention alone can make it lie).
 */
export class Tokens {
  readonly total: Amount;
  #free: Amount;
  readonly #waiting: Waiter[] = [];

  constructor(total: Amount) {
    this.total = {...total};
    this.#free = {...total};
  }

  /**
   * Waits for `want`; a demand above the total counts as the total (a 4-vCPU guest on 2 cores takes both).
   *
   * @returns gives the tokens back; calling it twice does nothing more
   */
  async acquire(want: Amount, signal: AbortSignal): Promise<() => void> {
    const capped = {
      cpus: Math.min(want.cpus, this.total.cpus),
      memory: Math.min(want.memory, this.total.memory),
    };
    await new Promise<void>((resolve, reject) => {
      signal.throwIfAborted();
      const waiter: Waiter = {
        want: capped,
        wake: () => {
          signal.removeEventListener('abort', giveUp);
          resolve();
        },
      };
      const giveUp = (): void => {
        this.#waiting.splice(this.#waiting.indexOf(waiter), 1);
        reject(signal.reason);
        this.#serve();
      };
      signal.addEventListener('abort', giveUp, {once: true});
      this.#waiting.push(waiter);
      this.#serve();
    });
    let given = false;
    return () => {
      if (given) return;
      given = true;
      this.#free = {cpus: this.#free.cpus + capped.cpus, memory: this.#free.memory + capped.memory};
      this.#serve();
    };
  }

  #serve(): void {
    for (;;) {
      const first = this.#waiting[0];
      if (first === undefined || first.want.cpus > this.#free.cpus || first.want.memory > this.#free.memory) return;
      this.#waiting.shift();
      this.#free = {cpus: this.#free.cpus - first.want.cpus, memory: this.#free.memory - first.want.memory};
      first.wake();
    }
  }
}
