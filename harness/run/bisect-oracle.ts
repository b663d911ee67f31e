// SPDX-License-Identifier: MIT
/** What a commit does, from real kernels and guests. */
import type {Finding} from '../bisect/bisection.js';
import type {Seen} from '../bisect/hunt.js';
import type {Oracle} from '../bisect/oracle.js';
import type {Executor} from '../engine/executor.js';
import {createLocalExecutor} from '../engine/local.js';
import type {Tokens} from '../engine/tokens.js';
import {messageLine} from '../kernel/build-failed.js';
import type {ArchName, KernelBuild} from '../kernel/kernel-build.js';
import {kernelIdentity} from '../kernel/kernel-identity.js';
import type {Context} from '../lib/context.js';
import {InfraError} from '../lib/errors.js';
import {clip} from '../lib/text.js';
import {type Attempt, BOOT_TEST} from '../suite/attempt.js';
import {lockTree} from '../tree/check-out.js';
import type {SourceTree} from '../tree/source-tree.js';
import {UNTESTABLE} from '../verdict/untestable.js';
import {prepareBenches} from './benches.js';
import {hostTokens} from './build-everything.js';
import {triesIn} from './given-up.js';
import {buildKernels} from './kernels.js';
import {type Bench, type Kernels, kernelKey, type Lab, type Modules} from './lab.js';
import {fillLanes} from './lanes.js';
import {Ledger} from './ledger.js';
import type {Plan} from './prepare.js';
import type {Request} from './request.js';
import {RunDir} from './run-dir.js';
import type {Lane, Unit} from './schedule.js';
import {seenIn} from './seen.js';
import {readTreeWishes} from './tree-wishes.js';
import {runUnit} from './unit.js';
import {untestableOf} from './untestable.js';

export interface OracleWork {
  tree: SourceTree;
  /** One profile, so one architecture. */
  plan: Plan;
  profile: string;
  request: Request;
  run: RunDir;
  commitOf(at: number): string;
  /** The bad end: its selftests run on every kernel, so that the test itself is no variable. */
  selftests: string;
  /** Numbers the folders; goes on where an earlier call stopped. */
  firstStep: number;
}

interface Built {
  kernels: Kernels;
  modules: Modules;
}

interface OpenBench {
  benches: ReadonlyMap<string, Bench>;
  lanes: readonly Lane[];
}

/** A kernel that did not boot is tried once more; then it is one that does not. */
const BOOT_TRIES = 2;

export class KernelOracle implements Oracle {
  readonly #executor: Executor;
  readonly #tokens: Tokens = hostTokens();
  readonly #built = new Map<number, Built>();
  readonly #arch: ArchName;
  #bench: OpenBench | undefined;
  #step: number;

  constructor(
    readonly ctx: Context,
    readonly work: OracleWork,
  ) {
    this.#executor = createLocalExecutor(work.request.jobs, ctx.signal);
    this.#step = work.firstStep;
    const [arch] = work.plan.arches;
    if (arch === undefined) throw new Error('A bisect needs one architecture');
    this.#arch = arch;
  }

  async prepare(at: number): Promise<Finding> {
    const started = performance.now();
    const seconds = (): number => (performance.now() - started) / 1000;
    const built = await this.#build(at, this.#openStep(at));
    if ('reason' in built) return {type: 'skip', at, reason: built.reason, seconds: seconds()};
    const {cached} = built.kernel;
    return {type: 'kernel', at, kernel: await kernelIdentity(built.kernel), seconds: seconds(), cached};
  }

  async *attempt(at: number, attempts: number): AsyncGenerator<Finding, void> {
    const run = this.#openStep(at);
    const known = this.#built.get(at);
    const built = known ?? (await this.#build(at, run));
    if ('reason' in built) {
      yield {type: 'skip', at, reason: built.reason, seconds: 0};
      return;
    }
    const {lab, lanes} = this.#lab(run, built);
    const started = Array.from({length: attempts}, (_, index) => this.#one(lab, lanes, index + 1));
    try {
      for (const [index, each] of started.entries()) {
        let {seconds, attempts: got} = await each;
        const alone = got.length === 0 && attempts < BOOT_TRIES && this.#refusals(lab) > 0;
        // What went wrong once on our side, or in a boot, may go well the next time.
        if (alone || isOurs(got)) ({seconds, attempts: got} = await this.#one(lab, lanes, attempts + index + 1));
        if (got.length === 0 && this.#refusals(lab) >= BOOT_TRIES) {
          yield {type: 'skip', at, reason: `does not boot: ${bootFailure(lab)}`, seconds};
          return;
        }
        yield {type: 'attempt', at, seen: this.#seen(lab, got), seconds};
      }
    } finally {
      // A guest that is still there belongs to this step.
      await Promise.allSettled(started);
    }
  }

  async #one(lab: Lab, lanes: readonly Lane[], number: number): Promise<{attempts: Attempt[]; seconds: number}> {
    let began = performance.now();
    await this.#executor.submit(async () => {
      began = performance.now();
      for (const {profile, suite} of lanes) {
        const unit: Unit = {profile, suite, side: 'patched', number, only: undefined};
        await runUnit(this.ctx, lab, unit);
      }
    });
    // That it booted is not a result.
    const attempts = lab.ledger.attempts.filter((one) => one.number === number && one.test !== BOOT_TEST);
    return {attempts, seconds: (performance.now() - began) / 1000};
  }

  /** @throws InfraError when our host is why there is no result: that must not look like a commit that cannot be tested */
  #seen(lab: Lab, attempts: readonly Attempt[]): Seen {
    const [first] = attempts;
    if (first === undefined) return {failures: [], passed: [], nothing: `the guest did not boot: ${bootFailure(lab)}`};
    if (isOurs(attempts)) {
      throw new InfraError(first.notRun?.reason ?? 'no guest could be started', {
        hint: 'Nothing is lost: the same command goes on from here.',
      });
    }
    return seenIn(attempts, lab.selection, lab.run.path);
  }

