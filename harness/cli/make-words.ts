// SPDX-License-Identifier: MIT

import type {MakeVariables} from '../kernel/kernel-build.js';
import {UsageError} from '../lib/errors.js';
import {redactLine} from '../lib/secrets.js';

/** The words of make that change a kernel; any other `X=y` is more likely a slip than a wish. */
const KNOWN =
  /^(ARCH|CROSS_COMPILE|LLVM|LLVM_IAS|CC|HOSTCC|LD|KCFLAGS|KCPPFLAGS|KAFLAGS|W|CF|C|HOSTCFLAGS|HOSTLDFLAGS)$/;
const WORD = /^([A-Z][A-Z0-9_]*)=(.*)$/s;

/** Takes `VAR=value` words out of a command line, wherever they stand, as make does. */
export function splitMakeWords(argv: readonly string[]): {rest: string[]; variables: MakeVariables} {
  const rest: string[] = [];
  const variables: Record<string, string> = {};
  for (const word of argv) {
    const match = WORD.exec(word);
    if (match === null) {
      rest.push(word);
      continue;
    }
    const [, name = '', value = ''] = match;
    if (!KNOWN.test(name)) {
      throw new UsageError(`\`${redactLine(word)}\` is not a word of make that kverdict passes on`, {
        hint: 'It takes ARCH, CROSS_COMPILE, LLVM, LLVM_IAS, CC, LD, HOSTCC, KCFLAGS, KCPPFLAGS, KAFLAGS, W and C.',
      });
    }
    variables[name] = value;
  }
  return {rest, variables};
}
