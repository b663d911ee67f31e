// SPDX-License-Identifier: MIT
import {type Location, locationKey, symbolise} from '../kernel/symbolise.js';
import type {Context} from '../lib/context.js';
import type {SplatRecord} from '../verdict/splat-records.js';
import {kernelKey, type Lab} from './lab.js';

/** Kernels by what they are called in the results. */
type Named = Pick<Lab, 'kernels' | 'nameOf' | 'archOf'>;

/**
 * Puts file and line to the frames of what kernels said: one call of addr2line a kernel. For the report alone; what
 * makes two reports the same one are functions.
 *
 * @returns why there are none, a kernel a line
 */
export async function symboliseSplats(ctx: Context, lab: Named, splats: readonly SplatRecord[]): Promise<string[]> {
  const notes: string[] = [];
  for (const [key, kernel] of lab.kernels) {
    const own = splats.filter(({profile, side}) =>
      (['base', 'patched'] as const).some(
        (one) => lab.nameOf(one) === side && key === kernelKey(lab.archOf(profile), one),
      ),
    );
    const frames = own.flatMap((splat) => splat.frames.filter(({module}) => module === undefined));
    const asked = new Map(frames.map((frame) => [keyOf(frame), {symbol: frame.name, offset: frame.offset}]));
    if (asked.size === 0) continue;
    const {lines, note} = await symbolise(ctx, kernel, [...asked.values()] satisfies Location[]);
    if (note !== undefined) notes.push(`${key}: ${note}`);
    for (const frame of frames) {
      const at = lines.get(keyOf(frame));
      if (at !== undefined) frame.at = at;
    }
  }
  return notes;
}

const keyOf = ({name, offset}: {name: string; offset: number}): string => locationKey({symbol: name, offset});