  async #build(at: number, run: RunDir): Promise<(Built & {kernel: KernelBuild}) | {reason: string}> {
    const {ctx, work} = this;
    const {tree, plan, request} = work;
    const ledger = new Ledger(request.commandLine);
    await using _lock = await lockTree(ctx, tree);
    const wishes = await readTreeWishes(ctx, tree, work.selftests, plan.lanes, plan.arches);
    const side = {side: 'patched', name: 'only', commit: work.commitOf(at)} as const;
    const built = await buildKernels(ctx, run, ledger, tree, [side], {...plan, wishes, touched: []}, request);
    const kernel = built.kernels.get(kernelKey(this.#arch, 'patched'));
    if (kernel === undefined) {
      const [error] = ledger.builds.flatMap(({errors}) => errors.filter(({kind}) => kind === 'error'));
      return {reason: `does not build${error === undefined ? '' : `: ${clip(messageLine(error), 200)}`}`};
    }
    // A kernel without what the test is about says nothing of it.
    const [untestable] = plan.lanes.flatMap((lane) => untestableOf(plan, lane, ledger.builds));
    if (untestable !== undefined) return {reason: `${UNTESTABLE.tree}: ${untestable.reason}`};
    this.#built.set(at, built);
    this.#bench ??= await this.#openBench(ledger, built.kernels);
    return {...built, kernel};
  }

  /** Machine, image and test programs, once for all steps. The caller holds the tree's lock. */
  async #openBench(ledger: Ledger, kernels: Kernels): Promise<OpenBench> {
    const {ctx, work} = this;
    const sides = [{side: 'patched', name: 'only', commit: work.selftests} as const];
    const benches = await prepareBenches(ctx, {...work, ledger, sides, touched: []}, kernels);
    if (!benches.has(work.profile)) {
      const reason = ledger.profiles.find(({name}) => name === work.profile)?.reason ?? 'it cannot be used';
      throw new InfraError(`${work.profile} is unsupported here: ${reason}`, {
        hint: '`kverdict list profiles` says which work.',
      });
    }
    const {lanes, selection} = work.plan;
    return {benches, lanes: fillLanes(ctx, lanes, benches, selection, work.request.overrideTimeout)};
  }

  #lab(run: RunDir, {kernels, modules}: Built): {lab: Lab; lanes: readonly Lane[]} {
    if (this.#bench === undefined) throw new Error('No bench is open');
    const {benches, lanes} = this.#bench;
    const {plan, request} = this.work;
    const lab: Lab = {
      ...{run, kernels, modules, benches, lanes, tokens: this.#tokens, selection: plan.selection},
      ...{policy: plan.policy, dumpGuest: request.dumpGuest === true},
      ledger: new Ledger(request.commandLine),
      archOf: () => this.#arch,
      nameOf: () => 'only',
      // How often a test runs is the search's to say, an attempt at a time.
      firstOf: () => 1,
      guestCount: 0,
      untestable: [],
    };
    return {lab, lanes};
  }

  #refusals(lab: Lab): number {
    return triesIn(lab.ledger.guests, this.work.profile, lab.nameOf).refused('patched');
  }

  #openStep(at: number): RunDir {
    const {ctx, work} = this;
    const name = `${String(++this.#step).padStart(3, '0')}-${work.commitOf(at).slice(0, 12)}`;
    return RunDir.open(ctx.paths, work.run.folder('steps', name), new Date());
  }
}

function bootFailure(lab: Lab): string {
  const failed = lab.ledger.guests.find(({ended}) => ended === 'boot-failed');
  return clip((failed?.detail ?? 'the guest did not answer').split('\n')[0] ?? '', 200);
}

const isOurs = (attempts: readonly Attempt[]): boolean =>
  attempts.length > 0 && attempts.every(({notRun}) => notRun?.blame === 'infra');
