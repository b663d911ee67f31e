// SPDX-License-Identifier: MIT
/**
 * A short run with fixed seeds. The long one is the same with `KVERDICT_INPUTS=1000000`; it also holds the memory.
 */
import fc from 'fast-check';
import t from 'tap';
import {badSelection, type Letter, letters, subjectOf} from './series.js';

const INPUTS = Number(process.env.KVERDICT_INPUTS ?? 5000);
/** MiB, of the whole process. */
const MAX_MEMORY = 400;

t.setTimeout(3_600_000);
t.test(`${INPUTS} mailboxes`, async (t) => {
  const property = fc.property(letters, (given: Letter[]) => {
    const wrong = badSelection(given);
    if (wrong !== undefined) throw new Error(`${wrong}: ${given.map(subjectOf).join(' | ')}`);
  });
  for (let done = 0, seed = 1; done < INPUTS; done += 5000, seed++) {
    const {failed, errorInstance} = fc.check(property, {seed, numRuns: Math.min(5000, INPUTS - done)});
    if (failed) t.fail(`seed ${seed}: ${(errorInstance as Error).message}`);
  }
  t.ok(process.resourceUsage().maxRSS / 1024 < MAX_MEMORY, 'memory is bounded');
});

t.test('the subject of any text is read in bounded time, and nothing throws', async (t) => {
  const words = [
    '[',
    ']',
    'PATCH',
    'v2',
    '1/2',
    'Re:',
    ':',
    '答复：',
    ' ',
    '/',
    '-',
    '9'.repeat(400),
    '\t',
    'of',
    '5.10',
    '[PATCH',
  ];
  const text = fc.array(fc.oneof(fc.constantFrom(...words), fc.string({maxLength: 4})), {maxLength: 60});
  const {parseSubject} = await import('../../series/subject.js');
  const {failed, errorInstance} = fc.check(
    fc.property(text, (parts) => {
      const before = performance.now();
      const subject = parseSubject(parts.join(''));
      if (!Number.isSafeInteger(subject.version)) throw new Error(`version ${subject.version}`);
      if (performance.now() - before > 500) throw new Error('it took more than 500 ms');
    }),
    {seed: 1, numRuns: 5000},
  );
  t.notOk(failed, String(errorInstance));
});
