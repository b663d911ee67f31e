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
  /** The lowest QEMU that this profile can be trusted on: `10.0`. */
  minQemu: string;
}

/** Which accelerator a guest runs on, and why: part of every result. */
export interface Accelerator {
  kind: 'kvm' | 'tcg';
  /** `KVM: /dev/kvm opens, but a guest did not boot with it within 20 s` */
  reason: string;
}
