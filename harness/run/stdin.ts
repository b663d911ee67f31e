// SPDX-License-Identifier: MIT
import {readStream} from '../series/limits.js';

/** All of standard input, for `kverdict verify -`. */
export const readStdin = (): Promise<Uint8Array> => readStream(process.stdin, 'Standard input');
