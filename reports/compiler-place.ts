// SPDX-License-Identifier: MIT
import type {BuildRecord, Finding} from '../harness/verdict/results.js';

type Message = BuildRecord['errors'][number];

/** The compiler's message that a finding is about; undefined when it is about none, or the linker said it. */
export function messageOf({kind, title}: Finding, builds: readonly BuildRecord[]): Message | undefined {
  if (kind !== 'new-warning' && kind !== 'build-failed') return undefined;
  return builds
    .flatMap(({errors, newWarnings}) => [...errors, ...newWarnings])
    .find(({file, line, text}) => file !== '' && title.includes(`${file}:${line}`) && title.includes(text));
}
