// SPDX-License-Identifier: MIT
/**
 * kverdict as a user runs it: the program itself, as a child, on a toy Linux tree with real make and real git, and
 * fake machines that speak real QMP and real SSH.
 */
import {type ChildProcess, execFileSync, spawn, spawnSync} from 'node:child_process';
import {cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {noEvents} from '../../lib/events.js';
import {createExec} from '../../lib/exec.js';
import {resolvePaths} from '../../lib/paths.js';
import type {Results} from '../../verdict/results.js';
import {installFakeQemu, seedFakeImage} from '../fakes/fake-qemu-install.js';
import {shippedSymbols} from '../fakes/shipped-symbols.js';

const {project} = resolvePaths();
const MAIN = join(project, 'dist/harness/cli/main.js');

/** Secrets that kverdict is given and has no business telling: none is in anything that it writes or serves. */
export const SECRETS = {
  AWS_SECRET_ACCESS_KEY: 'S3CRET-of-a-cloud',
  MY_TOKEN: 'S3CRET-of-ci',
  GIT_ASKPASS: '/S3CRET',
  http_proxy: 'http://bob:S3CRET-of-a-proxy@127.0.0.1:9',
};

/** The files below a folder that hold one of them, whatever they are. */
export function filesWithSecrets(folder: string): string[] {
  const {stdout} = spawnSync('grep', ['-rlaF', '--', 'S3CRET', folder], {encoding: 'utf8'});
  return stdout.split('\n').filter((line) => line !== '');
}

export interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
}

export class Stage {
  readonly folder = mkdtempSync(join(tmpdir(), 'kv'));
  readonly tree = join(this.folder, 'linux');
  readonly out = join(this.folder, 'out');
  readonly env = {
    ...process.env,
    HOME: this.folder,
    XDG_CACHE_HOME: join(this.folder, 'cache'),
    XDG_STATE_HOME: join(this.folder, 'state'),
    XDG_RUNTIME_DIR: this.folder,
    NO_COLOR: '1',
  };
  readonly qemu: string;
  /** The program that is run. */
  main = MAIN;

  constructor(qemuVersion?: string) {
    cpSync(join(project, 'harness/test/fakes/fake-linux'), this.tree, {recursive: true});
    this.write('Kconfig.shipped', shippedSymbols());
    // The first line that fits a command counts: `scenario` comes before these.
    this.write('scenario/90-toy.txt', 'test toy-steady pass\ntest toy-race pass\n');
    this.git('init', '-q', '-b', 'master');
    this.commit('base');
    this.qemu = installFakeQemu(join(this.folder, 'bin'), qemuVersion);
  }

  /** Images that need no packages. */
  async seed(): Promise<this> {
    const {signal} = new AbortController();
    const ctx = {paths: resolvePaths(this.env), emit: noEvents, signal, exec: createExec(noEvents, signal)};
    for (const arch of ['x86_64', 'arm64'] as const) await seedFakeImage(ctx, arch);
    return this;
  }

  git(...args: string[]): string {
    const identity = ['-c', 'user.name=Toy', '-c', 'user.email=toy@localhost'];
    return execFileSync('git', ['-C', this.tree, ...identity, ...args], {encoding: 'utf8'}).trim();
  }

  write(file: string, text: string): this {
    mkdirSync(join(this.tree, file, '..'), {recursive: true});
    writeFileSync(join(this.tree, file), text);
    return this;
  }

  read(file: string): string {
    return readFileSync(join(this.tree, file), 'utf8');
  }

  commit(subject: string): string {
    this.git('add', '-A');
    this.git('commit', '-q', '-m', subject);
    return this.git('rev-parse', 'HEAD');
  }

  /** A one-patch mbox that makes `change`, with the tree back at where it was. */
  patch(subject: string, change: () => void): string {
    change();
    this.commit(subject);
    const mail = this.git('format-patch', '-1', '--stdout');
    this.git('reset', '-q', '--hard', 'HEAD~1');
    const file = join(this.folder, `${subject.replaceAll(/\W+/g, '-')}.mbox`);
    writeFileSync(file, `${mail}\n`);
    return file;
  }

  /** What the toy machine does from now on: a line of its scenario. */
  scenario(text: string): void {
    this.write('scenario/05-test.txt', `${text}\n`);
  }

  start(...args: string[]): ChildProcess {
    return spawn(process.execPath, [this.main, ...args], {
      cwd: this.folder,
      env: this.env,
      stdio: ['pipe', 'pipe', 'pipe'],
    });
  }

  async run(args: readonly string[], input = ''): Promise<Ended> {
    const child = this.start(...args);
    child.stdin?.end(input);
    return finish(child);
  }

  /** verify with the toy suite, on the fake machines. */
  verify(series: string, ...more: string[]): Promise<Ended> {
    return this.run(['verify', series, ...this.common(), ...more]);
  }

  /** Which tree, machines, suites and folder. */
  places(out = this.out): string[] {
    const suites = join(project, 'harness/test/fixtures/e2e/suites');
    return ['--tree', this.tree, '--qemu', this.qemu, '--suites', suites, '--out', out];
  }

  /** And all tests of the toy suite. */
  common(): string[] {
    return [...this.places(), '-t', 'toy'];
  }

  results(): Results {
    return JSON.parse(readFileSync(join(this.out, 'results.json'), 'utf8')) as Results;
  }

  remove(): void {
    rmSync(this.folder, {recursive: true, force: true});
  }
}

export async function finish(child: ChildProcess): Promise<Ended> {
  let stdout = '';
  let stderr = '';
  child.stdout?.on('data', (chunk: Buffer) => {
    stdout += chunk.toString();
  });
  child.stderr?.on('data', (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
  return {code, stdout, stderr};
}
