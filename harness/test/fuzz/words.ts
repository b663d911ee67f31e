// SPDX-License-Identifier: MIT
/**
 * What may stand behind a result's name, and what it means: written down here once more, from docs/ktap.md and not from
 * the reader, so that the two can disagree.
 */
import type {Status} from '../../ktap/result.js';
import type {Tape} from './tape.js';

export interface Words {
  text: string;
  /** Of `ok` and of `not ok` with these words. */
  ok: Status;
  notOk: Status;
}

const PLAIN: Words = {text: '', ok: 'pass', notOk: 'fail'};
const MEANINGS: readonly Words[] = [
  ...['SKIP', 'skip', 'Skipped', 'skipped'].map((text): Words => ({text, ok: 'skip', notOk: 'skip'})),
  ...['XFAIL', 'xfail'].map((text): Words => ({text, ok: 'xfail', notOk: 'xfail'})),
  ...['TODO', 'todo'].map((text): Words => ({text, ok: 'pass', notOk: 'xfail'})),
];
/** Loud ones are failures on `ok` too. */
const LOUD: readonly Words[] = [
  {text: 'TIMEOUT', ok: 'timeout', notOk: 'timeout'},
  {text: 'ERROR', ok: 'error', notOk: 'error'},
  {text: 'XPASS', ok: 'xpass', notOk: 'xpass'},
];
const ENDS = ['', ' why', ': why', ' - why', ':why', '\twhy'];
const HASHES = [' # ', ' #', '\t# ', ' #\t'];
/** Behind a word: it is another word then. All bytes are latin1: the second but last begins `é`, the last is a NBSP. */
const JUNK = ['_x=3', 's: 3', '-list', '/un', '=1', '.', 'ping', '2', '(a)', ',', '\xc3\xa9', '\xc2\xa0why'];
/** Before a word: there is no directive then. */
const NOT_A_HASH = ['#', 'x#', ' \\# ', '\xc2\xa0# ', ' #-', ' # no ', '://h/p#'];

/** Mostly nothing, else a directive. */
export function directive(tape: Tape): Words {
  if (!tape.once(3)) return PLAIN;
  const {text, ok, notOk} = tape.once(8) ? tape.pick(LOUD) : tape.pick(MEANINGS);
  return {text: tape.pick(HASHES) + text + tape.pick(ENDS), ok, notOk};
}

/** What looks like a directive and is none: the result is what `ok` and `not ok` say. */
export function nearDirective(tape: Tape): Words {
  const {text} = tape.pick(MEANINGS);
  const glued = tape.once(3);
  return {...PLAIN, text: glued ? tape.pick(NOT_A_HASH) + text : ` # ${text}${tape.pick(JUNK)}`};
}

/** Words of ktap.rst's failures, but not in its capitals: on `ok` only text. */
export function freeText(tape: Tape): Words {
  return {text: ` # ${tape.pick(['error', 'Error', 'timeout', 'Timeout'])} path`, ok: 'pass', notOk: 'fail'};
}
