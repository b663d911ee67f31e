// SPDX-License-Identifier: MIT
import t from 'tap';
import {blameForWords, standIn} from '../../suite/not-built.js';

const inTree = (header: string): boolean => header === 'kselftest.h';

t.test('what the host lacks is named, and is no fault of the tree', async (t) => {
  const missing = 'No such file or directory';
  for (const [words, blame, named] of [
    [`ksm_tests.c:9:10: fatal error: numa.h: ${missing}`, 'infra', 'header numa.h'],
    [`mlock-random-test.c:8:10: fatal error: sys/capability.h: ${missing}`, 'infra', 'header sys/capability.h'],
    ["cow.c:3:10: fatal error: 'liburing.h' file not found", 'infra', 'header liburing.h'],
    ['/usr/bin/ld: cannot find -lcap-ng: No such file or directory', 'infra', 'library cap-ng'],
    ['ld.lld: error: unable to find library -lnuma', 'infra', 'library numa'],
    [`a.c:1:10: fatal error: linux/no_such_uapi.h: ${missing}`, 'kernel', undefined],
    [`a.c:1:10: fatal error: ../kselftest_gone.h: ${missing}`, 'kernel', undefined],
    [`a.c:1:10: fatal error: kselftest.h: ${missing}`, 'kernel', undefined],
    ["a.c:4:9: error: 'not_declared' undeclared", 'kernel', undefined],
    ['(.text+0x0): undefined reference to `gone`', 'kernel', undefined],
  ] as const) {
    const found = blameForWords(words, inTree);
    t.equal(found.blame, blame, words);
    t.ok(found.reason.endsWith(words), 'the words are kept');
    if (named === undefined) t.equal(found.reason, words);
    else t.match(found.reason, new RegExp(`no ${named}:`));
  }
});

t.test('a stand-in is one line of shell, whatever the compiler said', async (t) => {
  const script = standIn({program: 'a', reason: "it's `gone` $HOME\nmore"});
  t.match(script, /^#!\/bin\/sh\necho 'a was not built: its `gone` \$HOME'\nexit 4\n$/);
});
