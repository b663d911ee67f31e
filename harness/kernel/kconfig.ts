// SPDX-License-Identifier: MIT
import {existsSync, renameSync, rmSync} from 'node:fs';
import {join} from 'node:path';
import type {Context} from '../lib/context.js';
import {UserError} from '../lib/errors.js';
import {needText, putBelow, takeText} from '../lib/intake.js';
import {BuildFailed} from './build-failed.js';
import {blameHost} from './host-faults.js';
import {type AskedSymbol, lineWords} from './kconfig-fragment.js';
import {type Renamed, sortUnmet, useFormerNames} from './kconfig-resolve.js';
import {inFolder, type KconfigTree, readKconfig} from './kconfig-tree.js';
import {type Lost, whyLost} from './kconfig-why.js';
import type {CompilerMessage, Side} from './kernel-build.js';
import {LEFT_TEXT} from './left-behind.js';
import {type MakeRequest, runMake} from './make.js';
import {logSize, readBuildLog} from './read-log.js';

const CONFIG = '.config';
const FRESH = '.config.kverdict';

/** What of the wishes a .config does not hold, or holds by another name. */
export interface Configured {
  /** What the tree can do without. */
  absentSymbols: string[];
  /** Needed, and the tree does not know them. */
  missingSymbols: string[];
  /** Asked for by their former names. */
  renamedSymbols: Renamed;
}

/**
 * Writes `O=/.config`: tinyconfig, what was asked for on top, olddefconfig. It is made beside the old one and takes its
 * place only when it differs: a .config with a new time stamp alone has kbuild look at every object again.
 *
 * A symbol that the tree does not know is left out and told: what that means is for those who know what needs it.
 *
 * @throws BuildFailed when the tree's own Kconfig does not work, or the patched tree knows a symbol and cannot have it
 * @throws UserError when the base cannot: a fragment asks for what does not fit this tree
 */
export async function configure(
  ctx: Context,
  make: MakeRequest,
  asked: readonly AskedSymbol[],
  side: Side | 'only',
  log: string,
): Promise<Configured> {
  const {objectDir} = make;
  const fresh = join(objectDir, FRESH);
  const config = join(objectDir, CONFIG);
  const before = logSize(log);
  const step = async (target: string, kconfig?: string): Promise<void> => {
    const {exitCode} = await runMake(ctx, {...make, ...(kconfig === undefined ? {} : {kconfig})}, [target], log);
    if (exitCode === 0) return;
    const built = readBuildLog(log, before, make);
    blameHost(built, make.objectDir, make.toolchain, log);
    throw new BuildFailed(make.arch, side, built.messages, log);
  };
  const kconfig = onDemand(make);
  const hasNames = asked.some(({was}) => was !== undefined);
  const {asked: wanted, renamed} = hasNames ? useFormerNames(asked, await kconfig()) : {asked, renamed: {}};
  await makeAside(config, fresh, () => step('tinyconfig'));
  putBelow(objectDir, FRESH, mergeConfig(needText(objectDir, FRESH, LEFT_TEXT), wanted), 0o644);
  await step('olddefconfig', fresh);
  const text = needText(objectDir, FRESH, LEFT_TEXT);
  const lost = lostSymbols(wanted, text);
  const {absent, missing, refused} = await sortUnmet(lost, kconfig);
  if (refused.length > 0) throw lostError(make, await kconfig(), refused, text, side, log);
  if (text === takeText(objectDir, CONFIG, LEFT_TEXT)) rmSync(fresh);
  else renameSync(fresh, config);
  rmSync(`${fresh}.old`, {force: true});
  const names = (list: readonly AskedSymbol[]): string[] => list.map(({symbol}) => symbol);
  return {absentSymbols: names(absent), missingSymbols: names(missing), renamedSymbols: renamed};
}

/** The tree's Kconfig, read when it is first asked for: 0.3 s. */
function onDemand({sourceDir, arch}: MakeRequest): () => Promise<KconfigTree> {
  let tree: Promise<KconfigTree> | undefined;
  return () => {
    tree ??= readKconfig(inFolder(sourceDir), arch);
    return tree;
  };
}

/**
 * Moves what `make` writes as `config` to `fresh`, and leaves the old one as it was. In older trees (6.1, 5.10)
 * tinyconfig merges into `.config`, wherever KCONFIG_CONFIG points.
 */
async function makeAside(config: string, fresh: string, make: () => Promise<void>): Promise<void> {
  const kept = `${config}.kept`;
  const before = existsSync(config);
  if (before) renameSync(config, kept);
  try {
    await make();
    renameSync(config, fresh);
  } finally {
    if (before) renameSync(kept, config);
    rmSync(`${config}.old`, {force: true});
  }
}

/** A .config with the wishes in place of what it said about their symbols. */
export function mergeConfig(config: string, asked: readonly AskedSymbol[]): string {
  const wanted = new Set(asked.map(({symbol}) => symbol));
  const kept = config.split('\n').filter((line) => {
    const symbol = /^(?:# )?(CONFIG_[A-Za-z0-9_]+)(?:=| is not set)/.exec(line)?.[1];
    return symbol === undefined || !wanted.has(symbol);
  });
  const lines = asked.map(({symbol, value}) => (value === 'n' ? `# ${symbol} is not set` : `${symbol}=${value}`));
  return `${kept.join('\n').trimEnd()}\n${lines.join('\n')}\n`;
}

/** The wishes that a .config does not hold. A symbol that is not there at all is `n`. */
export function lostSymbols(asked: readonly AskedSymbol[], config: string): AskedSymbol[] {
  const values = configValues(config);
  return asked.filter(({symbol, value}) => (values.get(symbol) ?? 'n') !== value);
}

/** Symbols that are set, with their values. */
export function configValues(config: string): Map<string, string> {
  const values = new Map<string, string>();
  for (const match of config.matchAll(/^(CONFIG_[A-Za-z0-9_]+)=(.*)$/gm)) values.set(match[1] ?? '', match[2] ?? '');
  return values;
}

function lostError(
  make: MakeRequest,
  tree: KconfigTree,
  refused: readonly AskedSymbol[],
  config: string,
  side: Side | 'only',
  log: string,
): Error {
  const values = configValues(config);
  const lost: Lost[] = refused.map((asked) => whyLost(tree, asked, values));
  const texts = lost.map(({asked, reason}) => `${asked.symbol}=${asked.value} (${lineWords(asked)}): ${reason}`);
  // On the patched side the base had them: the series took them away.
  if (side === 'patched') {
    const messages = lost.map(
      ({file, line}, index): CompilerMessage => ({
        kind: 'error',
        file,
        line,
        column: 0,
        text: `${texts[index]}`,
      }),
    );
    return new BuildFailed(make.arch, side, messages, log);
  }
  return new UserError(`Kconfig symbols did not survive olddefconfig for ${make.arch}:\n  ${texts.join('\n  ')}`, {
    hint: 'Ask for what they depend on, or mark the line `# optional: why` when tests can do without it.',
    facts: {symbols: refused.map(({symbol}) => symbol), arch: make.arch},
  });
}
