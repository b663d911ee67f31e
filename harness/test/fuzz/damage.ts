// SPDX-License-Identifier: MIT
/** What happens to the lines of a document whose right answer is known, and what the answer is then. */
import type {Tape} from './tape.js';
import type {Level} from './told-ktap.js';

export interface Line {
  text: string;
  result?: {
    prefix: string;
    level: Level;
    number: number;
    /** Another of its level comes behind it. */
    follows: boolean;
    /** Nothing is below it. */
    leaf: boolean;
    /** kselftest's runner says it. */
    runner: boolean;
    /** Nothing stands behind its name. */
    bare: boolean;
  };
}

export interface Damage {
  name: string;
  /** undefined: there was nothing in it to damage. */
  apply(lines: Line[], tape: Tape): Done | undefined;
}

interface Done {
  /** A failure, or a result that is no more, is now in it: it may not be green. */
  hides: boolean;
  /** All results are still there, under their names. */
  isTold: boolean;
  exit?: number;
  /** Nothing of the tree is left. */
  replaces?: true;
}

export const DAMAGES: readonly Damage[] = [
  {name: 'glued failure', apply: glueFailure},
  {name: 'glued bail out', apply: glueBail},
  {name: 'failures only counted', apply: countMore},
  {name: 'gap', apply: drop},
  {name: 'gap', apply: drop},
  {name: 'lost newline', apply: join},
  {name: 'lost newline before the runner', apply: joinRunner},
  {name: 'comment without a newline', apply: joinComment},
  {name: 'skip of the rest', apply: skipRest},
  {name: 'version line repeated in a comment', apply: echo},
  {name: 'only counted in the totals', apply: countOnly},
];

/** A failure without a newline before it, behind any line. */
function glueFailure(lines: Line[], tape: Tape): Done {
  const line = tape.pick(lines);
  line.text += `${tape.pick(['', 'x', ' ', '# ', ': '])}not ok ${1 + tape.below(9)} zz`;
  return {hides: true, isTold: false};
}

/** A program that gave up, though what is around it goes on and says ok. */
function glueBail(lines: Line[], tape: Tape): Done {
  tape.pick(lines).text += `${tape.pick(['x', '9', ')', ' ... '])}Bail out! no more`;
  return {hides: true, isTold: false};
}

/** kselftest's helpers count failures that have no line, and ask only whether enough passed. */
function countMore(lines: Line[], tape: Tape): Done | undefined {
  const [last] = lines.slice(-1);
  if (last?.result?.prefix !== '') return undefined;
  const failed = `fail:${tape.below(2)} xfail:0 xpass:${tape.below(2)} skip:0 error:1`;
  const notOk = lines.filter(({text}) => text.includes('not ok')).length;
  lines.push({text: `# Totals: pass:1 ${failed.replace('error:1', `error:${1 + notOk}`)}`});
  return {hides: true, isTold: false};
}

/** The first results of a level are lost, others of it are not: nothing but the numbers tells of them. */
function drop(lines: Line[], tape: Tape): Done | undefined {
  const candidates = lines.filter(({result}) => result?.leaf && result.follows);
  if (candidates.length === 0) return undefined;
  const {level} = tape.pick(candidates).result ?? {};
  const ofLevel = candidates.filter(({result}) => result?.level === level);
  for (const line of ofLevel.slice(0, 1 + tape.below(ofLevel.length))) lines.splice(lines.indexOf(line), 1);
  return {hides: true, isTold: false};
}

/** Two results of one level on one line. */
function join(lines: Line[], tape: Tape): Done | undefined {
  const next = lines.filter(
    ({result}, n) => result?.leaf && lines[n - 1]?.result?.bare && lines[n - 1]?.result?.level === result.level,
  );
  return next.length === 0 ? undefined : glue(lines, tape.pick(next));
}

/** The runner's own result behind the last line of its program. */
function joinRunner(lines: Line[], tape: Tape): Done | undefined {
  const next = lines.filter(({result}, n) => result?.runner && result.prefix === '' && lines[n - 1]?.result?.bare);
  return next.length === 0 ? undefined : glue(lines, tape.pick(next));
}

/** A result behind a comment of its own program. */
function joinComment(lines: Line[], tape: Tape): Done | undefined {
  const isInside = (line: Line, n: number): boolean => {
    const before = lines[n - 1]?.result;
    return line.result?.leaf === true && before?.leaf === true && before.level === line.result.level;
  };
  const candidates = lines.filter(isInside);
  if (candidates.length === 0) return undefined;
  const line = tape.pick(candidates);
  const {prefix = ''} = line.result ?? {};
  line.text = `${prefix}# ${tape.pick(['busy', 'step 3 of 4:', '50%'])}${line.text.slice(prefix.length)}`;
  return {hides: false, isTold: true};
}

function glue(lines: Line[], line: Line): Done {
  const at = lines.indexOf(line);
  const before = lines[at - 1];
  if (before !== undefined) before.text += line.text.slice(line.result?.prefix.length);
  lines.splice(at, 1);
  return {hides: false, isTold: true};
}

/** As ksft_exit_skip() does behind a plan: up to 7.2 it counts itself twice. */
function skipRest(lines: Line[], tape: Tape): Done | undefined {
  if (!lines.every(({result}) => result === undefined || (result.leaf && result.prefix === ''))) return undefined;
  const {level} = lines.find(({result}) => result !== undefined)?.result ?? {};
  if (level?.plan !== 'front') return undefined;
  const count = level.leaves.length;
  const plan = lines.find(({text}) => text === `1..${count}`);
  if (plan !== undefined) plan.text = `1..${count + 2 + tape.below(90)}`;
  lines.push({text: `ok ${count + 1 + tape.below(2)} # SKIP no more`});
  return {hides: false, isTold: true, exit: 4};
}

/** In front of a result at the margin with nothing below it. */
function echo(lines: Line[], tape: Tape): Done | undefined {
  const candidates = lines.filter(({result}) => result?.leaf && result.prefix === '');
  if (candidates.length === 0) return undefined;
  const at = lines.indexOf(tape.pick(candidates));
  lines.splice(at, 0, {text: tape.pick(['# TAP version 13', '# KTAP version 1', '#   TAP version 14'])});
  return {hides: false, isTold: true};
}

/** Not one line of a result; the program's own sum is all there is. */
function countOnly(lines: Line[], tape: Tape): Done | undefined {
  const count = 1 + tape.below(4);
  const failed = tape.once(3) ? 1 : 0;
  const sum = `pass:${count - failed} fail:${failed} xfail:0 xpass:0 skip:0 error:0`;
  lines.splice(0, lines.length, {text: 'TAP version 13'}, {text: `1..${count}`}, {text: `# Totals: ${sum}`});
  return {hides: failed > 0, isTold: false, replaces: true};
}
