// SPDX-License-Identifier: MIT
/** The two writers of stderr: progress and the last error. What they are given is any text. */
import {spawnSync} from 'node:child_process';
import {join} from 'node:path';
import {PassThrough} from 'node:stream';
import fc from 'fast-check';
import t from 'tap';
import {createProgress} from '../../cli/progress.js';
import type {RunEvent} from '../../lib/events.js';
import {resolvePaths} from '../../lib/paths.js';
import {ACTING, commandsIn} from '../fakes/ci-systems.js';

const EVIL =
  '\u001b]0;title\u0007\u009d0;x\u009c\u202e\r::error::x\n::stop-commands::y\n  ##[set-output name=v;]good ##vso[task.x]\u200b';

/** What reaches the pipe, for events that hold `text` in every field. */
function shown(text: string): string {
  const through = new PassThrough();
  const stream = Object.assign(through, {isTTY: false}) as unknown as NodeJS.WriteStream;
  const progress = createProgress(stream, false);
  const events: RunEvent[] = [
    {type: 'step-start', id: 'a', kind: 'build', label: text},
    {type: 'step-progress', id: 'a', done: 1, detail: text},
    {type: 'step-end', id: 'a', status: 'failed', seconds: 1, detail: text},
    {type: 'note', message: text},
    {type: 'warning', message: text},
  ];
  for (const event of events) progress.show(event);
  progress.stop();
  return String(through.read() ?? '');
}

t.test('no event has anything that acts, on a terminal or in a CI system', async (t) => {
  const text = fc.oneof(
    fc.string({unit: 'binary'}),
    fc.constant(EVIL),
    fc.string().map((rest) => `::error::${rest}`),
  );
  t.doesNotThrow(() =>
    fc.assert(
      fc.property(text, (one) => {
        const out = shown(one);
        return !ACTING.test(out) && commandsIn(out).length === 0;
      }),
      {numRuns: 100},
    ),
  );
  t.match(shown(EVIL), /^FAIL/, 'and it is still said');
});

t.test('an error that quotes what it was given', async (t) => {
  const program = join(resolvePaths().project, 'dist/harness/cli/main.js');
  const {stderr, stdout} = spawnSync(process.execPath, [program, 'report', `/nowhere/${EVIL}`], {encoding: 'utf8'});
  t.match(stderr, /^kverdict: your input: /);
  t.notMatch(stderr + stdout, ACTING);
  t.same(commandsIn(stderr + stdout), []);
});
