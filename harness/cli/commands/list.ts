// SPDX-License-Identifier: MIT
import {Argument, Command, Option} from 'commander';
import {EXIT} from '../exit-codes.js';
import {say, sayJson} from '../say.js';
import type {Verb} from '../verb.js';
import {withContext} from '../with-context.js';

export const list: Verb = ({done}) =>
  new Command('list')
    .description('List machine profiles (and which work on this host) or suites and their tests.')
    .addArgument(new Argument('<what>').choices(['profiles', 'suites']))
    .addOption(new Option('--json', 'as JSON'))
    .option('--qemu <dir>', 'folder with the qemu-system-* to use')
    .option(
      '--profile-dir <dir>',
      'a further folder of machines; can be repeated',
      (dir: string, all: string[]) => [...all, dir],
      [],
    )
    .option(
      '--suites <dir>',
      'a further folder of suites; can be repeated',
      (dir: string, all: string[]) => [...all, dir],
      [],
    )
    .addHelpText('after', '\nExamples:\n  kverdict list profiles\n  kverdict list suites --json')
    .action(
      async (
        what: 'profiles' | 'suites',
        flags: {json?: boolean; qemu?: string; profileDir: string[]; suites: string[]},
      ) => {
        const {listProfiles, listSuites} = await import('../listing.js');
        await withContext({jsonl: false, folders: 'look'}, async (ctx) => {
          const rows =
            what === 'profiles' ? await listProfiles(ctx, flags.qemu, flags.profileDir) : listSuites(ctx, flags.suites);
          if (flags.json) sayJson(rows.data);
          else say(rows.text);
        });
        done(EXIT.good);
      },
    );
