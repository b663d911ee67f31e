// SPDX-License-Identifier: MIT
/** Trees of results, written as KTAP: by hand, by kselftest's runner, by KUnit, mixed. */
import type {ReaderKind} from '../../ktap/reader.js';
import type {Status} from '../../ktap/result.js';
import {isFailure} from '../../ktap/severity.js';
import {DAMAGES, type Line} from './damage.js';
import type {Tape} from './tape.js';
import type {Told} from './told.js';
import {directive, freeText, nearDirective, type Words} from './words.js';

interface Leaf {
  name: string;
  ok: boolean;
  words: Words;
  below: Level | undefined;
}

export interface Level {
  prefix: string;
  /** kselftest's header stands in front: the name of the result around it begins with `selftests: `. */
  header: boolean;
  version: string | undefined;
  plan: 'front' | 'late' | 'plan before the version line' | undefined;
  from: number;
  leaves: Leaf[];
}

/** What is odd about the tree itself; what happens to its lines is in DAMAGES. */
const ODD_TREES = [
  'nothing',
  'plan before the version line',
  'counting from 0',
  'near directive',
  'free text',
] as const;
type OddTree = (typeof ODD_TREES)[number];

const READERS: readonly ReaderKind[] = ['ktap', 'ktap', 'ktap-or-exit', 'ktap-run'];
/** In front of what is below a result. The deeper it is, the more of them stand one behind the other. */
const STEPS = ['  ', '# ', '# ', '    ', '# ', '# ', '#\t', '\t', '#   '];
const VERSIONS = ['KTAP version 1', 'TAP version 13'];
const MAX_DEPTH = 3;
const NO_WORDS: Words = {text: '', ok: 'pass', notOk: 'fail'};

export function ktapTold(tape: Tape): Told {
  const reader = tape.pick(READERS);
  const damage = tape.pick([undefined, ...DAMAGES]);
  const odd = damage === undefined ? tape.pick(ODD_TREES) : 'nothing';
  const writer = new Writer(tape, odd, reader === 'ktap-run');
  const lines = writer.write(writer.level('', 0));
  const done = damage?.apply(lines, tape);
  const failed = done?.replaces !== true && writer.results.some(([, status]) => isFailure(status));
  return {
    document: {reader, exit: {code: done?.exit ?? 0}, text: `${lines.map(({text}) => text).join('\n')}\n`},
    oddity: done === undefined ? odd : (damage?.name ?? odd),
    green: !failed && done?.hides !== true,
    results: done === undefined || done.isTold ? writer.results : [],
  };
}

class Writer {
  /** Each name with the status that it was given; what a parent says follows from what is in it. */
  readonly results: [string, Status][] = [];
  readonly #failed = new Set<string>();
  #names = 0;

  constructor(
    readonly tape: Tape,
    readonly odd: OddTree,
    readonly run: boolean,
  ) {}

  level(prefix: string, depth: number): Level {
    const {tape, odd} = this;
    const comment = prefix.includes('#');
    const header = prefix.endsWith('# ') && !tape.once(3);
    const version = tape.once(3) || (comment && !header) ? tape.pick(VERSIONS) : undefined;
    const early = odd === 'plan before the version line' && version !== undefined && tape.once(2);
    const zero = odd === 'counting from 0' && tape.once(2);
    const plan = early ? odd : zero ? 'front' : tape.pick([undefined, 'front', 'late'] as const);
    const leaves = Array.from({length: 1 + tape.below(4)}, () => this.#leaf(prefix, depth));
    return {prefix, header, version, plan, from: zero ? 0 : 1, leaves};
  }

  #leaf(prefix: string, depth: number): Leaf {
    const {tape, odd} = this;
    const deeper = depth < MAX_DEPTH && !this.run && tape.once(2);
    const below = deeper ? this.level(prefix + tape.pick(STEPS), depth + 1) : undefined;
    const name = `n${++this.#names}`;
    if (below !== undefined) return {name, ok: true, words: NO_WORDS, below};
    if (odd === 'near directive' && tape.once(2)) return {name, ok: false, words: nearDirective(tape), below};
    if (odd === 'free text' && tape.once(2)) return {name, ok: true, words: freeText(tape), below};
    const words = directive(tape);
    // Few failures, or nothing would be left to be hidden.
    return {name, ok: words.notOk === 'fail' ? !tape.once(8) : tape.once(2), words, below};
  }

  write(level: Level): Line[] {
    const {prefix, version, plan, from, leaves} = level;
    const count = {text: `${prefix}1..${leaves.length}`};
    const results = leaves.flatMap((leaf, n) => this.#writeLeaf(leaf, level, from + n, n + 1 < leaves.length));
    return [
      ...(plan === 'plan before the version line' ? [count] : []),
      ...(version === undefined ? [] : [{text: prefix + version}]),
      ...(plan === 'front' ? [count] : []),
      ...results,
      ...(plan === 'late' ? [count] : []),
    ];
  }

  #writeLeaf(leaf: Leaf, level: Level, number: number, follows: boolean): Line[] {
    const {words, below} = leaf;
    const runner = below?.header === true;
    const name = runner ? `selftests: m: ${leaf.name}` : leaf.name;
    const inside = below === undefined ? [] : this.write(below);
    const ok = below === undefined ? leaf.ok : !below.leaves.some((one) => this.#failed.has(one.name));
    const status = ok ? words.ok : words.notOk;
    if (isFailure(status)) this.#failed.add(leaf.name);
    // What only looks like a directive may be a part of the name or not: of that the colour is told.
    this.results.push([this.odd === 'near directive' && words.text !== '' ? ANY_NAME : name, status]);
    const said = this.run ? ' said' : `${!runner && this.tape.once(4) ? ' - ' : ' '}${name}`;
    return [
      ...(runner ? [{text: `${level.prefix}# ${name}`}] : []),
      ...(this.run ? [{text: `# [RUN] ${name}`}] : []),
      ...inside,
      {
        text: `${level.prefix}${ok ? 'ok' : 'not ok'} ${number}${said}${words.text}`,
        result: {
          prefix: level.prefix,
          level,
          number,
          follows,
          leaf: below === undefined,
          runner,
          bare: words.text === '',
        },
      },
    ];
  }
}

/** Stands for a name that is not told. */
export const ANY_NAME = '';
