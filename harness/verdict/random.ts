// SPDX-License-Identifier: MIT
/** Any would do; a fixed one makes the documents' tables reproducible. */
export const DEFAULT_SEED = 20201219;

/** Numbers from 0 up to 1, the same ones for the same seed on every machine. */
export type Random = () => number;

/** sfc32 (Chris Doty-Humphrey, PractRand), seeded through splitmix32: fast, and good far beyond what is drawn here. */
export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x9e3779b9) >>> 0;
    let z = state;
    z = Math.imul(z ^ (z >>> 16), 0x21f0aaad);
    z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
    return (z ^ (z >>> 15)) >>> 0;
  };
  let [a, b, c, counter] = [next(), next(), next(), 1];
  return () => {
    const sum = (((a + b) >>> 0) + counter) >>> 0;
    counter = (counter + 1) >>> 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) >>> 0;
    c = (((c << 21) | (c >>> 11)) + sum) >>> 0;
    return sum / 2 ** 32;
  };
}

/** A new array in an order that is as likely as any other (Fisher and Yates; Durstenfeld 1964). */
export function shuffled<T>(all: readonly T[], random: Random): T[] {
  const order = [...all];
  for (let last = order.length - 1; last > 0; last--) {
    const drawn = Math.floor(random() * (last + 1));
    [order[last], order[drawn]] = [order[drawn] as T, order[last] as T];
  }
  return order;
}
