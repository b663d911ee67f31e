// SPDX-License-Identifier: MIT
import {cleanLine, cleanText, keep} from '../lib/text.js';
import {Diagnostics} from './diagnostics.js';
import {MAX_NAME, readDescription} from './directive.js';
import {endedFromOutside} from './exit.js';
import {gluedBehind, gluedFailure, isNext, placesOf, splitBail, splitRest} from './glued.js';
import {MAX_LINE_LENGTH} from './line-feeder.js';
import {findComment, findGlued, type Line, mayHoldResult, type Place, type Result, readLine} from './lines.js';
import {BY_THEMSELVES, type Naming} from './naming.js';
import {Nesting} from './nesting.js';
import {Budget, type Claim, flatten, type Node} from './node.js';
import {compareWithChildren} from './parent.js';
import {skipOfAll} from './plan.js';
import {ProblemList} from './problem-list.js';
import type {LineEnd, ResultReader, TestExit, TestReport} from './result.js';
import {isFailure} from './severity.js';
import {soleLine} from './sole-line.js';
import {wholeResult} from './whole.js';
import {YamlBlock} from './yaml.js';

/** Results kept per test; the largest selftest of 6.12 (arm64/fp sve-ptrace) gives about 6000. */
export const MAX_RESULTS = 20_000;
const GLUED = 'a result is glued to output that has no newline';
const MAX_WORDS = 300;

/** Reads KTAP 1 and TAP 12 to 14 as they come from a test's stdout, kselftest's runner or a KUnit log. */
export function createKtapReader(naming: Naming = BY_THEMSELVES): ResultReader {
  const reader = new KtapReader(naming);
  return {line: (text, end) => reader.line(text, end), end: (exit) => reader.end(exit)};
}

class KtapReader {
  readonly #problems = new ProblemList();
  readonly #diagnostics = new Diagnostics();
  readonly #budget = new Budget(MAX_RESULTS);
  readonly #nesting = new Nesting(this.#problems, this.#budget);
  readonly #yaml = new YamlBlock();
  #number = 0;
  /** The last line, when it had no newline: whether it is whole is known when the exit is. */
  #unterminated: string | undefined;
  #newest: {node: Node; place: Place} | undefined;
  #bail: Claim | undefined;

  constructor(readonly naming: Naming) {}

  /** Each returns what is still to be read of the line. */
  readonly #handlers: {[K in Line['kind']]: (line: Line & {kind: K}, text: string) => string | undefined} = {
    version: ({place, version}) => {
      this.#nesting.at(place, this.#number).start(version, this.#number, place);
      return undefined;
    },
    plan: ({place, count, directive}) => this.#plan(place, count, directive),
    header: ({place, name}) => {
      this.#diagnostics.add(`# ${name}`);
      this.#nesting.header(place, keep(cleanLine(name), MAX_NAME), this.#number);
      return undefined;
    },
    bail: ({place, reason}) => this.#bailOut(place, reason),
    result: (line, text) => {
      if (!this.#isResult(line)) return this.#other([line.place], text);
      return this.#result(line.place, line);
    },
    totals: ({place, counts, text}) => {
      this.#diagnostics.add(text);
      this.#nesting.totals(place, counts, this.#number);
      return undefined;
    },
    yaml: ({place}) => this.#yaml.start(this.#newest, place),
    pragma: () => undefined,
    comment: (line) => this.#other(placesOf(line), line.text),
    unknown: (line) => this.#other(placesOf(line), line.text),
  };

  line(text: string, end?: LineEnd): void {
    this.#number++;
    const cut = (end?.cut ?? 0) + Math.max(0, text.length - MAX_LINE_LENGTH);
    if (cut > 0)
      this.#problems.add(this.#number, `a line was cut at ${MAX_LINE_LENGTH} characters; ${cut} were dropped`);
    const kept = text.slice(0, MAX_LINE_LENGTH);
    if (end?.terminated === false) this.#unterminated = kept;
    else this.#readAll(kept);
  }

