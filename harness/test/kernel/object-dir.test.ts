// SPDX-License-Identifier: MIT
import {existsSync, mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import t from 'tap';
import {parseBuildLog} from '../../kernel/build-log.js';
import {
  allWarnings,
  deleteObjectDir,
  markFinished,
  markUnfinished,
  openObjectDir,
  updateState,
} from '../../kernel/object-dir.js';

const folder = realpathSync(mkdtempSync(join(tmpdir(), 'kverdict-object-dir-')));
t.teardown(() => rmSync(folder, {recursive: true, force: true}));
const sourceDir = join(folder, 'src');
for (const file of ['mm/Kconfig', 'mm/memory.c', 'mm/rmap.c', 'include/linux/mm.h']) {
  mkdirSync(join(sourceDir, file, '..'), {recursive: true});
  writeFileSync(join(sourceDir, file), '');
}
const config = {record: {inputs: 'i', text: 't', absentSymbols: []}, ran: true};
const empty = {format: 1, messages: {}} as const;

t.test('believed only between a finished build and the next one', async (t) => {
  const objectDir = join(folder, 'O');
  t.strictSame(openObjectDir(objectDir), {state: empty, distrusted: false}, 'a new one');
  markUnfinished(objectDir);
  writeFileSync(join(objectDir, 'half.o'), '');
  t.equal(openObjectDir(objectDir).distrusted, true);
  t.strictSame(readdirSync(objectDir), [], 'nothing of a killed build stays');
  markUnfinished(objectDir);
  writeFileSync(join(objectDir, 'whole.o'), '');
  markFinished(objectDir, {format: 1, messages: {'whole.o': []}});
  t.strictSame(openObjectDir(objectDir), {state: {format: 1, messages: {'whole.o': []}}, distrusted: false});
  markUnfinished(objectDir);
  t.equal(openObjectDir(objectDir).distrusted, true, 'a marker beside a good state');
  for (const torn of ['', '{"format":1,"mess', '{"format":2,"messages":{}}', 'null']) {
    writeFileSync(join(objectDir, '.kverdict-state.json'), torn);
    writeFileSync(join(objectDir, 'whole.o'), '');
    t.equal(openObjectDir(objectDir).distrusted, true, `state: ${torn || '<empty>'}`);
    t.notOk(existsSync(join(objectDir, 'whole.o')));
  }
  deleteObjectDir(objectDir);
  deleteObjectDir(objectDir);
  t.notOk(existsSync(objectDir));
});

t.test('what a build printed replaces what its objects printed before, and nothing else', async (t) => {
  const objectDir = join(folder, 'O');
  const parse = (text: string) => parseBuildLog(text, {sourceDir, objectDir});
  const warning = (file: string, line: number): string => `${sourceDir}/${file}:${line}:1: warning: odd\n`;
  const header = `In file included from ${sourceDir}/mm/X:1:\n${warning('include/linux/mm.h', 9)}`;
  const base = updateState(
    empty,
    parse(
      `mm/Kconfig:3:warning: gone by then\n  CC      mm/memory.o\n${warning('mm/memory.c', 5)}${header.replace('X', 'memory.c')}` +
        `  CC      mm/rmap.o\n${warning('mm/rmap.c', 6)}${header.replace('X', 'rmap.c')}  CC      mm/old.o\n${warning('mm/old.c', 1)}`,
    ),
    config,
  );
  t.strictSame(
    allWarnings(base, sourceDir, objectDir).map(({file, line}) => `${file}:${line}`),
    ['mm/Kconfig:3', 'mm/memory.c:5', 'include/linux/mm.h:9', 'mm/rmap.c:6'],
    'a header is named once; mm/old.c is not in the tree',
  );
  const next = updateState(base, parse('  CC      mm/memory.o\n'), config);
  t.strictSame(
    allWarnings(next, sourceDir, objectDir).map(({file, line}) => `${file}:${line}`),
    ['mm/rmap.c:6', 'include/linux/mm.h:9'],
    'what memory.o and Kconfig said before is forgotten',
  );
  const still = updateState(base, parse(''), {...config, ran: false});
  t.match(still.messages[''], [{file: 'mm/Kconfig'}], 'but not what a Kconfig said that was not run');
});
