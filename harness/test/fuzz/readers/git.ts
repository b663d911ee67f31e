// SPDX-License-Identifier: MIT
/**
 * What reads git's output, with a git that says anything. Where the output is whole, what is read is what it was made
 * from; where it is not, there is an answer or an error that says whose fault it is.
 */
import type {Context} from '../../../lib/context.js';
import {KverdictError} from '../../../lib/errors.js';
import type {Completed} from '../../../lib/exec.js';
import {type OwnGitDir, ownGitDir} from '../../../lib/git-command.js';
import {readDiff} from '../../../series/diff.js';
import {touchedFiles} from '../../../tree/apply.js';
import {candidateBases} from '../../../tree/candidates.js';
import {factsOf, listCommits, subjectsOf} from '../../../tree/commit-list.js';
import {commitsBetween} from '../../../tree/commits-between.js';
import {createGit} from '../../../tree/git.js';
import {askTip} from '../../../tree/mirror.js';
import {configText} from '../../../tree/names.js';
import {describeCommit, kernelVersionAt, tryResolve} from '../../../tree/resolve.js';
import type {SourceTree} from '../../../tree/source-tree.js';
import {findUserRepository} from '../../../tree/user-repository.js';
import {series} from '../../tree/fake-linux.js';
import {readConfig} from './config-file.js';
import type {Dice, Fuzzer} from './dice.js';
import {completed, damaged, field, hash, SAID, word} from './git-says.js';

const gitDir: OwnGitDir = ownGitDir({cache: '/cache'}, 'git');
const tree: SourceTree = {
  ...{id: 'x', origin: 'x', gitDir, sourceDir: '/cache/src', names: gitDir, imported: false, head: 'a'.repeat(40)},
  kernelVersion: '6.12.0',
};

export const git: Fuzzer = {
  name: 'git output',
  share: 25,
  begin: () => ({one, end: () => {}}),
};

/** Answers in turn, then the last again. */
function says(dice: Dice, whole: boolean, ...answers: string[]): Context {
  let at = 0;
  const run = async (): Promise<Completed> => {
    const answer = answers[Math.min(at++, answers.length - 1)] ?? '';
    if (whole) return completed(answer, 0);
    const exitCode = dice.once(3) ? dice.pick([1, 128, null]) : 0;
    return completed(dice.once(2) ? damaged(dice, answer) : answer, exitCode, dice.pick(SAID));
  };
  const paths = {project: '/p', cache: '/cache', state: '/state', runtime: '/run'};
  const {signal} = new AbortController();
  return {exec: {run, runOk: run}, paths, emit: () => {}, signal} as unknown as Context;
}

type Case = (dice: Dice, whole: boolean) => Promise<void>;

