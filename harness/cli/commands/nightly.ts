// SPDX-License-Identifier: MIT
import {Command, Option} from 'commander';
import type {Verb} from '../verb.js';

const HELP = `
CONFIG is a YAML file with trees, branches and tests: docs/nightly.md. For each branch: fetch it, run the suites on its
tip, compare with the commit of it that was judged before, bisect every regression, write the reports, remember all of it.
A tip that is judged already costs a fetch. After a crash or a SIGKILL the same command goes on where it was. Ready-made
units for systemd, cron, GitHub and GitLab are in docs/ci/.

Exits 0 when nothing got worse, 1 when something did, 125 when it cannot be told, 128 when a branch could not be fetched or
judged or another night is under way, 129, 130 and 143 as ever.

Examples:
  kverdict nightly mm.yaml
  kverdict nightly --dry-run mm.yaml      what would be judged, and against what
  kverdict nightly mm.yaml --json         the night as one JSON document`;

export interface NightlyFlags {
  dryRun?: boolean;
  json?: boolean;
  jsonl?: boolean;
}

export const nightly: Verb = ({done}) =>
  new Command('nightly')
    .description('Judge what is new on the branches of a configuration, and bisect what got worse.')
    .argument('<config>', 'YAML file')
    .option('-n, --dry-run', 'say what would be judged; servers are asked for their tips, nothing is fetched')
    .addOption(new Option('--json', 'print the night as JSON on stdout').conflicts('jsonl'))
    .option('--jsonl', 'print events on stdout, one JSON object a line, the night last')
    .addHelpText('after', HELP)
    .action(async (config: string, flags: NightlyFlags) => {
      const {nightlyCommand} = await import('../nightly-command.js');
      done(await nightlyCommand(config, flags));
    });
