// SPDX-License-Identifier: MIT
import fc from 'fast-check';
import {scanConsole} from '../../klog/scan.js';
import {type Document, read} from './document.js';
import {documents, type Touch, touches} from './inputs.js';
import {badChunks, badReport, badTouch, MAX_MILLISECONDS} from './properties.js';
import {badTold, type Told, tolds} from './told.js';

export interface Failure {
  /** Kept in fixtures/seeds, and read again by the fast tests. */
  document: Document;
  touch: Touch;
  /** A document whose right answer is known; absent in older seeds. */
  told?: Told;
  why: string;
}

/** Everything that must hold for one input; throws what does not. */
export function checkOne(document: Document, touch: Touch): void {
  const before = process.cpuUsage();
  const report = read(document);
  const wrong =
    badReport(document, report) ??
    badTouch(document, report, touch) ??
    (touch.with % 16 === 0 ? badChunks(document, report) : undefined);
  if (wrong !== undefined) throw new Error(wrong);
  scanConsole(Buffer.from(document.text, 'latin1').toString());
  const {user, system} = process.cpuUsage(before);
  const took = (user + system) / 1000;
  if (took > MAX_MILLISECONDS) throw new Error(`it took ${took.toFixed(0)} ms`);
}

/** What is known of a document holds for what is read; throws what does not. */
export function checkTold(told: Told): void {
  const wrong = badTold(told);
  if (wrong !== undefined) throw new Error(wrong);
}

/** Runs `runs` inputs of one seed; undefined when all hold, else the smallest that was found. */
export function fuzz(seed: number, runs: number): Failure | undefined {
  const property = fc.property(documents, touches, tolds, (document, touch, told) => {
    checkOne(document, touch);
    checkTold(told);
  });
  const {failed, counterexample, errorInstance} = fc.check(property, {seed, numRuns: runs});
  if (!failed || counterexample === null) return undefined;
  const [document, touch, told] = counterexample;
  return {document, touch, told, why: errorInstance instanceof Error ? errorInstance.message : String(errorInstance)};
}