const CASES: readonly Case[] = [
  async (dice, whole) => {
    const commits = Array.from({length: 1 + dice.below(5)}, (_, at) => `${hash(dice).slice(0, 39)}${at}`);
    const lines = commits.map((commit, at) => [commit, ...commits.slice(Math.max(0, at - 1), at)].join(' '));
    const [good, bad] = ['b'.repeat(40), commits.at(-1) ?? ''];
    const list = await listCommits(
      says(dice, whole, `${good}\n`, `${lines.join('\n')}\n`),
      tree,
      {good, bad},
      {firstParent: dice.once(2)},
    );
    if (whole)
      same(
        list.commits.map((one) => one.hash),
        commits,
      );
  },
  async (dice, whole) => {
    const [subject, name, file] = [field(dice), field(dice), `f${field(dice)}`];
    const shown = [subject, `${name} <x@y>`, '2026-11-02T10:00:00+01:00'].join('\0');
    const facts = await factsOf(says(dice, whole, shown, `${hash(dice)}\n`, `${file}\0b\0`), tree, hash(dice));
    if (whole) same([facts.subject, ...facts.files], [subject, file, 'b']);
  },
  async (dice, whole) => {
    const commits = [hash(dice), hash(dice)];
    const subjects = commits.map((_, at) => `s${field(dice)}${at}`);
    const told = commits.map((commit, at) => `${commit}\0${subjects[at]}`).join('\n');
    const found = await subjectsOf(says(dice, whole, told), tree, commits);
    if (whole) same([found.get(commits[1] ?? '')], [subjects[1]]);
  },
  async (dice, whole) => {
    const files = dice.list(4, (at) => `f${word(dice).replaceAll('\0', '')}${at}`);
    const found = await touchedFiles(
      createGit(says(dice, whole, files.map((file) => `${file}\0`).join('')), gitDir),
      'a',
      'b',
    );
    if (whole) same(found, files);
  },
  async (dice, whole) => {
    const count = dice.below(5);
    const between = await commitsBetween(says(dice, whole, `${count}\n`, ''), tree, {base: 'a', head: 'b'});
    if (whole && between.count !== count) throw new Error(`${between.count} of ${count} commits`);
  },
  async (dice, whole) => {
    const commit = hash(dice);
    const found = await tryResolve(says(dice, whole, `${commit}\n`), tree, word(dice));
    if (whole) same([JSON.stringify(found)], [JSON.stringify({commit})]);
    await describeCommit(says(dice, whole, word(dice)), tree, commit);
  },
  async (dice, whole) => {
    const version = dice.below(9);
    const makefile = `VERSION = ${version}\nPATCHLEVEL = 12\n`;
    const found = await kernelVersionAt(says(dice, whole, makefile, 'Kbuild\0Kconfig\0'), tree, hash(dice));
    if (whole) same([found], [`${version}.12.0`]);
  },
  async (dice, whole) => {
    const tip = hash(dice);
    const found = await askTip(says(dice, whole, `${tip}\trefs/heads/x\n`), {
      url: 'https://example.org/x',
      branch: 'x',
    });
    if (whole) same([found], [tip]);
  },
  async (dice, whole) => {
    const top = `/home/${field(dice).replace(/\s+$/, '')}x`;
    const context = says(dice, whole, '', `${top}/.git\n${top}/.git\nsha1\n`, `${top}\n`);
    const found = await findUserRepository(context, '/');
    if (whole) same([found?.gitDir ?? '', found?.topLevel ?? ''], [`${top}/.git`, top]);
  },
  async (dice, whole) => {
    const found: string[] = [];
    const names = dice.list(3, () => hash(dice)).join('\n');
    for await (const {candidate} of candidateBases(says(dice, whole, `${names}\n`), tree, series(), undefined)) {
      found.push(candidate);
      if (found.length > 10) throw new Error('more bases than are tried');
    }
  },
  async (dice) => {
    const file = `a/${field(dice).replaceAll(/[\s"\\]/g, '')}x`;
    const diff = `diff --git ${file} b${file.slice(1)}\n--- ${file}\n+++ b${file.slice(1)}\n@@ -1 +1 @@\n-a\n+b\n`;
    const {files} = readDiff(Buffer.from(dice.once(2) ? diff : damaged(dice, diff)));
    if (files.length > 3) throw new Error(`${files.length} files`);
  },
  async (dice) => {
    const settings = dice.list(4, (): [string, string] => [
      dice.pick(['branch', 'remote']),
      word(dice).replaceAll('\0', ''),
    ]);
    // A key has no line break: git itself refuses one.
    const rows = settings.map(([section, text]) => `${section}.${field(dice)}x.merge\n${text}`);
    const read = readConfig(configText(rows, dice.pick(['sha1', 'sha256'])));
    const odd = read.filter(({section}) => !['core', 'extensions', 'branch', 'remote'].includes(section));
    if (odd.length > 0) throw new Error(`a section of somebody else: ${JSON.stringify(odd)}`);
    const keys = read.filter(({section}) => section === 'core').map(({key, value}) => `${key}=${value}`);
    if (!/^repositoryformatversion=[01],bare=true$/.test(keys.join())) throw new Error(`core has ${keys}`);
    const values = read.filter(({key}) => key === 'merge').map(({value}) => value);
    same(
      values,
      settings.map(([, text]) => text),
    );
  },
];

async function one(dice: Dice): Promise<void> {
  try {
    await dice.pick(CASES)(dice, dice.once(3));
  } catch (error) {
    if (!(error instanceof KverdictError)) throw error;
    if (error.message.length > 100_000) throw new Error(`a message of ${error.message.length} letters`);
  }
}

function same(found: readonly (string | undefined)[], expected: readonly (string | undefined)[]): void {
  const [left, right] = [JSON.stringify(found), JSON.stringify(expected)];
  if (left !== right) throw new Error(`${left}, expected ${right}`);
}
