// SPDX-License-Identifier: MIT
import type {VNode} from 'preact';
import {BOOT_TEST} from '../../harness/suite/attempt.js';
import type {Results} from '../../harness/verdict/results.js';
import {counted, duration} from './words.js';

const MAX_TESTS = 12;

interface Bar {
  name: string;
  seconds: number;
  /** Beside the number. */
  note: string;
  /** Single values, when the bar stands for several. */
  dots?: number[];
}

/** Where the time went: building, booting, testing. Each group has a scale of its own. */
export function Timing({results}: {results: Results}): VNode {
  const groups = [
    {title: 'Kernel builds', bars: buildsOf(results)},
    {title: 'Boots, to the first answer', bars: bootsOf(results)},
    {title: 'Longest tests, all attempts', bars: testsOf(results)},
  ].filter(({bars}) => bars.length > 0);
  return (
    <section id="times" aria-labelledby="times-title">
      <h2 id="times-title">Times</h2>
      <div class="times">
        {groups.map(({title, bars}) => (
          <Group key={title} title={title} bars={bars} />
        ))}
      </div>
    </section>
  );
}

function Group({title, bars}: {title: string; bars: readonly Bar[]}): VNode {
  const most = Math.max(0.1, ...bars.flatMap(({seconds, dots = []}) => [seconds, ...dots]));
  return (
    <table class="bars">
      <caption>{title}</caption>
      <thead class="unseen">
        <tr>
          <th scope="col">what</th>
          <th scope="col">picture</th>
          <th scope="col">time</th>
        </tr>
      </thead>
      <tbody>
        {bars.map(({name, seconds, note, dots = []}) => (
          <tr key={name}>
            <th scope="row">{name}</th>
            <td class="bar">
              <svg viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">
                <rect class="fill" x="0" y="1" width={((100 * seconds) / most).toFixed(2)} height="6" rx="0.5" />
                {dots.map((value, index) => (
                  <rect key={index} class="dot" x={((99.4 * value) / most).toFixed(2)} y="0" width="0.6" height="8" />
                ))}
              </svg>
            </td>
            <td>
              {duration(seconds)} <small>{note}</small>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function buildsOf({builds}: Results): Bar[] {
  return builds.map(({arch, side, seconds, cached, objects, status}) => ({
    name: `${arch} ${side === 'only' ? '' : side}`,
    seconds,
    note: status === 'failed' ? 'failed' : cached ? 'from the cache' : counted(objects, 'object', 'objects'),
  }));
}

function bootsOf({guests}: Results): Bar[] {
  const groups = new Map<string, number[]>();
  for (const {profile, side, bootSeconds} of guests) {
    if (bootSeconds === null) continue;
    const name = `${profile} ${side === 'only' ? '' : side}`;
    groups.set(name, [...(groups.get(name) ?? []), bootSeconds]);
  }
  return [...groups]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, times]) => ({name, seconds: median(times), note: `median of ${times.length}`, dots: times}));
}

function testsOf({attempts = []}: Results): Bar[] {
  const groups = new Map<string, {seconds: number; n: number}>();
  for (const {profile, suite, test, seconds} of attempts) {
    if (test === BOOT_TEST) continue;
    const name = `${profile} ${suite}:${test}`;
    const {seconds: before, n} = groups.get(name) ?? {seconds: 0, n: 0};
    groups.set(name, {seconds: before + seconds, n: n + 1});
  }
  return [...groups]
    .sort(([, a], [, b]) => b.seconds - a.seconds)
    .slice(0, MAX_TESTS)
    .map(([name, {seconds, n}]) => ({name, seconds, note: counted(n, 'attempt', 'attempts')}));
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const [low = 0, high = 0] = sorted.length % 2 === 1 ? [sorted[middle], sorted[middle]] : sorted.slice(middle - 1);
  return (low + high) / 2;
}
