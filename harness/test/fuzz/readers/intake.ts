// SPDX-License-Identifier: MIT
/**
 * The gate, asked for any path below a folder that somebody else filled. What it gives is what a model of the folder says,
 * and whatever it does not give is an error that says whose fault it is.
 */
import {existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {InfraError, KernelError, UserError} from '../../../lib/errors.js';
import {
  hasFile,
  hasFolder,
  type IntakeRule,
  plainBytes,
  sameBytes,
  takeBytes,
  takeCopy,
  takeHead,
} from '../../../lib/intake.js';
import {Dice, type Fuzzer} from './dice.js';
import {BIG, build, type Found, makeFifo, makeUp, NAMES, type Node, resolve} from './tree-model.js';

const ERRORS = {user: UserError, infra: InfraError, kernel: KernelError} as const;
const SECRET = 'of the user';
/** Cases that one folder is for. */
const PER_TREE = 5000;
const ODD = ['..', '.', '', '../..', 'x'.repeat(300), 'a\0b', '\ud800', 'nowhere', '-rf', '...'];

export const intake: Fuzzer = {
  name: 'intake',
  share: 25,
  begin: () => {
    // Many small files: in memory, where there is such a place.
    const top = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'kverdict-gate-'));
    const outside = join(top, 'outside');
    writeFileSync(outside, SECRET);
    makeFifo(join(top, 'fifo'));
    let cases = 0;
    let tree: {root: string; model: Node & {kind: 'folder'}} | undefined;
    const one = (dice: Dice): void => {
      if (tree === undefined || cases++ % PER_TREE === 0) {
        if (tree !== undefined) rmSync(tree.root, {recursive: true});
        tree = {root: join(top, 'left'), model: makeUp(new Dice(cases, 0))};
        build(tree.root, tree.model, outside, join(top, 'fifo'));
      }
      check(dice, tree.root, tree.model, join(top, 'copy'));
    };
    const end = (): void => {
      const same = readFileSync(outside, 'utf8') === SECRET;
      rmSync(top, {recursive: true});
      if (!same) throw new Error('a file outside was written');
    };
    return {one, end};
  },
};

function check(dice: Dice, root: string, model: Node & {kind: 'folder'}, copy: string): void {
  const path = Array.from({length: 1 + dice.below(4)}, () => (dice.once(6) ? dice.pick(ODD) : dice.pick(NAMES))).join(
    '/',
  );
  const blame = dice.pick(['user', 'infra', 'kernel'] as const);
  const rule: IntakeRule = {what: 'of a fuzzer', blame, maxBytes: dice.pick([0, 1, 4096, BIG])};
  if (dice.once(2)) rule.links = 'below';
  const found = resolve(model, path, rule.links === 'below');
  const file = typeof found === 'object' && found.node.kind === 'file' ? found.node.bytes : undefined;
  const wanted = file !== undefined && file.length <= rule.maxBytes ? file : undefined;
  const way = dice.below(6);
  const got = attempt(blame, () => {
    if (way === 0) return takeBytes(root, path, rule);
    if (way === 1) return takeHead(root, path, 16, rule)?.head;
    if (way === 2) return takeCopy(root, path, copy, rule) ? taken(copy) : undefined;
    if (way === 3) return hasFile(root, path, rule) ? Buffer.alloc(0) : undefined;
    if (way === 4) return hasFolder(root, path, rule) ? Buffer.alloc(1) : undefined;
    return sameBytes(join(root, path), join(root, path), rule) ? Buffer.alloc(0) : undefined;
  });
  if (way === 5) return;
  const expected = way === 1 ? file?.subarray(0, 16) : way === 3 && wanted !== undefined ? Buffer.alloc(0) : wanted;
  compare({got, found, expected, isFolder: way === 4, path, rule});
  if (dice.once(8)) plain(root, path);
}

interface Told {
  got: Buffer | 'refused' | undefined;
  found: Found;
  expected: Buffer | undefined;
  isFolder: boolean;
  path: string;
  rule: IntakeRule;
}

function compare({got, found, expected, isFolder, path, rule}: Told): void {
  const told = `${JSON.stringify(path)} by ${JSON.stringify(rule)}: ${got === undefined ? 'nothing' : String(got).slice(0, 20)}`;
  // Names that no file system takes are none of the model's.
  if (/\0|x{256}|\ud800/.test(path)) {
    if (got !== 'refused' && got !== undefined) throw new Error(`${told}, of a name that cannot be`);
    return;
  }
  if (found === 'nothing') {
    if (got !== undefined) throw new Error(`${told}, expected nothing`);
  } else if (isFolder && typeof found === 'object' && found.node.kind === 'folder') {
    if (got === undefined || got === 'refused') throw new Error(`${told}, expected a folder`);
  } else if (isFolder || expected === undefined) {
    if (got !== 'refused') throw new Error(`${told}, expected an error`);
  } else if (!(got instanceof Buffer) || !got.equals(expected))
    throw new Error(`${told}, expected ${expected.length} bytes`);
}

/** By its whole path; never an error. Folders on the way are trusted there, so only that nothing outside is told. */
function plain(root: string, path: string): void {
  const bytes = plainBytes(join(root, path), BIG);
  if (bytes?.toString() === SECRET) throw new Error(`${JSON.stringify(path)}: the bytes of a file outside`);
}

function attempt(blame: IntakeRule['blame'], work: () => Buffer | undefined): Buffer | 'refused' | undefined {
  try {
    return work();
  } catch (error) {
    if (error instanceof ERRORS[blame]) return 'refused';
    throw error;
  }
}

function taken(copy: string): Buffer {
  const bytes = statSync(copy).size === 0 ? Buffer.alloc(0) : readFileSync(copy);
  rmSync(copy);
  return bytes;
}
