// SPDX-License-Identifier: MIT
import type {Tokens} from '../engine/tokens.js';
import type {Image} from '../image/image.js';
import type {ArchName, KernelBuild, Side} from '../kernel/kernel-build.js';
import type {KernelPolicy} from '../klog/policy.js';
import type {HostPace} from '../machine/host-pace.js';
import type {Accelerator, Profile} from '../machine/profile.js';
import type {Qemu} from '../machine/qemu.js';
import type {CompiledSuite} from '../suite/compile.js';
import type {SuiteModules} from '../suite/compile-modules.js';
import type {Selection} from '../suite/select.js';
import type {Test} from '../suite/suite.js';
import type {Untestable} from '../verdict/untestable.js';
import type {Ledger} from './ledger.js';
import type {RunDir} from './run-dir.js';
import type {Lane} from './schedule.js';

/** A profile that guests can be booted on here. */
export interface Bench {
  profile: Profile;
  qemu: Qemu;
  accelerator: Accelerator;
  /** How fast this host has shown to be on the profile: scales every limit. */
  pace: HostPace;
  image: Image;
  /** Programs to push, by suite. */
  programs: ReadonlyMap<string, CompiledSuite>;
  /** Base's own, of the suites where they differ from what the series makes of them. */
  own: ReadonlyMap<string, CompiledSuite>;
}

/** Everything that stands ready before the first attempt. */
export interface Lab {
  run: RunDir;
  ledger: Ledger;
  tokens: Tokens;
  selection: Selection;
  /** What kernels may say without failing a test. */
  policy: KernelPolicy;
  /** Keep the memory of a guest that hangs. */
  dumpGuest: boolean;
  /** Of the profiles that are needed, those first that reach what changed. */
  lanes: readonly Lane[];
  benches: ReadonlyMap<string, Bench>;
  kernels: Kernels;
  modules: Modules;
  archOf(profile: string): ArchName;
  /** What a side is called in the results: `only` where there is no other. */
  nameOf(side: Side): Side | 'only';
  /** First attempts a side of a test. */
  firstOf(test: Pick<Test, 'racy' | 'rate'>): number;
  /** Guests so far: the next one's name. */
  guestCount: number;
  /** Suites that one side or both cannot run. */
  untestable: readonly Untestable[];
}

/** Kernels by architecture and side; a build that failed is absent. */
export type Kernels = ReadonlyMap<string, KernelBuild>;

/** The modules that fit them, by the same keys. */
export type Modules = ReadonlyMap<string, SuiteModules>;

export const kernelKey = (arch: ArchName, side: Side): string => `${arch}/${side}`;
