// SPDX-License-Identifier: MIT
import t from 'tap';
import {cleanLine, cleanText, clip, lastLines} from '../../lib/text.js';

t.test('what a guest prints cannot act on a terminal', async (t) => {
  t.equal(cleanText('\u001b[31mred\u001b[0m'), 'red', 'colours go');
  t.equal(cleanText('a\u001b]0;title\u0007b'), 'ab', 'window titles go');
  t.equal(cleanText('a\u0000b\u0007\u007f'), 'a␀b␇␡', 'control characters are seen');
  t.equal(cleanText('x\u202egnp.exe'), 'x\\u{202e}gnp.exe', 'a right-to-left override is seen');
  t.equal(cleanText('a\r\nb\rc'), 'a\nb␍c', 'a lone CR does not overwrite the line');
  t.equal(cleanText('\ud800x\udc00'), '\ufffdx\ufffd', 'lone surrogates');
  t.equal(cleanText('mm: 😀 größer\tτ\n'), 'mm: 😀 größer\tτ\n', 'text stays');
});

t.test('every character of the first plane is harmless afterwards, and cleaning twice changes nothing', async (t) => {
  const bad: string[] = [];
  for (let code = 0; code <= 0xffff; code++) {
    const once = cleanText(`a${String.fromCharCode(code)}b`);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: the point of the test
    if (/[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufffe\uffff]|\p{Cs}/u.test(once))
      bad.push(code.toString(16));
    if (cleanText(once) !== once) bad.push(`twice ${code.toString(16)}`);
  }
  t.same(bad, []);
});

t.test('one line, and at most so long', async (t) => {
  t.equal(cleanLine('  a\n\t b  '), 'a b');
  t.equal(clip('abcdef', 4), 'abc…');
  t.equal(clip('abc', 3), 'abc');
  t.equal(clip('a😀b', 3), 'a…', 'never half a character');
});

t.test('the end of what a program printed', async (t) => {
  t.equal(lastLines('a\nb\nc\n\n', 2), 'b\nc');
  t.equal(lastLines('a', 2), 'a');
  t.equal(lastLines(' \n', 2), '<it printed nothing>');
});
