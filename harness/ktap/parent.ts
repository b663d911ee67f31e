// SPDX-License-Identifier: MIT
/** What a parent's result and the results below it say of each other. */
import type {Claim, Node} from './node.js';
import {isFailure} from './severity.js';

/** What was on a level that has ended. */
export interface Closed {
  nodes: Node[];
  name: string | undefined;
  bail: Claim | undefined;
  /** Its program counted more failures than it printed. */
  counted: Claim | undefined;
  skipAll: Claim | undefined;
  /** Lines that promised it: a version line, a plan or a header; none when a result opened it. Two at most. */
  announcements: readonly number[];
  /** Version lines in a comment, which promise something only where a program is known to speak. */
  echoes: readonly number[];
  /** kselftest's headers of the program whose level it is. */
  runBy: readonly number[];
  /** The line that ended what was on that level before: without it this would be more of the same. */
  begin: readonly number[];
}

/** The line without which the level would have held nothing, if there is one. */
export function soleLines({nodes, bail, skipAll, counted}: Closed): readonly number[] {
  const [claim, other] = [bail, skipAll, counted].filter((one) => one !== undefined);
  if (nodes.length === 0 && claim !== undefined) return other === undefined ? claim.lines : [];
  const [first, ...others] = nodes;
  if (first === undefined || bail !== undefined) return [];
  return first.lines.filter((line) => others.every(({lines}) => lines.includes(line)));
}

/** Makes a parent no better than what is inside it; a contradiction is returned as a problem's words. */
export function compareWithChildren(node: Node, closed: Closed | undefined): string | undefined {
  if (closed === undefined) return undefined;
  if (isFailure(node.status)) {
    if (closed.bail !== undefined) node.reason ??= closed.bail.words;
    return undefined;
  }
  // A failure that was expected excuses those below it, but nothing excuses a program that gave up.
  if (node.status !== 'pass' && node.status !== 'skip' && closed.bail === undefined) return undefined;
  const failed = closed.nodes.find(({status}) => isFailure(status));
  const told = failed && {words: `subtest \`${failed.name}\` is ${failed.status}`, lines: failed.lines};
  const why = closed.bail ?? told ?? closed.counted;
  if (why !== undefined) {
    const problem = `\`${node.name}\` is ${node.status}, but ${why.words}`;
    node.reason = `said ${node.status}, but ${why.words}`;
    node.status = 'fail';
    node.lines = why.lines;
    return problem;
  }
  if (closed.skipAll !== undefined) {
    node.status = 'skip';
    node.reason ??= closed.skipAll.words;
  } else if (node.status === 'pass' && closed.nodes.length === 0) {
    const lines = promisesOf(node, closed);
    if (lines === undefined) {
      return closed.echoes.length > 0 ? 'a version line in a comment, and no results came there' : undefined;
    }
    node.status = 'missing';
    node.reason = 'said pass, but the subtests it announced never came';
    node.lines = [...node.lines, ...lines, ...closed.begin];
    return `\`${node.name}\` announced subtests, and none came`;
  }
  return undefined;
}

/**
 * The lines without which nothing would have been promised; undefined: nothing was. A version line in a comment may be
 * one that is only repeated there: it promises something in the output of kselftest's runner.
 */
function promisesOf({given}: Node, {announcements, echoes, runBy}: Closed): readonly number[] | undefined {
  const runner = given.startsWith('selftests: ');
  const believed = runner || runBy.length > 0 ? echoes : [];
  if (announcements.length + believed.length === 0) return undefined;
  const promising = [...new Set([...announcements, ...believed])];
  if (announcements.length > 0) return promising.length === 1 ? promising : [];
  return [...(believed.length === 1 ? believed : []), ...(runBy.length === 1 && !runner ? runBy : [])];
}
