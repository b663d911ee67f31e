// SPDX-License-Identifier: MIT
import {join} from 'node:path';
import t from 'tap';
import {differs} from '../../suite/differs.js';

t.test('two builds of a suite differ by files, their bytes, what is missing, and tests', (t) => {
  const root = t.testdir({
    one: {cow: 'bytes', sub: {tool: 'x'}},
    same: {cow: 'bytes', sub: {tool: 'x'}},
    bytes: {cow: 'other', sub: {tool: 'x'}},
    more: {cow: 'bytes', sub: {tool: 'x'}, gup: ''},
    deep: {cow: 'bytes', sub: {tool: 'y'}},
  });
  const build = (name: string, missing: string[] = []) => ({
    directory: join(root, name),
    missing: missing.map((program) => ({program, reason: 'r', blame: 'kernel' as const})),
  });
  t.notOk(differs(build('one'), build('same')));
  for (const name of ['bytes', 'more', 'deep']) t.ok(differs(build('one'), build(name)), name);
  t.ok(differs(build('one'), build('same', ['gup'])));
  t.notOk(differs(build('one', ['gup']), build('same', ['gup'])));
  t.ok(differs({...build('one'), tests: []}, {...build('same'), tests: [{name: 't'} as never]}));
  t.ok(differs(build('one'), undefined));
  t.end();
});
