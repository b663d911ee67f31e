// SPDX-License-Identifier: MIT
import type {Status} from './result.js';

/** Best to worst: of two claims for one result, the one further down counts. */
const ORDER: readonly Status[] = ['pass', 'xfail', 'skip', 'xpass', 'fail', 'error', 'missing', 'timeout', 'crash'];

/** The worse of two. */
export function worse(a: Status, b: Status): Status {
  return ORDER.indexOf(a) >= ORDER.indexOf(b) ? a : b;
}

/** True for what no test should be; `skip` and `xfail` are neither a success nor this. */
export function isFailure(status: Status): boolean {
  return ORDER.indexOf(status) >= ORDER.indexOf('xpass');
}
