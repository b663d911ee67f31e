// SPDX-License-Identifier: MIT
/** How fast this host is, from the boots that it has shown; every limit that could blame a kernel is scaled by it. */
import type {Accelerator} from './profile.js';

/** How long something may take, and what that was made of. */
export interface Limit {
  /** Of time that the host gave (see `HostClock`). */
  seconds: number;
  /** `5 s x 20 (tcg) x 4.5: a guest boots in 9.0 s here, where 2 s is usual` */
  because: string;
}

/** From the seconds that a step may take with KVM on an ordinary host to its limit here. */
export type Scale = (seconds: number) => Limit;

/** A boot, in seconds that the host gave, and what it takes on an ordinary host. */
export interface ShownBoot {
  seconds: number;
  usual: number;
}

/**
 * Limits are written for KVM. CPU time under TCG against the same program on the same host's own CPU: md5sum 30
 * times, uffd_wp_race 15, uffd-unit-tests 27, uffd-stress 43 (one run each, QEMU 10.0.2, x86_64); the limits in the
 * manifests leave room for the rest.
 */
export const TIMEOUT_SCALE = {kvm: 1, tcg: 20} as const;

/**
 * Seconds until a guest lets us in. TCG: 1.3 to 1.5 s on two idle cores of 2023 (both architectures, QEMU 10.0.2), with
 * room for a special profile. KVM: a tenth of the kernel's part, and our own half of the SSH handshake.
 */
export const USUAL_BOOT = {kvm: 0.5, tcg: 2} as const;
/** Until the kernel starts /init, with one vCPU. */
export const USUAL_PROBE = 0.3;

/** The last so many boots count: a host that was slow an hour ago need not be slow now. */
const LAST = 5;
/** Of one slow boot more cannot be concluded: KVM in an emulated host was 40 times slower than usual. */
const MOST = 60;

/** Below that it is chance, and limits stay the round figures that they are. */
const TOLD = 1.2;

export class HostPace {
  readonly #boots: ShownBoot[] = [];

  /** @param shown by the probe, where there was one */
  constructor(shown?: ShownBoot) {
    if (shown !== undefined) this.#boots.push(shown);
  }

  /** A guest has booted. */
  note(boot: ShownBoot): void {
    this.#boots.push(boot);
    if (this.#boots.length > LAST) this.#boots.shift();
  }

  /** At least 1: a fast host does not make limits shorter. */
  get slowdown(): number {
    const {seconds, usual} = this.#slowest;
    return Math.min(MOST, Math.max(1, seconds / usual));
  }

  /** What a step that takes `seconds` with KVM on an ordinary host may take here. */
  limit({kind}: Pick<Accelerator, 'kind'>, seconds: number): Limit {
    const {slowdown} = this;
    const {seconds: shown, usual} = this.#slowest;
    const factor = TIMEOUT_SCALE[kind];
    const words = [`${seconds} s`, ...(factor === 1 ? [] : [`${factor} (${kind})`])];
    if (slowdown >= TOLD)
      words.push(`${slowdown.toFixed(1)}: a guest boots in ${shown.toFixed(1)} s here, where ${usual} s is usual`);
    return {seconds: seconds * factor * (slowdown >= TOLD ? slowdown : 1), because: words.join(' x ')};
  }

  /** The probe's boot is shorter than a guest's: each is held against its own figure. */
  get #slowest(): ShownBoot {
    const none: ShownBoot = {seconds: 1, usual: 1};
    return this.#boots.reduce((a, b) => (b.seconds / b.usual > a.seconds / a.usual ? b : a), none);
  }
}

/** `450 s (5 s x 20 (tcg) x 4.5: …)` */
export const limitWords = ({seconds, because}: Limit): string => `${rounded(seconds)} s (${because})`;

const rounded = (seconds: number): string => String(Number(seconds.toFixed(seconds < 10 ? 1 : 0)));
