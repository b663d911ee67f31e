// SPDX-License-Identifier: MIT
import {existsSync} from 'node:fs';
import {join} from 'node:path';
import {renderSelfcheck} from '../../reports/selfcheck.js';
import {TABLE_BEGIN, updateDocument} from '../../reports/sentinel-table.js';
import {UserError} from '../lib/errors.js';
import type {Request} from '../run/request.js';
import {RunDir} from '../run/run-dir.js';
import {checkSentinels} from '../run/selfcheck.js';
import {loadSentinels} from '../sentinel/load.js';
import {type SelfcheckVerdict, verdictOf} from '../sentinel/report.js';
import {DEBIAN_SOURCE} from '../tree/debian-source.js';
import type {SelfcheckFlags} from './commands/selfcheck.js';
import {documentOf} from './document.js';
import {EXIT} from './exit-codes.js';
import {sayJson, sayScreen} from './say.js';
import {widthOf} from './terminal.js';
import {withContext} from './with-context.js';

const EXIT_OF: Readonly<Record<SelfcheckVerdict, number>> = {
  'all-detected': EXIT.good,
  missed: EXIT.bad,
  'cannot-tell': EXIT.cannotTell,
};

/** Sentinels, one verify each; a table on stdout, and the exit code. */
export async function selfcheckCommand(
  names: readonly string[],
  request: Request,
  flags: SelfcheckFlags,
): Promise<number> {
  if (request.tree === DEBIAN_SOURCE && !existsSync(DEBIAN_SOURCE)) {
    throw new UserError(`There is no \`${DEBIAN_SOURCE}\``, {
      hint: '`scripts/setup --source` installs it; --tree takes another kernel.',
    });
  }
  return withContext({jsonl: false}, async (ctx, listen) => {
    const folders = [join(ctx.paths.project, 'selftests/sentinels'), ...flags.sentinelDir];
    const sentinels = loadSentinels(folders, names);
    const document = documentOf(ctx, flags.writeDocs, 'docs/sentinels.md', TABLE_BEGIN);
    const run = RunDir.open(ctx.paths, request.out, new Date());
    let current: RunDir = run;
    listen((event) => current.record(event));
    try {
      const report = await checkSentinels(ctx, {
        ...{sentinels, run},
        // `all` is every profile there is, as for run.
        request: request.profiles.includes('all') ? {...request, profiles: []} : request,
        onRun: (own) => {
          current = own ?? run;
        },
      });
      const known = loadSentinels(folders, []).map(({name}) => name);
      document?.((text) => updateDocument(text, report, known));
      const width = widthOf(process.stdout);
      if (flags.json) sayJson(report);
      else sayScreen(renderSelfcheck(report, {width, out: run.path}));
      return EXIT_OF[verdictOf(report)];
    } finally {
      run.close();
    }
  });
}
