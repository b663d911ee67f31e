// SPDX-License-Identifier: MIT
import t from 'tap';
import {splitMakeWords} from '../../cli/make-words.js';
import {UsageError} from '../../lib/errors.js';

t.test('words of make are taken out wherever they stand', (t) => {
  const {rest, variables} = splitMakeWords(['verify', 'LLVM=1', 'a.mbox', 'KCFLAGS=-g -O1', '--runs', '3']);
  t.same(rest, ['verify', 'a.mbox', '--runs', '3']);
  t.same(variables, {LLVM: '1', KCFLAGS: '-g -O1'});
  t.end();
});

t.test('paths and options with an equals sign are left alone', (t) => {
  t.same(splitMakeWords(['--out=x', './A=b.mbox', 'a=b']).rest, ['--out=x', './A=b.mbox', 'a=b']);
  t.end();
});

t.test('a word that make would ignore silently is refused', (t) => {
  t.throws(() => splitMakeWords(['KCFLAG=-g']), UsageError);
  t.throws(() => splitMakeWords(['MY_TOKEN=S3CRET']), {
    message: '`MY_TOKEN=***` is not a word of make that kverdict passes on',
  });
  t.end();
});
