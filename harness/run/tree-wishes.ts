// SPDX-License-Identifier: MIT
/** What the tree's own selftests want of a kernel: read from the commit, so that nothing has to be checked out for it. */
import type {AskedSymbol} from '../kernel/kconfig-fragment.js';
import {parseWishes} from '../kernel/kconfig-wishes.js';
import type {ArchName} from '../kernel/kernel-build.js';
import type {Context} from '../lib/context.js';
import {UserError} from '../lib/errors.js';
import {SELFTESTS} from '../suite/target-suite.js';
import {readAt} from '../tree/read-at.js';
import type {SourceTree} from '../tree/source-tree.js';
import type {SideCommit} from './kernels.js';
import type {Lane} from './schedule.js';

/** Fragments of a target's folder: for every architecture, and for one (`config.x86_64`) by either of its names. */
const FRAGMENTS: Readonly<Record<ArchName, readonly string[]>> = {
  x86_64: ['config', 'config.x86_64', 'config.x86'],
  arm64: ['config', 'config.arm64', 'config.aarch64'],
};

/**
 * The symbols that the selected targets of the tree ask for. Both sides get the same: those of the commit whose
 * selftests are run.
 *
 * @throws UserError for a target that the tree does not have
 */
export async function readTreeWishes(
  ctx: Context,
  tree: SourceTree,
  commit: string,
  lanes: readonly Lane[],
  arches: readonly ArchName[],
): Promise<Map<ArchName, AskedSymbol[]>> {
  const targets = [...new Set(lanes.flatMap(({suite}) => suite.target ?? []))].sort();
  for (const target of targets) await checkTarget(ctx, tree, commit, target);
  const wishes = new Map<ArchName, AskedSymbol[]>();
  for (const arch of arches) {
    const asked: AskedSymbol[] = [];
    for (const path of targets.flatMap((target) => FRAGMENTS[arch].map((name) => `${SELFTESTS}/${target}/${name}`))) {
      const read = parseWishes((await readAt(ctx, tree, commit, path)) ?? '', path);
      asked.push(...read.asked);
      for (const line of read.odd) ctx.emit({type: 'warning', message: `Not understood, and left out: ${line}`});
    }
    wishes.set(arch, asked);
  }
  return wishes;
}

/** The commit whose selftests run on both sides. */
export function selftestsCommit(sides: readonly SideCommit[], from: 'patched' | 'base'): string {
  const source = sides.find(({side}) => side === from) ?? sides[0];
  if (source === undefined) throw new Error('No side to take the selftests from');
  return source.commit;
}

async function checkTarget(ctx: Context, tree: SourceTree, commit: string, target: string): Promise<void> {
  if ((await readAt(ctx, tree, commit, `${SELFTESTS}/${target}/Makefile`)) !== undefined) return;
  const makefile = (await readAt(ctx, tree, commit, `${SELFTESTS}/Makefile`)) ?? '';
  const known = [...makefile.matchAll(/^TARGETS\s*\+?=\s*(\S+)/gm)].map(([, name]) => name ?? '');
  throw new UserError(`\`${tree.origin}\` has no ${SELFTESTS}/${target}`, {
    hint: `Its TARGETS are: ${known.join(', ') || '<none>'}.`,
    facts: {target, known},
  });
}
