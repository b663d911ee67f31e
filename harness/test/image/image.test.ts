// SPDX-License-Identifier: MIT
import {existsSync, readFileSync, statSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import t from 'tap';
import {ensureKeys} from '../../image/access.js';
import {hostAptSources, hostCodename} from '../../image/apt-sources.js';
import {ensureImage} from '../../image/image.js';
import type {Context} from '../../lib/context.js';
import type {Completed, RunOptions} from '../../lib/exec.js';
import {seedFakeImage} from '../fakes/fake-qemu-install.js';
import {type TestContext, testContext} from '../fakes/test-context.js';

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

/** A context whose programs are a table; what is not in it succeeds in silence. */
function withPrograms(
  ctx: TestContext,
  programs: Record<string, (args: readonly string[], options: RunOptions) => Partial<Completed>>,
): Context {
  const run = async (command: string, args: readonly string[], options: RunOptions = {}) => ({
    ...DONE,
    ...programs[command]?.(args, options),
  });
  return {...ctx, exec: {...ctx.exec, run, runOk: run}};
}

t.test('keys are made once, for their owner only, and are in no event', async (t) => {
  const ctx = testContext();
  t.teardown(ctx.remove);
  const [one, two] = await Promise.all([ensureKeys(ctx), ensureKeys(ctx)]);
  t.same(one, two);
  const file = join(ctx.paths.cache, 'access/keys.json');
  t.equal(statSync(file).mode & 0o777, 0o600);
  t.notMatch(JSON.stringify(ctx.events), /PRIVATE KEY/);
  writeFileSync(file, '{"clientKey": "se');
  await t.rejects(ensureKeys(ctx), {message: /does not hold the guests' keys/, hint: /Delete it/});
});

t.test('an image that is there is used as it is', async (t) => {
  const ctx = testContext();
  t.teardown(ctx.remove);
  const made = await seedFakeImage(ctx, 'arm64');
  const found = await ensureImage(ctx, 'arm64');
  t.same(found, made);
  t.notOk(
    ctx.events.some(({type}) => type === 'command'),
    'no program is run',
  );
  t.not((await seedFakeImage(ctx, 'x86_64')).initrd, made.initrd);
});

t.test("packages that cannot be had: mmdebstrap's own words, and nothing half-made", async (t) => {
  const ctx = testContext();
  t.teardown(ctx.remove);
  const sources = join(ctx.folder, 'debian.sources');
  writeFileSync(sources, 'Types: deb\nURIs: http://mirror.example/debian\nSuites: x\nComponents: main\n');
  const failing = withPrograms(ctx, {
    'apt-get': () => ({stdout: `${sources}:1|Debian|${hostCodename()}|${hostCodename()}\n`}),
    mmdebstrap: (args, {log = ''}) => {
      t.ok(args.includes('--architectures=arm64'));
      writeFileSync(log, 'I: running\nE: apt-get update failed: no route to mirror.example\n');
      return {exitCode: 25};
    },
  });
  await t.rejects(ensureImage(failing, 'arm64'), {
    message: /Cannot get busybox-static for arm64: mmdebstrap failed:\n.*no route to mirror\.example/s,
    blame: 'infra',
  });
  t.match(ctx.events.at(-1), {type: 'step-end', status: 'failed'});
  const {readdirSync} = await import('node:fs');
  t.same(readdirSync(join(ctx.paths.cache, 'images')), []);
});

t.test("the host's own sources, without their limits on architectures", async (t) => {
  const ctx = testContext();
  t.teardown(ctx.remove);
  const folder = t.testdir({
    'debian.sources':
      'Types: deb deb-src\nURIs: http://a/debian\nSuites: bookworm\nArchitectures: amd64\nComponents: main\nSigned-By: /k.gpg\n\n' +
      '# a comment\n\nTypes: deb\nURIs: http://a/security\nSuites: bookworm-security\nComponents: main\n',
    'old.list': '# one\ndeb [arch=amd64 signed-by=/k.gpg] http://b/debian bookworm main\n',
    'os-release': 'ID=debian\nVERSION_CODENAME=bookworm\n',
    'other-release': 'ID=fedora\nVERSION_CODENAME=""\n',
  });
  const stdout = [
    `${folder}/debian.sources:1|Debian|bookworm|stable`,
    `${folder}/debian.sources:1|Debian|bookworm|stable`,
    `${folder}/debian.sources:2|Debian|bookworm-security|bookworm-security`,
    `${folder}/old.list:2|Debian|bookworm|bookworm`,
    `${folder}/old.list:9|Debian Backports|bookworm-backports|bookworm-backports`,
    `${folder}/old.list:9|Somebody|bookworm|bookworm`,
    '',
  ].join('\n');
  const asked = withPrograms(ctx, {'apt-get': () => ({stdout})});
  t.equal(hostCodename(join(folder, 'os-release')), 'bookworm');
  t.throws(() => hostCodename(join(folder, 'other-release')), {message: /not of a Debian release/});
  const {entries} = await hostAptSources(asked, 'bookworm');
  t.same(entries, [
    'Types: deb\nURIs: http://a/debian\nSuites: bookworm\nComponents: main\nSigned-By: /k.gpg\n',
    'Types: deb\nURIs: http://a/security\nSuites: bookworm-security\nComponents: main\n',
    'deb [signed-by=/k.gpg] http://b/debian bookworm main\n',
  ]);
  await t.rejects(hostAptSources(asked, 'trixie'), {
    message: /knows no package lists of Debian trixie/,
    hint: /apt-get update/,
  });
});

t.test('the recipe names no mirror', async (t) => {
  const ctx = testContext();
  t.teardown(ctx.remove);
  for (const name of [
    'packages',
    'programs',
    'applets',
    'init/init.c',
    'init/bridge.c',
    'dropbear-options.h',
    'tools/packages',
    'tools/programs',
  ]) {
    const file = join(ctx.paths.project, 'vm-images/userland', name);
    t.ok(existsSync(file));
    t.notMatch(readFileSync(file, 'utf8'), /https?:/);
  }
});
