// SPDX-License-Identifier: MIT
import {existsSync} from 'node:fs';
import {join} from 'node:path';
import {Command} from 'commander';
import type {Context} from '../../lib/context.js';
import {isMarked} from '../../lib/own-mark.js';
import {resolvePaths} from '../../lib/paths.js';
import {unmarked} from '../../lib/roots.js';
import {EXIT} from '../exit-codes.js';
import {PARTS, type Part, removePart} from '../kept.js';
import {say} from '../say.js';
import type {Verb} from '../verb.js';
import {withContext} from '../with-context.js';

const NOT_BY_DEFAULT = new Set(['runs']);
/** More names than that tell nothing new. */
const MAX_NAMED = 5;

export const clean: Verb = ({done}) =>
  new Command('clean')
    .description('Delete what kverdict keeps. Without words: all but the reports of earlier runs.')
    .argument('[parts...]', Object.keys(PARTS).join(', '))
    .option('-n, --dry-run', 'only say what would go, and its size')
    .addHelpText('after', '\nExamples:\n  kverdict clean --dry-run\n  kverdict clean trees\n  kverdict clean runs')
    .action(async (words: string[], flags: {dryRun?: boolean}, command: Command) => {
      for (const word of words) {
        if (!(word in PARTS)) command.error(`error: no such part: \`${word}\` (${Object.keys(PARTS).join(', ')})`);
      }
      const chosen = words.length > 0 ? words : Object.keys(PARTS).filter((word) => !NOT_BY_DEFAULT.has(word));
      await withContext({jsonl: false, folders: flags.dryRun ? 'look' : 'touch'}, async (ctx) => {
        for (const word of chosen) {
          const part = PARTS[word];
          if (part !== undefined) await cleanPart(ctx, part, flags.dryRun === true);
        }
      });
      done(EXIT.good);
    });

async function cleanPart(ctx: Context, part: Part, isDry: boolean): Promise<void> {
  const paths = resolvePaths();
  const root = paths[part.root];
  for (const name of Object.keys(part.folders)) {
    const path = join(root, name);
    if (!existsSync(path)) continue;
    if (!isDry && !isMarked(root, part.root)) {
      ctx.emit({type: 'warning', message: `Nothing is deleted in ${path}: ${unmarked(root)}`});
      continue;
    }
    const size = (await ctx.exec.runOk('du', ['-sh', path])).stdout.split('\t')[0] ?? '?';
    say(`${isDry ? 'would delete' : 'deleting'} ${path} (${size}): ${part.what}`);
    const left = isDry ? [] : removePart(paths, part, name);
    if (left.length === 0) continue;
    const more = left.length > MAX_NAMED ? ` and ${left.length - MAX_NAMED} more` : '';
    ctx.emit({
      type: 'note',
      message: `Left, as kverdict did not make it: ${left.slice(0, MAX_NAMED).join(', ')}${more}`,
    });
  }
}
