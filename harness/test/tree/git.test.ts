// SPDX-License-Identifier: MIT
import t from 'tap';
import type {Context} from '../../lib/context.js';
import type {Completed, RunOptions} from '../../lib/exec.js';
import {ownGitDir} from '../../lib/git-command.js';
import {askNames, createGit} from '../../tree/git.js';

/** A git that never answers: what is asked of it ends at its limit. */
const limits: (number | undefined)[] = [];
const run = async (_: string, __: readonly string[], {timeoutSeconds}: RunOptions = {}): Promise<Completed> => {
  limits.push(timeoutSeconds);
  const ended = {line: 'git …', exitCode: null, endedBy: 'SIGTERM', stdout: '', stderr: '', seconds: 1};
  return {...ended, timedOut: true, flooded: false};
};
const ctx = {exec: {run}} as unknown as Context;
const repository = ownGitDir({cache: '/cache'}, 'git');
const hint = 'Is its disk slow, or something that is no file below its .git? `find .git ! -type f ! -type d` shows it.';

t.test('no call of git is waited for without end', async (t) => {
  const asked = askNames(ctx, repository, ['rev-parse', 'HEAD']);
  await t.rejects(asked, {name: 'UserError', message: 'git did not answer within 60 s (rev-parse)', hint});
  const git = createGit(ctx, repository);
  const words = ['-c', 'core.compression=1', 'add', '.'];
  await t.rejects(git.run(words), {name: 'UserError', message: 'git did not answer within 3600 s (add)'});
  await t.rejects(git.text(['write-tree']), {message: 'git did not answer within 3600 s (write-tree)'});
  t.same(limits, [60, 3600, 3600]);
});

t.test('who gives a limit gets the answer, such as it is', async (t) => {
  limits.length = 0;
  t.equal((await askNames(ctx, repository, ['describe'], {timeoutSeconds: 10})).timedOut, true);
  t.equal((await createGit(ctx, repository).run(['fetch'], {timeoutSeconds: 20})).timedOut, true);
  t.same(limits, [10, 20]);
});
