// SPDX-License-Identifier: MIT
import {existsSync, rmSync} from 'node:fs';
import {join} from 'node:path';
import {Command} from 'commander';
import {EXIT} from '../exit-codes.js';
import {say} from '../say.js';
import type {Verb} from '../verb.js';
import {withContext} from '../with-context.js';

/** What can be deleted, by the word for it; every part is made again when it is needed. */
const PARTS: Readonly<Record<string, {root: 'cache' | 'state'; folders: string[]; what: string}>> = {
  kernels: {root: 'cache', folders: ['store'], what: 'built kernels and programs'},
  trees: {root: 'cache', folders: ['trees'], what: 'imported sources and their object folders'},
  mirrors: {root: 'cache', folders: ['mirrors'], what: 'what nightlies fetched'},
  images: {root: 'cache', folders: ['images'], what: 'guest userlands and keys'},
  ccache: {root: 'cache', folders: ['ccache'], what: "the compiler's cache"},
  runs: {root: 'state', folders: ['runs'], what: 'reports and logs of earlier runs'},
  probes: {root: 'state', folders: ['accelerator', 'self-checks'], what: 'what was found out about KVM and profiles'},
};
const NOT_BY_DEFAULT = new Set(['runs']);

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
      await withContext({jsonl: false}, async (ctx) => {
        for (const word of chosen) {
          const part = PARTS[word];
          if (part === undefined) continue;
          for (const folder of part.folders) {
            const path = join(ctx.paths[part.root], folder);
            if (!existsSync(path)) continue;
            const size = (await ctx.exec.runOk('du', ['-sh', path])).stdout.split('\t')[0] ?? '?';
            say(`${flags.dryRun ? 'would delete' : 'deleting'} ${path} (${size}): ${part.what}`);
            if (!flags.dryRun) rmSync(path, {recursive: true, force: true});
          }
        }
      });
      done(EXIT.good);
    });
