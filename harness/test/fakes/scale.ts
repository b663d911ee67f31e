// SPDX-License-Identifier: MIT
import type {Limit, Scale} from '../../machine/host-pace.js';

/** Limits that are `factor` times as long, whatever the host. */
export const times =
  (factor: number): Scale =>
  (seconds) => ({seconds: seconds * factor, because: `${seconds} s x ${factor}`});

/** A limit of so many seconds. */
export const limitOf = (seconds: number): Limit => times(1)(seconds);
