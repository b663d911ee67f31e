// SPDX-License-Identifier: MIT
import {existsSync, renameSync, rmSync} from 'node:fs';
import {join} from 'node:path';
import type {Context} from '../lib/context.js';
import {UserError} from '../lib/errors.js';
import {needText, putBelow, takeText} from '../lib/intake.js';
import {BuildFailed} from './build-failed.js';
import {blameHost} from './host-faults.js';
import type {AskedSymbol} from './kconfig-fragment.js';
import {type Lost, whyLost} from './kconfig-why.js';
import type {CompilerMessage, Side} from './kernel-build.js';
import {LEFT_TEXT} from './left-behind.js';
import {type MakeRequest, runMake} from './make.js';
import {logSize, readBuildLog} from './read-log.js';

const CONFIG = '.config';
const FRESH = '.config.kverdict';

/**
 * Writes `O=/.config`: tinyconfig, what was asked for on top, olddefconfig. It is made beside the old one and takes its
 * place only when it differs: a .config with a new time stamp alone has kbuild look at every object again.
 *
 * @returns the optional symbols that did not survive
 * @throws BuildFailed when the tree's own Kconfig does not work, or the patched tree lost a symbol
 * @throws UserError when the base lost one: a fragment asks for what this tree does not have
 */
export async function configure(
  ctx: Context,
  make: MakeRequest,
  asked: readonly AskedSymbol[],
  side: Side | 'only',
  log: string,
): Promise<string[]> {
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
  await makeAside(config, fresh, () => step('tinyconfig'));
  putBelow(objectDir, FRESH, mergeConfig(needText(objectDir, FRESH, LEFT_TEXT), asked), 0o644);
  await step('olddefconfig', fresh);
  const text = needText(objectDir, FRESH, LEFT_TEXT);
  const missing = lostSymbols(asked, text);
  const needed = missing.filter(({optional}) => optional === undefined);
  if (needed.length > 0) throw await lostError(ctx, make, needed, text, side, log);
  if (text === takeText(objectDir, CONFIG, LEFT_TEXT)) rmSync(fresh);
  else renameSync(fresh, config);
  rmSync(`${fresh}.old`, {force: true});
  return missing.map(({symbol}) => symbol);
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

async function lostError(
  ctx: Context,
  make: MakeRequest,
  needed: readonly AskedSymbol[],
  config: string,
  side: Side | 'only',
  log: string,
): Promise<Error> {
  const values = configValues(config);
  const lost: Lost[] = [];
  for (const asked of needed) lost.push(await whyLost(ctx, make.sourceDir, asked, values));
  const texts = lost.map(
    ({asked, reason}) => `${asked.symbol}=${asked.value} (${asked.fragment}.config:${asked.line}): ${reason}`,
  );
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
    facts: {symbols: needed.map(({symbol}) => symbol), arch: make.arch},
  });
}
