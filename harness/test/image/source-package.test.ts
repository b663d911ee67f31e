// SPDX-License-Identifier: MIT
import {existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import t from 'tap';
import {fetchSource, forSources} from '../../image/source-package.js';
import type {Completed, RunOptions} from '../../lib/exec.js';
import {testContext} from '../fakes/test-context.js';

const DONE: Completed = {
  line: '',
  exitCode: 0,
  endedBy: null,
  stdout: '',
  stderr: '',
  seconds: 0,
  timedOut: false,
  flooded: false,
};
const SOURCES = {
  codename: 'bookworm',
  entries: [
    'Types: deb\nURIs: http://a/debian\nSuites: bookworm\n',
    'deb [signed-by=/k.gpg] http://b/debian bookworm main\n',
  ],
};

t.test('an entry of either style becomes one for sources', async (t) => {
  t.equal(forSources('Types: deb\nURIs: http://deb/debian\n'), 'Types: deb-src\nURIs: http://deb/debian\n');
  t.equal(forSources('deb [trusted=no] http://b/debian x main\n'), 'deb-src [trusted=no] http://b/debian x main\n');
});

t.test("apt sees our lists only, and the host's are left alone", async (t) => {
  const ctx = testContext();
  t.teardown(ctx.remove);
  const commands: string[] = [];
  const run = async (command: string, args: readonly string[], {cwd = ''}: RunOptions = {}) => {
    commands.push(command);
    const parts = args.find((arg) => arg.startsWith('Dir::Etc::SourceParts='))?.split('=')[1];
    if (parts !== undefined) {
      t.same(readdirSync(parts).sort(), ['0.sources', '1.list']);
      t.match(readFileSync(join(parts, '1.list'), 'utf8'), /^deb-src /);
      t.ok(args.includes('Dir::Etc::SourceList=/dev/null'));
      t.ok(args.some((arg) => arg.startsWith(`Dir::State::Lists=${ctx.folder}`)));
    }
    if (args.includes('source')) writeFileSync(join(cwd, 'hello_1.dsc'), '');
    if (command === 'dpkg-source') mkdirSync(args.at(-1) ?? '');
    return DONE;
  };
  const tree = await fetchSource({...ctx, exec: {...ctx.exec, run}}, 'hello', SOURCES, ctx.folder);
  t.ok(existsSync(tree));
  t.same(commands, ['apt-get', 'apt-get', 'dpkg-source']);
});

t.test('a mirror without sources: whose words, and what to do', async (t) => {
  const ctx = testContext();
  t.teardown(ctx.remove);
  const run = async (_: string, args: readonly string[]) =>
    args.includes('source') ? {...DONE, exitCode: 100, stderr: 'E: Unable to find a source package for hello\n'} : DONE;
  await t.rejects(fetchSource({...ctx, exec: {...ctx.exec, run}}, 'hello', SOURCES, ctx.folder), {
    message: /Cannot get the source of hello: apt-get failed:\nE: Unable to find/,
    hint: /source packages/,
    blame: 'infra',
  });
});