  end(exit: TestExit): TestReport {
    const outside = endedFromOutside(exit);
    if (this.#unterminated !== undefined) this.#readUnterminated(this.#unterminated, outside !== undefined);
    const unfinished = exit.endedBy === undefined ? 'missing' : (outside?.status ?? 'missing');
    const {lastEnd} = this.#nesting;
    const root = this.#nesting.finish(this.#number, unfinished, outside === undefined && exit.code === 4);
    const results = flatten(root?.nodes ?? []);
    const whole = wholeResult(exit, results, {
      bail: this.#bail ?? root?.bail,
      counted: root?.counted,
      skipAll: root?.skipAll?.words,
      tooMany: this.#budget.exceeded ? MAX_RESULTS : undefined,
      said: this.#diagnostics.last(),
      lastEnd,
    });
    const first = whole === undefined ? [] : [{...whole, diagnostics: this.#diagnostics.take(false)}];
    return {results: [...first, ...results], problems: this.#problems.all()};
  }

  /** A progress bar's carriage returns overwrite; each part is a line of its own here. */
  #readAll(text: string): void {
    if (!text.includes('\r')) this.#read(cleanText(text));
    else for (const part of text.split('\r')) if (part !== '') this.#read(cleanText(part));
  }

  #readUnterminated(text: string, endedFromOutside: boolean): void {
    const line = readLine(cleanText(text));
    if (endedFromOutside && line.kind === 'result' && line.ok) {
      this.#problems.add(this.#number, `the output ends inside this line, which does not count: ${cleanText(text)}`);
    } else this.#readAll(text);
  }

  /** A line may hold several results, where output had no newline. */
  #read(text: string): void {
    for (let rest: string | undefined = text; rest !== undefined && rest !== ''; ) rest = this.#readFirst(rest);
  }

  #readFirst(text: string): string | undefined {
    const line = readLine(text);
    const hasRunner = this.#nesting.runnerPlace !== undefined;
    const comment = line.kind === 'bail' ? undefined : findComment(text);
    if (comment !== undefined) return this.#commentBehind(line, text, comment);
    const bail = splitBail(line, text, hasRunner);
    const at = bail === undefined ? gluedBehind(line, text, hasRunner)?.at : bail.before.length;
    if (at !== undefined) {
      this.#problems.add(this.#number, GLUED);
      this.#read(text.slice(0, at));
      if (bail === undefined) return text.slice(at);
      this.#bailOut(this.#nesting.placeBehind(line), bail.reason);
      return bail.after;
    }
    if (this.#yaml.takes(line, text) && gluedFailure(text) === undefined) return undefined;
    return (this.#handlers[line.kind] as (line: Line, text: string) => string | undefined)(line, text);
  }

  /** What kselftest's helpers say next is no part of a name, and their totals count. */
  #commentBehind(line: Line, text: string, at: number): undefined {
    this.#read(text.slice(0, at));
    const [said, place] = [readLine(text.slice(at)), this.#nesting.placeBehind(line)];
    if (said.kind === 'totals') this.#handlers.totals({...said, place}, text);
    else this.#other(placesOf({kind: 'comment', place}), text.slice(at));
  }

  #plan(place: Place, count: number, directive: string): undefined {
    const level = this.#nesting.at(place, this.#number);
    if (count > 0) {
      level.plan(count, this.#number);
      return;
    }
    level.announce(this.#number);
    if (!level.fresh) this.#problems.add(this.#number, 'a plan 1..0 behind a plan or results');
    const skip = skipOfAll(directive, this.#number, level.skipAll);
    if (skip !== undefined) level.skipAll = skip;
    else this.#problems.add(this.#number, 'the plan is 1..0, and no skip is given as the reason');
  }

  #bailOut(place: Place, reason: string): undefined {
    const words = keep(cleanLine(`Bail out! ${reason}`), MAX_WORDS);
    this.#diagnostics.add(words);
    if (this.#nesting.bail(place, words, this.#number)) return;
    const around = place.hashes > 0 ? this.#nesting.opened : [];
    const own = soleLine(this.#bail?.lines, this.#number);
    this.#bail = {words, lines: own.length === 0 ? [] : [...own, ...around]};
  }

  /** `# ok 1 x` in a comment counts only inside a document that was announced; `# not ok 1 x` always does. */
  #isResult(line: Result): boolean {
    const {place, number} = line;
    const rest = line.rest.trimStart();
    const announced = this.#nesting.isOpen(place);
    const ok = line.ok && (number === undefined || announced || !isFailure(readDescription(line.rest, true).status));
    if (!ok && place.hashes > 0 && !announced) {
      this.#problems.add(this.#number, 'a failed result inside a comment, with no document around it');
    }
    if (!ok || announced) return !ok || number !== undefined || /^(?:-(?:\s|$)|#|$)/.test(rest);
    // `ok - name` is TAP; a bare `ok` is a word unless a document is open.
    return place.hashes === 0 && (number !== undefined || rest.startsWith('- '));
  }

  /** Unknown lines and comments: diagnostics, unless a result is glued to the end of one. */
  #other(places: readonly [Place, ...Place[]], text: string): string | undefined {
    for (const glued of mayHoldResult(text) ? findGlued(text) : []) {
      const {runner, number} = glued;
      const waiting = runner ? this.#nesting.runnerPlace : this.#nesting.waitingFor(number, places);
      const at = glued.ok ? waiting : (waiting ?? places[0]);
      const line = readLine(text.slice(glued.at));
      if (at === undefined || line.kind !== 'result') continue;
      this.#problems.add(this.#number, GLUED);
      this.#note(text.slice(0, glued.at));
      return this.#result(at, line, line.ok);
    }
    this.#note(text);
    return undefined;
  }

  #note(text: string): void {
    this.#diagnostics.add(text);
    this.naming.note(text);
  }

  /** Takes it in, and those that are glued to it: kselftest's runner writes at the margin, others go on where they are. */
  #result(place: Place, first: Result, wasAwaited = false): undefined {
    let at = place;
    let awaited = wasAwaited;
    for (let line = first; ; ) {
      const {own, glued} = splitRest(line.rest, line.number);
      this.#take(at, {...line, rest: own}, awaited);
      const next = glued === undefined ? undefined : readLine(line.rest.slice(glued.at));
      if (glued === undefined || next?.kind !== 'result') return undefined;
      this.#problems.add(this.#number, GLUED);
      if (glued.runner || !isNext(glued, line.number)) at = this.#nesting.runnerPlace ?? {column: 0, hashes: 0};
      awaited = false;
      line = next;
    }
  }

  #take(place: Place, {ok, number, rest}: Result, wasAwaited: boolean): void {
    const armedBy = place.hashes > 0 ? this.#nesting.armedBy : [];
    const said = readDescription(rest, ok);
    const closed = this.#nesting.closeBelow(place, this.#number, said.status === 'skip');
    const level = this.#nesting.at(place, this.#number, armedBy);
    this.#nesting.disarm(place, this.#number);
    if (this.#budget.exceeded) return;
    if (said.problem !== undefined) this.#problems.add(this.#number, said.problem);
    // These count only because something announced them.
    const isAnnounced = ok && (place.hashes > 0 || (number === undefined && !rest.trimStart().startsWith('- ')));
    const counting = wasAwaited ? number : undefined;
    const {name, reason} = this.naming.describe(said);
    const given = name || `test ${number ?? level.expected}`;
    const node: Node = {
      name: given,
      given,
      status: said.status,
      ...(name === '' ? {standIn: 'unnamed' as const} : {}),
      ...(ok ? {} : {isNotOk: true as const}),
      ...(reason === undefined ? {} : {reason}),
      diagnostics: [],
      children: closed?.nodes ?? [],
      lines: [this.#number, ...(wasAwaited || isAnnounced ? [...level.standsOn(counting), ...armedBy] : [])],
    };
    const contradiction = compareWithChildren(node, closed);
    if (contradiction !== undefined) this.#problems.add(this.#number, contradiction);
    node.diagnostics = this.#diagnostics.take(node.status === 'pass');
    level.add(node, number, this.#number, said.status === 'skip' && said.behind ? said.name : undefined);
    this.#newest = {node, place};
  }
}
