// SPDX-License-Identifier: MIT
/** A nightly of the toy tree: a remote that is pushed to, and a configuration that watches it. */
import {execFileSync} from 'node:child_process';
import {readdirSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {type History, openHistory} from '../../history/database.js';
import type {NightReport} from '../../history/night.js';
import {resolvePaths} from '../../lib/paths.js';
import {type Ended, Stage} from './support.js';

export class NightlyStage extends Stage {
  readonly remote = join(this.folder, 'remote.git');
  readonly config = join(this.folder, 'toy.yaml');

  constructor() {
    super();
    execFileSync('git', ['init', '-q', '--bare', '-b', 'master', this.remote]);
  }

  configure(...more: string[]): void {
    const suites = join(resolvePaths().project, 'harness/test/fixtures/e2e/suites');
    const lines = [
      ...['tests: [toy:steady]', 'profiles: [x86_64]', 'jobs: 1', `suites: ["${suites}"]`, `qemu: ${this.qemu}`],
      ...(more.some((line) => line.startsWith('trees:'))
        ? []
        : ['trees:', '  - url: remote.git', '    branches: [master]']),
      ...more,
    ];
    writeFileSync(this.config, `${lines.join('\n')}\n`);
  }

  /** What others do by day. */
  push(branch = 'master'): void {
    this.git('push', '-q', '--force', this.remote, `HEAD:refs/heads/${branch}`);
  }

  night(...more: string[]): Promise<Ended> {
    return this.run(['nightly', this.config, ...more]);
  }

  /** Of the newest night. */
  report(): NightReport {
    const nights = join(this.env.XDG_STATE_HOME, 'kverdict/runs/nightly-toy');
    const newest = readdirSync(nights).sort().at(-1) ?? '';
    return JSON.parse(readFileSync(join(nights, newest, 'night.json'), 'utf8')) as NightReport;
  }

  history(): Promise<History> {
    return openHistory(resolvePaths(this.env));
  }
}
