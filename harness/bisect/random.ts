// SPDX-License-Identifier: MIT

/** Numbers from 0 to 1 that depend on the seed alone (xorshift32, Marsaglia 2003, behind a multiplicative hash). */
export function createRandom(seed: number): () => number {
  let state = Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) | 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}
