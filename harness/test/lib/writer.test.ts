// SPDX-License-Identifier: MIT
import fc from 'fast-check';
import t from 'tap';
import {breakCommands, jsonText, markup, plain, screen} from '../../lib/writer.js';
import {ACTING, commandsIn} from '../fakes/ci-systems.js';

/** Pieces of what acts, in any order, with any text between. */
const PIECES = [
  ...[
    '::',
    ':',
    '::error::x',
    '::set-output name=v::',
    '::stop-commands::',
    '\n',
    '\r',
    '\r\n',
    ' ',
    '\t',
    '\u0085',
    '\u00a0',
  ],
  ...[
    '##[',
    '##',
    '#',
    '[',
    ']',
    '##[set-output name=v;]',
    '##vso[',
    '##VSO[task.setvariable variable=x]y',
    '##teamcity[',
  ],
  ...[
    'section_start:1:x\r\u001b[0K',
    '\u001b]0;title\u0007',
    '\u001b]52;c;eA==\u001b\\',
    '\u009d0;x\u009c',
    '\u001b[2J',
  ],
  ...[
    '\u001b',
    '\u001b[',
    '\u001b[31m',
    '\u001b[0m',
    '\u001b[8m',
    '\u202e',
    '\u200b',
    '\u2028',
    '\ufeff',
    '\u0000',
    '\ud800',
  ],
  ...['\u{e0041}', 'ä', '"', '\\', '<', '&'],
];
const hostile = fc
  .array(fc.oneof({weight: 4, arbitrary: fc.constantFrom(...PIECES)}, fc.string({unit: 'binary', maxLength: 4})), {
    maxLength: 30,
  })
  .map((parts) => parts.join(''));
const RUNS = {numRuns: 800};

t.test('whatever comes in, nothing that acts comes out', async (t) => {
  t.doesNotThrow(() =>
    fc.assert(
      fc.property(hostile, (text) => {
        const out = plain(text);
        return !ACTING.test(out) && commandsIn(out).length === 0 && plain(out) === out;
      }),
      RUNS,
    ),
  );
});

t.test('of a screen only colours stay', async (t) => {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the colours
  const COLOURS = /\u001b\[(?:[0-4]|2[234]|3\d|9[0-7])m/g;
  t.doesNotThrow(() =>
    fc.assert(
      fc.property(hostile, (text) => {
        const out = screen(text);
        return !ACTING.test(out.replace(COLOURS, '')) && commandsIn(out).length === 0;
      }),
      RUNS,
    ),
  );
  t.equal(screen('\u001b[31mred\u001b[0m \u001b[8mhidden'), '\u001b[31mred\u001b[0m hidden');
});

t.test('JSON says the same, and can be printed anywhere', async (t) => {
  t.doesNotThrow(() =>
    fc.assert(
      fc.property(fc.array(hostile), fc.constantFrom(0, 2), (texts, indent) => {
        const out = jsonText({texts}, indent);
        const same = JSON.stringify(JSON.parse(out)) === JSON.stringify({texts});
        return same && !ACTING.test(out) && commandsIn(out).length === 0;
      }),
      {numRuns: 200},
    ),
  );
});

t.test('markup reads as before, but for a CI system', async (t) => {
  t.equal(markup('<p>\n::error::x ##[group]</p>'), '<p>\n&#58;:error::x #&#35;[group]</p>');
  t.equal(markup('<style>\n::selection{}</style>\n::x'), '<style>\n::selection{}</style>\n&#58;:x');
});

t.test('ordinary text is left alone', async (t) => {
  for (const text of ['mm::fault', 'a ## b', '## Heading', 'std::string [x]', 'ok 1 # SKIP', ':: no end'.slice(3)]) {
    t.equal(breakCommands(text), text);
  }
  t.equal(breakCommands('  ::error::x\n##[set-output name=a;]b'), '  : :error::x\n# #[set-output name=a;]b');
});
