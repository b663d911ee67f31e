// SPDX-License-Identifier: MIT
/** A folder as somebody hostile left it: made up first, then made, so that what is below a path is known without asking. */
import {execFileSync} from 'node:child_process';
import {linkSync, mkdirSync, symlinkSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import type {Dice} from './dice.js';

export type Node =
  | {kind: 'file'; bytes: Buffer}
  | {kind: 'folder'; names: Map<string, Node>}
  | {kind: 'link'; target: string}
  | {kind: 'fifo'};

export const NAMES = [
  'a',
  'b',
  'mm',
  'c.o',
  '.hidden',
  '-x',
  'a b',
  'a\nb',
  '\u00fc',
  '\u0001',
  '..x',
  'x'.repeat(200),
];
const TARGETS = [
  'a',
  'b',
  'mm',
  'mm/a',
  '../a',
  '../../a',
  '..',
  '.',
  './b',
  'nowhere',
  'a/..',
  'mm/../b',
  '//a',
  '../mm/b',
];
/** The largest file that is made, and the most that a rule allows. */
export const BIG = 6000;

export function makeUp(dice: Dice, depth = 0): Node & {kind: 'folder'} {
  const names = new Map<string, Node>();
  for (const name of NAMES) {
    if (dice.once(3)) continue;
    names.set(name, nodeOf(dice, depth));
  }
  return {kind: 'folder', names};
}

function nodeOf(dice: Dice, depth: number): Node {
  const draw = dice.below(10);
  if (draw < 3 && depth < 3) return makeUp(dice, depth + 1);
  if (draw < 6) return {kind: 'file', bytes: Buffer.alloc(dice.pick([0, 1, 9, 4095, 4096, 4097, BIG]), 'i')};
  if (draw < 9) return {kind: 'link', target: dice.once(5) ? OUTSIDE : dice.pick(TARGETS)};
  return {kind: 'fifo'};
}

/** Stands for the file that nothing may be read of; it is beside the folder. */
export const OUTSIDE = '/OUTSIDE';

/** @param fifo one that is there: a second name for it costs no process */
export function build(path: string, folder: Node & {kind: 'folder'}, outside: string, fifo: string): void {
  mkdirSync(path);
  for (const [name, node] of folder.names) {
    const place = join(path, name);
    if (node.kind === 'folder') build(place, node, outside, fifo);
    else if (node.kind === 'file') writeFileSync(place, node.bytes);
    else if (node.kind === 'link') symlinkSync(node.target === OUTSIDE ? outside : node.target, place);
    else linkSync(fifo, place);
  }
}

export function makeFifo(path: string): void {
  execFileSync('mkfifo', [path]);
}

export type Found = {node: Exclude<Node, {kind: 'link'}>} | 'nothing' | 'a link' | 'out';

/** Where a path leads, as docs of the gate say it: one name at a time, never above the top. */
export function resolve(top: Node & {kind: 'folder'}, path: string, follow: boolean): Found {
  const way = [top];
  let todo = parts(path);
  for (let links = 0; todo.length > 0; ) {
    const [name = '', ...rest] = todo;
    todo = rest;
    if (name === '..') {
      if (way.length === 1) return 'out';
      way.pop();
      continue;
    }
    const node = (way.at(-1) as typeof top).names.get(name);
    if (node === undefined) return 'nothing';
    if (node.kind === 'link') {
      if (!follow || ++links > 40) return 'a link';
      if (node.target.startsWith('/')) return 'out';
      todo = [...parts(node.target), ...todo];
    } else if (node.kind === 'folder') way.push(node);
    else if (todo.length > 0) return 'nothing';
    else return {node};
  }
  return {node: way.at(-1) as typeof top};
}

const parts = (path: string): string[] => path.split('/').filter((name) => name !== '' && name !== '.');
