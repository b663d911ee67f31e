// SPDX-License-Identifier: MIT
import {Command} from 'commander';
import {FORMATS} from '../../../reports/format.js';
import {EXIT} from '../exit-codes.js';
import type {ReportFlags} from '../report-command.js';
import type {Verb} from '../verb.js';

const HELP = `
Formats:
${FORMATS.map(({name, purpose}) => `  ${name.padEnd(20)}${purpose}`).join('\n')}

One format goes to stdout. Several go to files in the run's folder, or with --out in another; their paths are printed.
What the run found does not change the exit code: 0 when the report was made.

Examples:
  kverdict report out                                the last screen again
  kverdict report out --format github >> "$GITHUB_STEP_SUMMARY"
  kverdict report out --format html,kcidb --out public --url https://ci.example.org/r/42
  kverdict report out --format mail > reply.eml      a draft: read it, then git send-email`;

export const report: Verb = ({done}) =>
  new Command('report')
    .description("Tell a run's results once more, in another format.")
    .argument('<run>', "a run's folder, or its results.json")
    .option(
      '-f, --format <list>',
      'formats, comma-separated; can be repeated',
      (value: string, before: string[]) => [...before, ...value.split(',').filter((word) => word !== '')],
      [],
    )
    .option('--out <dir>', 'folder for the files')
    .option('--url <url>', "where others reach the run's folder: formats with addresses use it")
    .addHelpText('after', HELP)
    .action(async (run: string, flags: ReportFlags) => {
      const {reportCommand} = await import('../report-command.js');
      reportCommand(run, flags);
      done(EXIT.good);
    });
