// SPDX-License-Identifier: MIT
import {Diagnostics} from './diagnostics.js';
import {readDescription} from './directive.js';
import {Budget, type Node} from './document.js';
import {endedFromOutside, wholeOf} from './exit.js';
import {MAX_LINE_LENGTH} from './line-feeder.js';
import {findGlued, type Line, type Place, readLine} from './lines.js';
import {compareWithChildren, Nesting} from './nesting.js';
import {ProblemList} from './problem-list.js';
import type {LineEnd, ResultReader, Status, SubtestResult, TestExit, TestReport} from './result.js';

/** Results kept per test; the largest selftest of 6.12 (arm64/fp sve-ptrace) gives about 6000. */
export const MAX_RESULTS = 20_000;
const GLUED = 'a result is glued to output that has no newline';

/** Reads KTAP 1 and TAP 12 to 14 as they come from a test's stdout, kselftest's runner or a KUnit log. */
export function createKtapReader(): ResultReader {
  const reader = new KtapReader();
  return {line: (text, end) => reader.line(text, end), end: (exit) => reader.end(exit)};
}

class KtapReader {
  readonly #problems = new ProblemList();
  readonly #diagnostics = new Diagnostics();
  readonly #budget = new Budget(MAX_RESULTS);
  readonly #nesting = new Nesting(this.#problems, this.#budget);
  #number = 0;
  /** The last line, when it had no newline: whether it is whole is known when the exit is. */
  #unterminated: string | undefined;
  #yaml: {into: Node; place: Place} | undefined;
  #newest: {node: Node; place: Place} | undefined;
  #bail: string | undefined;

  readonly #handlers: {[K in Line['kind']]: (line: Line & {kind: K}, text: string) => void} = {
    version: ({place, version}) => this.#nesting.at(place, this.#number).start(version, this.#number, 'missing'),
    plan: ({place, count, directive}) => this.#plan(place, count, directive),
    header: ({place, name}) => {
      this.#diagnostics.add(`# ${name}`);
      this.#nesting.header(place, name);
    },
    bail: ({place, reason}) => this.#bailOut(place, reason),
    result: (line, text) => {
      if (this.#isResult(line)) this.#result(line.place, line.ok, line.number, line.rest);
      else this.#diagnostics.add(text);
    },
    yaml: ({place}) => this.#openYaml(place),
    pragma: () => {},
    comment: ({place, text}) => this.#other(place, text),
    unknown: ({place, text}) => this.#other(place, text),
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
    const root = this.#nesting.finish(this.#number, unfinished);
    const results = flatten(root?.nodes ?? []);
    const whole = this.#whole(exit, results, root?.skipAll);
    return {results: whole === undefined ? results : [whole, ...results], problems: this.#problems.all()};
  }

  /** A progress bar's carriage returns overwrite; each part is a line of its own here. */
  #readAll(text: string): void {
    for (const part of text.includes('\r') ? text.split('\r') : [text]) if (part !== '') this.#read(part);
  }

