// SPDX-License-Identifier: MIT
/**
 * Generated mails beside git: `git am` of the same mail in a repository gives the same author, date, title, text and
 * tree as what is read here, applied. Charsets, transfer encodings, MIME shapes and prefixes are drawn together.
 */
import {execFileSync} from 'node:child_process';
import {setMaxListeners} from 'node:events';
import {mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import t from 'tap';
import type {Context} from '../../lib/context.js';
import {noEvents} from '../../lib/events.js';
import {createExec} from '../../lib/exec.js';
import {noGit} from '../../lib/git-command.js';
import {resolvePaths} from '../../lib/paths.js';
import {readSeries} from '../../series/read-series.js';
import type {Patch} from '../../series/series.js';
import {generateMail} from './generate-mail.js';

/** More find nothing new: every pair of kinds is among them. */
const MAILS = Number(process.env.KVERDICT_MAILS ?? 25);

const root = mkdtempSync(join(tmpdir(), 'kverdict-as-git-'));
t.teardown(() => rmSync(root, {recursive: true, force: true}));
// Each mail starts git a dozen times, and the host may be busy.
t.setTimeout(300_000);
const {signal} = new AbortController();
setMaxListeners(0, signal);
const ctx: Context = {
  paths: {...resolvePaths(), cache: join(root, 'cache')},
  exec: createExec(noEvents, signal),
  emit: noEvents,
  signal,
};

const repository = join(root, 'repository');
function git(words: string[], input?: string | Buffer): string {
  const {command, args, env} = noGit(words, repository);
  const options = {cwd: repository, env: {...process.env, ...env}, ...(input === undefined ? {} : {input})};
  return execFileSync(command, args, {...options, encoding: 'utf8', stdio: ['pipe', 'pipe', 'pipe']});
}

mkdirSync(join(repository, 'mm'), {recursive: true});
git(['init', '-q']);
writeFileSync(join(repository, 'mm/one.c'), Array.from({length: 9}, (_, at) => `int one_${at};\n`).join(''));
git(['add', '.']);
git(['commit', '-q', '-m', 'base']);
const base = git(['rev-parse', 'HEAD']).trim();

for (let seed = 1; seed <= MAILS; seed++) {
  const {bytes, kind} = generateMail(seed);
  t.test(`mail ${seed}: ${kind}`, async (t) => {
    writeFileSync(join(root, 'in.eml'), bytes);
    git(['reset', '-q', '--hard', base]);
    git(['am', '-q', '--scissors', '--quoted-cr=nowarn', join(root, 'in.eml')]);
    const theirs = git(['log', '-1', '--format=%an%n%ae%n%at%n%T%n%B']).trim();
    const from = {tree: undefined, stdin: () => Promise.reject(new Error('not read')), cwd: root};
    const {patches} = await readSeries(ctx, ['in.eml'], from);
    t.equal(patches.length, 1);
    t.equal(commitOf(patches[0] as Patch), theirs);
  });
}

/** As `git log` prints it. */
function commitOf({author, date = '', subject, message, diff}: Patch): string {
  git(['reset', '-q', '--hard', base]);
  git(['apply', '--index', '-'], diff);
  const tree = git(['write-tree']).trim();
  return [author.name, author.email, Date.parse(date) / 1000, tree, `${subject}\n\n${message}`].join('\n').trim();
}
