// SPDX-License-Identifier: MIT
/** With a real compiler and the real addr2line: a small program stands for vmlinux. */
import {execFileSync} from 'node:child_process';
import {writeFileSync} from 'node:fs';
import {join} from 'node:path';
import t from 'tap';
import {symbolise} from '../../kernel/symbolise.js';
import {testContext} from '../fakes/test-context.js';

const SOURCE = `static inline __attribute__((always_inline)) int inner(volatile int *p)
{
	return *p + 1;
}

int outer(volatile int *p)
{
	return inner(p);
}

int main(void)
{
	int x = 0;
	return outer(&x);
}
`;

function build(folder: string, ...flags: string[]): {arch: 'x86_64'; vmlinux: string; systemMap: string} {
  const [source, vmlinux, systemMap] = ['mm/toy.c', 'vmlinux', 'System.map'].map((name) => join(folder, name));
  if (!source || !vmlinux || !systemMap) throw new Error('no names');
  writeFileSync(source, SOURCE);
  execFileSync('gcc', ['-O1', '-fno-pie', '-no-pie', ...flags, '-o', vmlinux, 'mm/toy.c'], {cwd: folder});
  writeFileSync(systemMap, execFileSync('nm', ['-n', vmlinux]));
  return {arch: 'x86_64', vmlinux, systemMap};
}

t.test('file and line, through inlined functions, in one call', async (t) => {
  const folder = t.testdir({mm: {}});
  const ctx = testContext();
  const kernel = build(folder, '-g');
  const {lines, note} = await symbolise(ctx, kernel, [
    {symbol: 'outer', offset: 1},
    {symbol: 'main', offset: 1},
    {symbol: 'nobody', offset: 1},
  ]);
  t.equal(note, undefined);
  t.match(lines.get('outer+1')?.[0], /^mm\/toy\.c:[37]$/);
  t.match(lines.get('main+1')?.[0], /^mm\/toy\.c:1[0-5]$/);
  t.equal(lines.has('nobody+1'), false);
  const calls = ctx.events.filter((event) => event.type === 'command' && event.line.includes('addr2line'));
  t.equal(calls.length, 1);
});

t.test('without debug information it says so', async (t) => {
  const folder = t.testdir({mm: {}});
  const {lines, note} = await symbolise(testContext(), build(folder, '-g0'), [{symbol: 'main', offset: 1}]);
  t.equal(lines.size, 0);
  t.match(note, /no debug information \(CONFIG_DEBUG_INFO\)/);
});

t.test('nothing to look up calls nobody', async (t) => {
  const ctx = testContext();
  t.same(await symbolise(ctx, {arch: 'x86_64', vmlinux: '/none', systemMap: '/none'}, []), {lines: new Map()});
  t.same(ctx.events, []);
});
