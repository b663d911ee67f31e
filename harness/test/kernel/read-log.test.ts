// SPDX-License-Identifier: MIT
import {mkdtempSync, rmSync, truncateSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import t from 'tap';
import {buildSeconds, refuseEndless} from '../../kernel/build-limits.js';
import {logEnds, logLines, MAX_LOG_BYTES, readBuildLog} from '../../kernel/read-log.js';
import {InfraError, KernelError, UserError} from '../../lib/errors.js';

const folder = mkdtempSync(join(tmpdir(), 'kverdict-log-'));
t.teardown(() => rmSync(folder, {recursive: true, force: true}));
const log = join(folder, 'log');
const tree = {sourceDir: '/src', objectDir: '/O'};

t.test('lines come as split would give them, whatever the pieces', async (t) => {
  const text = `${'ä'.repeat(600_000)}\nshort\n\n${'x\n'.repeat(20_000)}end`;
  writeFileSync(log, text);
  const [first = '', ...others] = [...logLines(log, 0)].slice(-4);
  t.same([first, ...others], ['x', 'x', 'x', 'end']);
  writeFileSync(log, 'skipped\n  CC      mm/a.o\nlast\n');
  t.same([...logLines(log, 8)], ['  CC      mm/a.o', 'last', '']);
  t.same([...logLines(join(folder, 'none'), 0)], []);
});

t.test('a line without an end comes in pieces', async (t) => {
  writeFileSync(log, 'y'.repeat(3_000_000));
  const lengths = [...logLines(log, 0)].map((line) => line.length);
  t.equal(Math.max(...lengths) <= 64 * 1024, true);
  t.equal(
    lengths.reduce((sum, one) => sum + one, 0),
    3_000_000,
  );
});

t.test('the ends of a log', async (t) => {
  writeFileSync(log, 'all of it');
  t.equal(logEnds(log), 'all of it');
  writeFileSync(log, `begin${'.'.repeat(3_000_000)}end`);
  t.match(logEnds(log), /^begin\.+\n\.+end$/);
  t.equal(logEnds(log).length, 2 * 512 * 1024 + 1);
  t.equal(logEnds(join(folder, 'none')), '');
});

const refusal = (): string => {
  try {
    readBuildLog(log, 0, tree);
  } catch (error) {
    return error instanceof KernelError ? error.message : String(error);
  }
  return 'it was read';
};

t.test('a log that no build prints is refused, with the limit', async (t) => {
  writeFileSync(log, '');
  truncateSync(log, MAX_LOG_BYTES + 10);
  t.equal(refusal(), 'The build printed 67108874 bytes; kverdict reads at most 67108864 bytes of one');
  const objects = Array.from({length: 200_002}, (_, at) => `  CC      mm/${at}.o\n`);
  writeFileSync(log, objects.join(''));
  t.equal(refusal(), 'The build printed more than 200000 objects; kverdict reads at most that many of one');
});

t.test("make's own last words", async (t) => {
  writeFileSync(log, 'make[1]: *** [Makefile:3: all] Error 2\nmake: *** [Makefile:9: x] Error 1\n');
  t.equal(readBuildLog(log, 0, tree).stopped, '[Makefile:3: all] Error 2');
});

t.test('how long a command may run', async (t) => {
  t.equal(buildSeconds({}), 4 * 60 * 60);
  t.equal(buildSeconds({KVERDICT_BUILD_MINUTES: '10'}), 600);
  for (const odd of ['-1', '0', 'x', '1e9']) {
    t.throws(
      () => buildSeconds({KVERDICT_BUILD_MINUTES: odd}),
      new UserError(`Expected \`KVERDICT_BUILD_MINUTES\` to be minutes, from above 0 to 10080, got \`${odd}\``),
    );
  }
});

t.test('what would not end: printing is the tree, waiting may be the host', async (t) => {
  const done = {timedOut: false, flooded: false, seconds: 7.4};
  t.doesNotThrow(() => refuseEndless('make x', done, log));
  t.throws(() => refuseEndless('make x', {...done, flooded: true}, log), {
    name: KernelError.name,
    message: '`make x` printed without end and was stopped after 7 s',
  });
  t.throws(() => refuseEndless('make x', {...done, timedOut: true}, log), {name: InfraError.name});
});
