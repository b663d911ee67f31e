// SPDX-License-Identifier: MIT
import type {ArchName} from '../kernel/kernel-build.js';

/** A machine to boot: `vm-images/profiles/<name>.yaml`. Adding one is adding a file. */
export interface Profile {
  name: string;
  summary: string;
  arch: ArchName;
  /** QEMU's -M, without the accelerator. */
  machine: string;
  /** QEMU's -cpu under TCG; with KVM it is `host`. */
  cpu: string;
  /** MiB; a suite may ask for more. */
  memory: number;
  vcpus: number;
  /** Each is one argument of -device, in order. */
  devices: readonly string[];
  /** Kernel command line, before what a suite adds. */
  cmdline: string;
  /** The lowest QEMU that is tried with this profile: `10.0`. Whether it can be trusted is for the self-checks to say. */
  minQemu: string;
  /** Fragments of `vm-images/kconfig/` without which a kernel does not boot here, or lacks what is reported below. */
  kconfig: readonly string[];
  /** What a guest must report before any suite runs on it. */
  reports: {
    /** Words of `Features` (arm64) or `flags` (x86_64) in /proc/cpuinfo. */
    hwcaps: readonly string[];
    /** Absolute paths; `*` and `?` stand for what they do in a shell. */
    paths: readonly string[];
  };
  /** Programs with known answers, `<name>.c` in `selfCheckDirectory`; all must pass, or the profile is unsupported. */
  selfChecks: readonly string[];
  selfCheckDirectory: string;
}

/** Is there anything to be asked of a guest before its suites count? */
export const hasSelfChecks = ({reports, selfChecks}: Profile): boolean =>
  reports.hwcaps.length + reports.paths.length + selfChecks.length > 0;

/** Which accelerator a guest runs on, and why: part of every result. */
export interface Accelerator {
  kind: 'kvm' | 'tcg';
  /** `KVM: a guest printed nothing in 24 s with it; without it the same kernel boots in 2 s` */
  reason: string;
  /** Seconds that the probe's guest took to /init with KVM: what this host has shown. */
  probeSeconds?: number;
}