  #readUnterminated(text: string, endedFromOutside: boolean): void {
    const line = readLine(text);
    if (endedFromOutside && line.kind === 'result' && line.ok) {
      this.#problems.add(this.#number, `the output ends inside this line, which does not count: ${text}`);
    } else this.#readAll(text);
  }

  #read(text: string): void {
    const line = readLine(text);
    if (this.#inYaml(line, text)) return;
    const handle = this.#handlers[line.kind] as (line: Line, text: string) => void;
    handle(line, text);
  }

  #openYaml(place: Place): void {
    if (this.#newest === undefined || place.column <= this.#newest.place.column) return;
    this.#yaml = {into: this.#newest.node, place: this.#newest.place};
  }

  /** TAP 13: a block of YAML belongs to the result above it, whatever its lines look like. */
  #inYaml(line: Line, text: string): boolean {
    if (this.#yaml === undefined) return false;
    const inside = text.trim() === '' || line.place.column > this.#yaml.place.column;
    if (inside && line.kind === 'unknown' && text.trim() !== '...') {
      if (this.#yaml.into.diagnostics.length < 100) this.#yaml.into.diagnostics.push(line.text.trimEnd());
      return true;
    }
    const indentedResult = inside && line.kind !== 'unknown' && line.kind !== 'version';
    if (!indentedResult) this.#yaml = undefined;
    return indentedResult || text.trim() === '...';
  }

  #plan(place: Place, count: number, directive: string): void {
    const level = this.#nesting.at(place, this.#number);
    if (count > 0) {
      level.plan(count, this.#number);
      return;
    }
    level.announced = true;
    if (!level.fresh) this.#problems.add(this.#number, 'a plan 1..0 after results');
    const skip = /^skip\w*:?\s*(.*)$/i.exec(directive);
    if (skip !== null) level.skipAll = skip[1] || 'no reason given';
    else this.#problems.add(this.#number, 'the plan is 1..0, and no skip is given as the reason');
  }

  #bailOut(place: Place, reason: string): void {
    const words = `Bail out! ${reason}`.trim();
    this.#diagnostics.add(words);
    if (!this.#nesting.bail(place, words)) this.#bail = words;
  }

  /** `# ok 1 x` in a comment counts only inside a document that was announced; `# not ok 1 x` always does. */
  #isResult(line: Line & {kind: 'result'}): boolean {
    const {place, ok, number} = line;
    const announced = this.#nesting.isOpen(place);
    if (number === undefined) {
      // `ok - name` is TAP; a bare `ok` is a word unless a document is open.
      if (!ok || line.rest.startsWith('- ')) return place.hashes === 0 || announced;
      return announced && (line.rest === '' || line.rest.startsWith('#'));
    }
    if (place.hashes === 0 || announced) return true;
    if (!ok) this.#problems.add(this.#number, 'a failed result inside a comment, with no document around it');
    return !ok;
  }

  /** Unknown lines and comments: diagnostics, unless a result is glued to the end of one. */
  #other(place: Place, text: string): void {
    for (const glued of findGlued(text)) {
      const at = glued.runner ? this.#nesting.rootPlace : this.#nesting.expecting(glued.number, place);
      if (at === undefined || (!glued.runner && glued.ok && place.hashes > 0)) continue;
      const line = readLine(text.slice(glued.at));
      if (line.kind !== 'result') continue;
      this.#problems.add(this.#number, GLUED);
      this.#diagnostics.add(text.slice(0, glued.at));
      this.#result(at, line.ok, line.number, line.rest);
      return;
    }
    this.#diagnostics.add(text);
  }

  #result(place: Place, ok: boolean, number: number | undefined, rest: string): void {
    const {own, glued} = splitRest(rest, number);
    const closed = this.#nesting.closeBelow(place, this.#number);
    const level = this.#nesting.at(place, this.#number);
    if (this.#budget.exceeded) return;
    const said = readDescription(own, ok);
    if (said.problem !== undefined) this.#problems.add(this.#number, said.problem);
    const name = said.name || `test ${number ?? level.expected}`;
    const node: Node = {
      name,
      given: name,
      status: said.status,
      ...(said.reason === undefined ? {} : {reason: said.reason}),
      diagnostics: [],
      children: closed?.nodes ?? [],
    };
    const contradiction = compareWithChildren(node, closed);
    if (contradiction !== undefined) this.#problems.add(this.#number, contradiction);
    node.diagnostics = this.#diagnostics.take(node.status === 'pass');
    level.add(node, number, this.#number);
    this.#newest = {node, place};
    if (glued !== undefined) {
      this.#problems.add(this.#number, GLUED);
      this.#readAll(glued);
    }
  }

  #whole(exit: TestExit, results: readonly SubtestResult[], skipAll: string | undefined): SubtestResult | undefined {
    const diagnostics = this.#diagnostics;
    const found = ((): SubtestResult | undefined => {
      const outside = endedFromOutside(exit);
      if (outside === undefined && this.#bail !== undefined) return wholeResult('fail', this.#bail);
      if (outside === undefined && this.#budget.exceeded) {
        return wholeResult('error', `more than ${MAX_RESULTS} results: the rest was not read`);
      }
      const skipped = skipAll !== undefined && results.length === 0 && (exit.code === 0 || exit.code === 4);
      if (outside === undefined && skipped) return wholeResult('skip', skipAll);
      return wholeOf(exit, results, diagnostics.last());
    })();
    return found === undefined ? undefined : {...found, diagnostics: diagnostics.take(false)};
  }
}

function wholeResult(status: Status, reason: string): SubtestResult {
  return {path: [], status, reason, diagnostics: []};
}

/** `ok 1 aok 2 b`: the next number, glued to this result's description. */
function splitRest(rest: string, number: number | undefined): {own: string; glued?: string} {
  if (number === undefined) return {own: rest};
  const next = findGlued(rest).find((glued) => glued.number === number + 1);
  return next === undefined ? {own: rest} : {own: rest.slice(0, next.at), glued: rest.slice(next.at)};
}

/** Parents before their subtests, in the order of the results. */
function flatten(nodes: readonly Node[], above: readonly string[] = []): SubtestResult[] {
  return nodes.flatMap(({name, status, reason, diagnostics, children}) => {
    const path = [...above, name];
    return [{path, status, ...(reason === undefined ? {} : {reason}), diagnostics}, ...flatten(children, path)];
  });
}
