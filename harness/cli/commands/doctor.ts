// SPDX-License-Identifier: MIT
import {Command} from 'commander';
import {EXIT} from '../exit-codes.js';
import {say, sayJson} from '../say.js';
import type {Verb} from '../verb.js';
import {withContext} from '../with-context.js';

export const doctor: Verb = ({done}) =>
  new Command('doctor')
    .description('Say what this host lacks and the command that fixes it; whether KVM really works; which QEMU it has.')
    .option('--json', 'as JSON')
    .option('--qemu <dir>', 'folder with the qemu-system-* to use')
    .addHelpText(
      'after',
      '\nExits 0 when everything that kverdict needs is there, 128 otherwise.\n\nExample:\n  kverdict doctor',
    )
    .action(async (flags: {json?: boolean; qemu?: string}) => {
      const {examine, renderChecks} = await import('../examine.js');
      const checks = await withContext({jsonl: false, folders: 'look'}, (ctx) => examine(ctx, flags.qemu));
      if (flags.json) sayJson(checks);
      else say(renderChecks(checks));
      done(checks.some((check) => check.state === 'missing') ? EXIT.ours : EXIT.good);
    });
