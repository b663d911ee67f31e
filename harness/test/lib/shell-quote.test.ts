// SPDX-License-Identifier: MIT
import {execFileSync} from 'node:child_process';
import t from 'tap';
import {shellLine, shellQuote} from '../../lib/shell-quote.js';

t.test('a real shell reads every word back as it was', (t) => {
  const words = ['plain', 'a b', "it's", '$HOME `id` "x"', '', '*', 'new\nline', '~', '-t', 'a=b;c', '\\', '#x'];
  const out = execFileSync('sh', ['-c', `printf '%s\\0' ${words.map(shellQuote).join(' ')}`], {encoding: 'utf8'});
  t.same(out.split('\0').slice(0, -1), words);
  t.end();
});

t.test('environment first', (t) => {
  t.equal(shellLine(['make', '-j2'], {KCFLAGS: '-g -O1'}), `KCFLAGS='-g -O1' make -j2`);
  t.end();
});
