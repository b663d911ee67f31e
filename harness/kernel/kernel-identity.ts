// SPDX-License-Identifier: MIT
import {createHash} from 'node:crypto';
import {createReadStream} from 'node:fs';
import type {KernelBuild} from './kernel-build.js';

/**
 * Equal for two kernels that cannot differ in what they do: then one of them need not be run. It is the hash of the
 * bytes that QEMU boots; user, host, time and version are fixed in every build (`FIXED_WORDS`).
 */
export async function kernelIdentity({arch, image}: Pick<KernelBuild, 'arch' | 'image'>): Promise<string> {
  const hash = createHash('sha256').update(arch);
  for await (const chunk of createReadStream(image, {highWaterMark: 1 << 20})) hash.update(chunk as Uint8Array);
  return hash.digest('hex');
}
