// SPDX-License-Identifier: MIT
/** Histories of the toy tree, for bisects of it. */
import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import type {BisectReport} from '../../bisect/report.js';
import type {BisectLine} from '../../run/bisect-journal.js';
import {Stage} from './support.js';

/** What a commit changes; it gets its number. */
export type Change = (at: number) => void;

export class BisectStage extends Stage {
  readonly #kbuild = this.read('Kbuild');

  /** Another kernel that does the same: the toy's is the text of its scenario. */
  readonly touch: Change = (at) => void this.write('scenario/50-note.txt', `# ${at}\n`);

  /** Only a file that no kernel is made from. */
  readonly comment: Change = (at) => void this.write('README', `note ${at}\n`);

  readonly breakBuild: Change = () => void this.write('Kbuild', `${this.#kbuild}\n$(error broken)\n`);

  readonly repair: Change = (at) => {
    this.write('Kbuild', this.#kbuild);
    this.touch(at);
  };

  /** From this commit on the machine does so. */
  does(line: string): Change {
    return (at) => this.scenario(`${line}\n# ${at}`);
  }

  /** So many commits, most of which only touch something. */
  steps(count: number, special: Record<number, Change>): Change[] {
    return Array.from({length: count}, (_, at) => special[at] ?? this.touch);
  }

  /** A branch of commits; the commit below it is tagged `good`. */
  grow(branch: string, changes: readonly Change[]): string[] {
    this.git('checkout', '-q', '-f', '-B', branch, 'master');
    this.git('tag', '-f', 'good');
    return changes.map((change, at) => {
      change(at);
      return this.commit(`mm: change ${at}`);
    });
  }

  words(...more: string[]): string[] {
    return ['bisect', ...this.places(), ...more];
  }

  /** One guest at a time: what is seen then does not depend on the host. */
  history(...more: string[]): string[] {
    return this.words('--good', 'good', '-p', 'x86_64', '-j', '1', ...more);
  }

  report(): BisectReport {
    return JSON.parse(readFileSync(join(this.out, 'bisect.json'), 'utf8')) as BisectReport;
  }

  /** What was found out, in its order. */
  findings(): BisectLine[] {
    return readFileSync(join(this.out, 'bisect.jsonl'), 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as BisectLine)
      .filter(({type}) => type !== 'start' && type !== 'end');
  }
}
