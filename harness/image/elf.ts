// SPDX-License-Identifier: MIT
/**
 * Which shared libraries a program asks for. Read from the file itself: the guest's programs may be for another
 * architecture, so ldd cannot run them, and readelf would be one more package to install.
 */
import {InfraError} from '../lib/errors.js';

const PT_LOAD = 1;
const PT_DYNAMIC = 2;
const PT_INTERP = 3;
const DT_NEEDED = 1;
const DT_STRTAB = 5;
/** More than any program asks for. */
const MAX_NEEDED = 1000;
/** Bytes of a path (PATH_MAX). */
const MAX_TEXT = 4096;

interface Segment {
  type: number;
  offset: number;
  address: number;
  size: number;
}

/** The loader's path (`interpreter`) and the sonames (`needed`) of a 64-bit little-endian ELF file; both empty for a static one. @throws RangeError for one that is damaged */
export function readNeeded(name: string, file: Buffer): {interpreter: string | undefined; needed: string[]} {
  if (file.length < 64 || file.readUInt32BE(0) !== 0x7f454c46 || file[4] !== 2 || file[5] !== 1) {
    throw new InfraError(`\`${name}\` is not a 64-bit little-endian ELF file`);
  }
  const segments = readSegments(file);
  const dynamic = segments.find((segment) => segment.type === PT_DYNAMIC);
  const interp = segments.find((segment) => segment.type === PT_INTERP);
  const interpreter = interp && textAt(file, interp.offset);
  if (dynamic === undefined) return {interpreter, needed: []};

  const names: number[] = [];
  let strings = 0;
  for (let at = dynamic.offset; at < dynamic.offset + dynamic.size; at += 16) {
    const tag = Number(file.readBigInt64LE(at));
    const value = Number(file.readBigUInt64LE(at + 8));
    if (tag === 0) break;
    if (tag === DT_NEEDED && names.push(value) > MAX_NEEDED)
      throw new RangeError(`\`${name}\` asks for too many libraries`);
    if (tag === DT_STRTAB) strings = fileOffset(segments, value);
  }
  return {interpreter, needed: names.map((offset) => textAt(file, strings + offset))};
}

function readSegments(file: Buffer): Segment[] {
  const table = Number(file.readBigUInt64LE(32));
  const size = file.readUInt16LE(54);
  return Array.from({length: file.readUInt16LE(56)}, (_, index) => {
    const at = table + index * size;
    return {
      type: file.readUInt32LE(at),
      offset: Number(file.readBigUInt64LE(at + 8)),
      address: Number(file.readBigUInt64LE(at + 16)),
      size: Number(file.readBigUInt64LE(at + 32)),
    };
  });
}

function fileOffset(segments: readonly Segment[], address: number): number {
  const home = segments.find(
    ({type, address: start, size}) => type === PT_LOAD && address >= start && address < start + size,
  );
  return home === undefined ? address : address - home.address + home.offset;
}

function textAt(file: Buffer, offset: number): string {
  const end = file.indexOf(0, offset);
  return file.toString('latin1', offset, Math.min(end === -1 ? file.length : end, offset + MAX_TEXT));
}
